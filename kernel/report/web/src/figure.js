// SPDX-License-Identifier: MIT
// One picture with its title, its caption, its numbers as a table, and its file.
import { cellsChart } from './cells_chart.js';
import { curveChart } from './curve_chart.js';
import { button, download, element, tableOf } from './dom.js';
import { networkChart } from './network_chart.js';
import { plural, shown } from './numbers.js';

const mostRows = 400; // of the numbers of a picture
const charts = new Set();

// What a listener hears instead of the picture.
function summary(picture) {
  const title = picture.title || picture.kind.replaceAll('_', ' ');
  const axes = [picture.y?.label, picture.x?.label].filter(Boolean).join(' against ');
  const parts = picture.curves ? picture.curves.map((curve) => `${curve.name || 'curve'}, ${plural(curve.y.length, 'value')}`)
    : picture.cells ? picture.cells.map((panel) => `${panel.title ? `${panel.title}, ` : ''}${panel.rows} by ${panel.columns} cells`)
      : [`${plural(picture.network.x.length, 'node')}, ${plural(picture.network.from?.length ?? 0, 'edge')}`];
  const told = parts.length > 8 ? [...parts.slice(0, 8), `${parts.length - 8} more`] : parts;
  return [title, axes, ...told, picture.caption].filter(Boolean).join('. ');
}

function numbersOf(picture) {
  if (picture.network) {
    const { network } = picture;
    const name = (i) => network.labels?.[i] || String(i + 1);
    return { headings: ['edge', 'from', 'to', 'width', 'class'].slice(0, network.edge_class ? 5 : network.width ? 4 : 3),
      count: network.from.length,
      row: (i) => [String(i + 1), name(network.from[i]), name(network.to[i]), shown(network.width?.[i]),
        network.classes?.[network.edge_class?.[i]] ?? ''] };
  }
  if (picture.cells) {
    const panels = picture.cells;
    const sizes = panels.map((panel) => panel.values.length);
    return { headings: ['panel', 'row', 'column', picture.colour?.label || 'value'], count: sizes.reduce((a, b) => a + b, 0),
      row: (i) => {
        let p = 0;
        while (i >= sizes[p]) i -= sizes[p++];
        return [panels[p].title || String(p + 1), String(Math.floor(i / panels[p].columns) + 1), String(i % panels[p].columns + 1), shown(panels[p].values[i])];
      } };
  }
  const rows = picture.curves.flatMap((curve) => curve.y.map((_, i) => [curve, i]));
  const bounds = picture.curves.some((curve) => curve.low);
  const spreads = picture.curves.some((curve) => curve.spreads);
  return { headings: ['curve', picture.x?.label || 'x', picture.y?.label || 'y', ...(bounds ? ['low', 'high'] : []),
    ...(spreads ? ['lower quartile', 'upper quartile'] : [])], count: rows.length,
  row: (k) => {
    const [curve, i] = rows[k];
    return [curve.name || curve.labels?.[i] || '', picture.x?.categories?.[curve.x[i]] ?? shown(curve.x[i]), shown(curve.y[i]),
      ...(bounds ? [shown(curve.low?.[i]), shown(curve.high?.[i])] : []),
      ...(spreads ? [shown(curve.spreads?.[i].lower), shown(curve.spreads?.[i].upper)] : [])];
  } };
}

function numbersTable(picture, title) {
  const { headings, count, row } = numbersOf(picture);
  const rows = Array.from({ length: Math.min(count, mostRows) }, (_, i) => row(i).slice(0, headings.length));
  const note = count > mostRows ? element('p', { class: 'note' }, `The first ${mostRows} of ${plural(count, 'row')}; 'espalier report --json' has all.`) : null;
  return element('div', { class: 'numbers' }, tableOf(`Numbers of ${title}`, headings, rows), note);
}

// A picture that could not be drawn says why.
function problemFigure(picture) {
  return element('figure', { class: 'problem' }, element('figcaption', {}, element('h3', {}, 'A plot that cannot be drawn')),
    element('p', {}, picture.problem), picture.hint ? element('p', { class: 'note' }, picture.hint) : null);
}

// Drawn when it comes near the window. The figure lists itself for redraws.
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) entry.target.drawNow();
}, { rootMargin: '600px' });

// The document leaves out what is empty.
function complete(picture) {
  for (const curve of picture.curves ?? []) {
    curve.x ??= [];
    curve.y ??= [];
    curve.name ??= '';
  }
  for (const panel of picture.cells ?? []) panel.values ??= [];
  if (picture.network) for (const list of ['x', 'y', 'from', 'to']) picture.network[list] ??= [];
  if (!picture.cells && !picture.network) picture.curves ??= [];
}

export function figureOf(picture, extraButtons = []) {
  if (picture.problem) return problemFigure(picture);
  complete(picture);
  const title = picture.title || picture.kind.replaceAll('_', ' ');
  const box = element('div', { class: picture.curves ? 'chart curves' : 'chart', role: picture.cells ? 'group' : 'img', 'aria-label': summary(picture) });
  const wide = picture.network?.x.length > 400 || picture.cells?.length > 1;
  let chart = null;
  let numbers = null;
  const toggle = button('Numbers', () => {
    numbers ??= numbersTable(picture, title);
    const open = !numbers.isConnected;
    if (open) figure.append(numbers);
    else numbers.remove();
    toggle.setAttribute('aria-expanded', String(open));
  }, { 'aria-expanded': 'false', 'aria-label': `Numbers of ${title}` });
  const save = button('PNG', async () => {
    box.drawNow();
    const bytes = Uint8Array.from(atob(chart.image().split(',')[1]), (c) => c.charCodeAt(0));
    download(`${title.replaceAll(/[^\w.-]+/g, '-')}.png`, bytes, 'image/png');
  }, { 'aria-label': `Save ${title} as PNG` });
  const figure = element('figure', { class: wide ? 'wide' : null, 'data-kind': picture.kind },
    element('figcaption', {}, element('h3', {}, title),
      element('div', { class: 'buttons' }, extraButtons, toggle, save)),
    box, picture.caption ? element('p', { class: 'note' }, picture.caption) : null,
    picture.from && picture.from !== 'the experiment' ? element('p', { class: 'note' }, `Returned by ${picture.from}${picture.path ? ` as ${picture.path}` : ''}.`) : null);
  box.drawNow = () => {
    if (chart || !box.isConnected) return;
    near.unobserve(box);
    const draw = picture.curves ? curveChart : picture.cells ? cellsChart : networkChart;
    chart = draw(box, picture);
    charts.add(chart);
    box.dataset.drawn = 'true';
  };
  near.observe(box);
  return figure;
}

export function redrawAll() {
  for (const chart of charts) chart.redraw();
}

addEventListener('beforeprint', () => {
  for (const box of document.querySelectorAll('.chart')) box.drawNow?.();
});
