// SPDX-License-Identifier: MIT
// The page of a report, made from the document that lies in it.
import { theme } from './colours.js';
import { button, element } from './dom.js';
import { redrawAll } from './figure.js';
import * as parts from './parts.js';
import { tasksSection } from './tasks.js';

const report = JSON.parse(document.getElementById('document').textContent);

function themeSwitch() {
  const name = () => (theme() === 'dark' ? 'Light' : 'Dark');
  const change = button(name(), () => {
    document.documentElement.dataset.theme = theme() === 'dark' ? 'light' : 'dark';
    changed();
  }, { class: 'theme' });
  const changed = () => {
    change.textContent = name();
    redrawAll();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  return change;
}

const tasks = tasksSection(report);
const sections = [parts.pictures(report), parts.scorecard(report), parts.statistics(report), tasks.element,
  parts.failures(report, tasks.open), parts.curves(report), parts.provenance(report)].filter(Boolean);
const links = sections.map((one) => [one.id, one.querySelector('h2').textContent]);

document.body.append(element('a', { class: 'skip', href: '#content' }, 'To the content'),
  parts.header(report, themeSwitch(), links),
  element('main', { id: 'content', tabindex: -1 }, sections),
  element('footer', {}, 'Made by Espalier. This file is complete: it loads nothing.'));
document.documentElement.dataset.ready = 'true';
