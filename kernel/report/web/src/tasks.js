// SPDX-License-Identifier: MIT
// The table of tasks: sorted, filtered, a page at a time; a task in full with its command.
import { button, download, element, section } from './dom.js';
import { filterOf, sorted } from './filter.js';
import { extent, plural, shown } from './numbers.js';

const pageRows = 50;

// Columns with their cells: a dictionary is put back into place.
export function columnsOf(table) {
  return table.columns.map((column) => ({ ...column,
    values: column.values ?? column.codes.map((code) => column.dictionary[code]) }));
}

const spread = (values) => {
  const found = extent(values);
  return found !== null && found[0] < found[1];
};
const constant = (column) => column.values.every((value) => value === column.values[0]);

// Shell words: what a shell could take for something else stands in quotes.
const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function commandOf(redo, columns, row) {
  const value = (name) => columns.find((column) => column.name === name)?.values[row];
  const words = [...redo.words, ...redo.fixed];
  for (const name of redo.swept) if (value(name) !== undefined && value(name) !== null) words.push(`${name}=${value(name)}`);
  words.push('--seed', String(redo.seed));
  const replicate = value('replicate');
  if (replicate > 0) words.push('--replicates', String(replicate + 1));
  return words.map(word).join(' ');
}

export function csvOf(columns, rows) {
  const cell = (value, type) => {
    if (value === null || value === undefined) return '';
    if (type === 'number') return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value; // a spreadsheet would compute it
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map((column) => cell(column.name, 'text')).join(',')];
  for (const row of rows) lines.push(columns.map((column) => cell(column.values[row], column.type)).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

export const stateChip = (state) => element('span', { class: `chip ${state === 'done' ? 'good' : state === 'pending' ? 'open' : 'bad'}` }, state.replaceAll('_', ' '));

class TaskTable {
  constructor(report) {
    this.report = report;
    this.all = columnsOf(report.table);
    this.order = null; // { column, descending }
    this.page = 0;
    this.everything = false;
    this.test = () => true;
    this.filter = element('input', { id: 'filter', type: 'search', autocomplete: 'off', spellcheck: 'false',
      placeholder: this.example(), on: { input: () => this.ask() } });
    this.status = element('span', { role: 'status' });
    this.head = element('thead');
    this.body = element('tbody');
    this.earlier = button('Earlier', () => this.turn(-1));
    this.later = button('Later', () => this.turn(1));
    this.dialog = element('dialog', { 'aria-labelledby': 'task-title' });
    this.build();
  }

  example() {
    const numeric = this.all.find((column) => column.type === 'number' && column.role === 'result' && spread(column.values)) ?? this.all[0];
    const [low, high] = extent(numeric.values) ?? [0, 1];
    return `${numeric.name}>${shown((low + high) / 2, 2)} state=done`;
  }

  columns() {
    if (this.everything) return this.all;
    return this.all.filter((column) => column.role !== 'cost' && !(column.role === 'parameter' && !column.swept && constant(column)) &&
      !(column.name === 'message' && constant(column)));
  }

  build() {
    const box = element('input', { type: 'checkbox', id: 'everything', on: { change: () => {
      this.everything = box.checked;
      this.show();
    } } });
    this.element = section('tasks', 'Tasks',
      element('div', { class: 'tools' }, element('label', { for: 'filter' }, 'Filter'), this.filter,
        element('span', { class: 'choice' }, box, element('label', { for: 'everything' }, 'all columns')),
        button('CSV', () => download(`${this.report.name}.csv`, csvOf(this.all, this.found), 'text/csv'), { 'aria-label': 'Download the filtered tasks as CSV' })),
      element('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Table of tasks' },
        element('table', { class: 'tasks' }, this.head, this.body)),
      element('div', { class: 'tools' }, this.status, this.earlier, this.later), this.dialog);
    this.ask();
  }

  ask() {
    const { test, problem } = filterOf(this.filter.value, this.all);
    this.problem = problem;
    this.filter.setAttribute('aria-invalid', String(Boolean(problem)));
    this.test = test;
    this.page = 0;
    this.show();
  }

  turn(by) {
    this.page += by;
    this.show();
  }

  sort(column) {
    const same = this.order?.column === column;
    this.order = same && this.order.descending ? null : { column, descending: same };
    this.page = 0;
    this.show();
    this.head.querySelector(`[data-column="${CSS.escape(column.name)}"]`)?.focus();
  }

  show() {
    const rows = [];
    for (let row = 0; row < this.report.table.rows; ++row) if (this.test(row)) rows.push(row);
    this.found = this.order ? sorted(rows, this.order.column, this.order.descending) : rows;
    const columns = this.columns();
    this.head.replaceChildren(element('tr', {}, columns.map((column) => this.heading(column))));
    const first = this.page * pageRows;
    this.body.replaceChildren(...this.found.slice(first, first + pageRows).map((row) => this.row(columns, row)));
    const last = Math.min(first + pageRows, this.found.length);
    this.status.textContent = this.problem ?? (this.found.length === 0 ? 'No task is like that.'
      : `${first + 1} to ${last} of ${plural(this.found.length, 'task')}`);
    this.earlier.disabled = this.page === 0;
    this.later.disabled = last >= this.found.length;
    this.earlier.hidden = this.later.hidden = this.found.length <= pageRows;
  }

  heading(column) {
    const here = this.order?.column === column;
    const direction = !here ? 'none' : this.order.descending ? 'descending' : 'ascending';
    const arrow = element('span', { 'aria-hidden': 'true', class: 'arrow' }, here ? (this.order.descending ? '▼' : '▲') : '');
    const label = column.role === 'cost' ? column.name.replace('provenance.', '') : column.name;
    return element('th', { scope: 'col', 'aria-sort': direction, class: column.type === 'number' ? 'number' : null },
      element('button', { type: 'button', class: 'sort', 'data-column': column.name, on: { click: () => this.sort(column) } }, column.type === 'number' ? [arrow, label] : [label, arrow]));
  }

  row(columns, row) {
    return element('tr', {}, columns.map((column) => {
      const value = column.values[row];
      if (column.name === 'task' && column.role === 'task') {
        return element('th', { scope: 'row', class: 'number' }, button(String(value), () => this.open(row), { class: 'link', 'aria-label': `Task ${value} in full` }));
      }
      if (column.name === 'state') return element('td', {}, stateChip(value));
      return element('td', { class: column.type === 'number' ? 'number' : 'text' }, shown(value));
    }));
  }

  open(row) {
    const facts = this.all.filter((column) => column.values[row] !== null && column.values[row] !== '');
    this.dialog.replaceChildren(
      element('div', { class: 'tools' }, element('h3', { id: 'task-title' }, `Task ${row + 1}`),
        button('Close', () => this.dialog.close())),
      element('dl', {}, facts.map((column) => [element('dt', {}, column.name), element('dd', {}, String(column.values[row]))])),
      element('p', { class: 'note' }, 'To compute it again:'),
      element('pre', { class: 'command', tabindex: 0 }, commandOf(this.report.redo, this.all, row)));
    this.dialog.showModal();
  }
}

export function tasksSection(report) {
  const table = new TaskTable(report);
  return { element: table.element, open: (row) => table.open(row) };
}
