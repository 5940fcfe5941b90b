// SPDX-License-Identifier: MIT
// The sections of the page besides pictures and tasks.
import { button, element, section, tableOf } from './dom.js';
import { figureOf } from './figure.js';
import { duration, extent, plural, shown, withError } from './numbers.js';
import { columnsOf, stateChip } from './tasks.js';

const failing = (states) => Object.entries(states).filter(([state]) => !['done', 'pending'].includes(state));

function lasted(report) {
  const seconds = (Date.parse(`${report.ended.replace(' ', 'T')}Z`) - Date.parse(`${report.began.replace(' ', 'T')}Z`)) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}

// One line: what became of the tasks, and how long it took.
function verdict(report) {
  const failed = failing(report.states);
  const done = report.states.done ?? 0;
  const pending = report.states.pending ?? 0;
  const good = done === report.tasks;
  const words = [`${plural(done, 'task')} done`, ...failed.map(([state, count]) => `${count.toLocaleString('en')} ${state.replaceAll('_', ' ')}`),
    pending ? `${pending.toLocaleString('en')} not yet computed` : null].filter(Boolean);
  const wall = lasted(report);
  return element('p', { class: 'verdict' },
    element('span', { class: `chip ${good ? 'good' : failed.length ? 'bad' : 'open'}` }, good ? '✓ complete' : failed.length ? '✗ with failures' : report.status),
    element('strong', {}, words.join(', ')),
    element('span', {}, `computed in ${duration(report.task_seconds)}${wall !== null ? `, the last session took ${duration(Math.max(1, wall))}` : ''}`),
    element('span', {}, report.ended ? `ended ${report.ended} UTC` : `began ${report.began} UTC`));
}

const flat = (value) => (Array.isArray(value) ? value.map(flat).join(', ') : value !== null && typeof value === 'object' ? JSON.stringify(value) : shown(value, 8));

function asked(report) {
  const { asked: given, table } = report;
  const facts = [['script', given.script || '–']];
  if (given.arguments.length) facts.push(['arguments', given.arguments.join(' ')]);
  facts.push(['seed of the run', String(given.seed)]);
  for (const name of given.swept) {
    const column = table.columns.find((one) => one.name === name);
    const values = column ? [...new Set(column.values ?? column.dictionary)].filter((v) => v !== null) : [];
    const span = column?.type === 'number' ? extent(values) : null;
    if (span) values.sort((a, b) => a - b);
    facts.push([`${name} (swept)`, values.length <= 8 ? values.map((v) => shown(v)).join(', ')
      : span ? `${plural(values.length, 'value')} from ${shown(span[0])} to ${shown(span[1])}` : plural(values.length, 'value')]);
  }
  for (const [name, value] of Object.entries(given.parameters ?? {})) facts.push([name, flat(value)]);
  return element('dl', { class: 'asked', 'aria-label': 'What was asked' },
    facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

export function header(report, themeButton, links) {
  return element('header', {},
    element('div', { class: 'title' }, element('h1', {}, report.name), element('span', { class: 'note' }, `run ${report.run}`), themeButton),
    verdict(report), asked(report),
    element('nav', { 'aria-label': 'Sections' }, links.map(([id, text]) => element('a', { href: `#${id}` }, text))));
}

export function pictures(report) {
  if (report.pictures.length === 0) return null;
  return section('plots', 'Plots', element('div', { class: 'figures' }, report.pictures.map((picture) => figureOf(picture))));
}

export function scorecard(report) {
  if (report.scorecard.length === 0) return null;
  const passed = report.scorecard.filter((row) => row.verdict === 'pass').length;
  const rows = report.scorecard.map((row) => [row.name, row.wanted, row.ours,
    element('span', { class: `chip ${row.verdict === 'pass' ? 'good' : 'bad'}` }, row.verdict === 'pass' ? '✓ pass' : `✗ ${row.verdict}`)]);
  return section('scorecard', 'Scorecard', element('p', { class: 'note' }, `${passed} of ${plural(report.scorecard.length, 'row')} pass.`),
    tableOf('Scorecard', ['case', 'wanted', 'ours', 'verdict'], rows, false));
}

export function statistics(report) {
  const { points, parameters, results, of } = report.statistics;
  if (!points) return null;
  const order = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true }));
  points.sort((a, b) => a.point.map((value, i) => order(value, b.point[i])).find(Boolean) ?? 0);
  const rows = points.map((point) => [...point.point.map((value) => shown(value)), String(point.tasks),
    ...results.map((_, i) => withError(point.mean[i], point.standard_error[i]))]);
  if (parameters.length === 0) for (const row of rows) row.unshift('all');
  return section('statistics', 'Means', element('p', { class: 'note' },
    `Mean ± standard error over the tasks of a point that are done${of > points.length ? `; the first ${points.length} of ${of} points` : ''}.`),
  tableOf('Means of results', [...(parameters.length ? parameters : ['point']), 'tasks', ...results], rows));
}

export function failures(report, openTask) {
  if (report.failures.length === 0) return null;
  return section('failures', 'Failures', element('ul', { class: 'failures' }, report.failures.map((cause) => element('li', {},
    element('p', {}, stateChip(cause.state), ' ', element('strong', {}, plural(cause.tasks.length, 'task')), ': ', cause.message || 'no message'),
    cause.hint ? element('p', { class: 'note' }, `Hint: ${cause.hint}`) : null,
    cause.output ? element('details', {}, element('summary', {}, `What task ${cause.tasks[0]} printed`), element('pre', { tabindex: 0 }, cause.output)) : null,
    element('p', { class: 'note' }, 'Tasks: ', cause.tasks.slice(0, 12).map((task) => [button(String(task), () => openTask(task - 1), { class: 'link', 'aria-label': `Task ${task} in full` }), ' ']),
      cause.tasks.length > 12 ? `and ${cause.tasks.length - 12} more` : null)))));
}

// A task by what was swept: "coupling 0.5, seed 3"; by its number where that is too long.
function nameOf(report, task) {
  const swept = columnsOf(report.table).filter((column) => column.swept || column.name === 'replicate');
  const name = swept.map((column) => (column.type === 'text' ? '' : `${column.name} `) + shown(column.values[task - 1])).join(', ');
  return name && name.length <= 40 ? name : `task ${task}`;
}

// Loss curves: one picture a metric; falling ones on a logarithmic axis.
export function curves(report) {
  const { names, tasks, ended, thinned } = report.curves;
  if (names.length === 0) return null;
  const figures = names.map(({ name, series }) => {
    const all = series.flatMap((one) => one.values);
    const span = extent(all);
    const log = span !== null && span[0] > 0 && span[1] / span[0] > 30;
    return figureOf({ kind: 'line', title: name, x: { label: 'step' }, y: { label: name.split(' ').at(-1), log },
      curves: series.map((one) => ({ name: series.length > 1 ? nameOf(report, one.task) : '', mark: 'line', x: one.steps, y: one.values })) });
  });
  const notes = [tasks < ended ? `${plural(tasks, 'task')} of ${ended.toLocaleString('en')}, spread evenly` : null, thinned ? 'long series show 500 of their points' : null].filter(Boolean);
  return section('curves', 'While they ran', notes.length ? element('p', { class: 'note' }, `${notes.join('; ')}.`) : null,
    element('div', { class: 'figures' }, figures));
}

const codeBlock = (title, text) => element('details', {}, element('summary', {}, title), element('pre', { class: 'code', tabindex: 0 }, text));

function dataList(sets) {
  if (sets.length === 0) return null;
  return [element('h3', {}, 'Data'), element('ul', {}, sets.map((set) => (set.problem ? element('li', {}, set.problem) : element('li', {},
    element('strong', {}, set.name), `: ${set.summary}. Licence: ${set.licence}. ${set.citation}. ${set.address}`,
    element('details', {}, element('summary', {}, 'SHA-256 of the files'), element('pre', { tabindex: 0 }, set.files.map((file) => `${file.sha256}  ${file.name}`).join('\n')))))))];
}

export function provenance(report) {
  const { origin, redo } = report;
  const all = ['espalier', redo.words[1], redo.words[2], ...report.asked.arguments, '--seed', String(redo.seed)].join(' ');
  const facts = Object.entries(origin.facts).flatMap(([name, value]) => (value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).map(([inner, v]) => [inner, flat(v)]) : [[name, flat(value)]]));
  const told = facts.filter(([, value]) => value !== '');
  return section('provenance', 'Provenance',
    element('p', {}, 'The run again; finished tasks are not computed twice. A click on the number of a task shows its own command.'),
    element('pre', { class: 'command', tabindex: 0 }, all),
    report.asked.plan ? codeBlock('The plan', report.asked.plan) : null,
    origin.text ? codeBlock(`${origin.script}, as it was run`, origin.text) : null,
    origin.modules.map((module) => codeBlock(`${module.name}, a module`, module.text)),
    origin.plugins.length ? [element('h3', {}, 'Plugins that were called'),
      tableOf('Plugins', ['plugin', 'instruction set', 'build', 'SHA-256'], origin.plugins.map((plugin) => [plugin.plugin, plugin.isa ?? '–', plugin.build ?? '–',
        element('code', {}, plugin.sha256 ?? 'not known')]), false)] : null,
    dataList(origin.data), element('h3', {}, 'Program and machine'),
    element('dl', { class: 'facts' }, told.map(([name, value]) => element('div', {}, element('dt', {}, name.replaceAll('_', ' ')), element('dd', {}, value)))));
}
