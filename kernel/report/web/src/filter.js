// SPDX-License-Identifier: MIT
// Which rows a reader asks for: words that stand in a row, and conditions such as nodes>20.

const condition = /^(?:"([^"]+)"|([^\s"<>=!~]+))(<=|>=|!=|<|>|=|~)(?:"([^"]*)"|(.*))$/;

const comparisons = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

function conditionOf(match, columns) {
  const name = match[1] ?? match[2];
  const [, , , sign] = match;
  const wanted = match[4] ?? match[5];
  const column = columns.find((one) => one.name === name) ?? columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!column) return { problem: `There is no column '${name}'.` };
  if (wanted === '') return { problem: `What is ${name} ${sign} ... ?` };
  if (sign === '~') {
    const part = wanted.toLowerCase();
    return { test: (row) => String(column.values[row]).toLowerCase().includes(part) };
  }
  const number = Number(wanted);
  if (column.type === 'number') {
    if (Number.isNaN(number)) return { problem: `'${wanted}' is not a number; ${name} holds numbers.` };
    return { test: (row) => column.values[row] !== null && comparisons[sign](column.values[row], number) };
  }
  return { test: (row) => comparisons[sign](column.values[row], wanted) };
}

// { test(row), problem }: all words and conditions must hold. "and" between them may stand.
export function filterOf(text, columns) {
  const tests = [];
  for (const [word] of text.matchAll(/(?:"[^"]*"|[^\s"])+/g)) {
    if (word.toLowerCase() === 'and') continue;
    const match = word.match(condition);
    if (match) {
      const { test, problem } = conditionOf(match, columns);
      if (problem) return { problem, test: () => true };
      tests.push(test);
      continue;
    }
    const part = word.replaceAll('"', '').toLowerCase();
    tests.push((row) => columns.some((column) => String(column.values[row] ?? '').toLowerCase().includes(part)));
  }
  return { test: (row) => tests.every((test) => test(row)) };
}

// Row numbers in the order of a column; what is not there comes last either way.
export function sorted(rows, column, descending) {
  const { values } = column;
  const sign = descending ? -1 : 1;
  const order = column.type === 'number' ? (a, b) => a - b : new Intl.Collator('en', { numeric: true }).compare;
  return rows.toSorted((a, b) => {
    const [x, y] = [values[a], values[b]];
    const [noX, noY] = [x === null || x === '', y === null || y === ''];
    if (noX || noY) return noX - noY || a - b;
    return sign * order(x, y) || a - b;
  });
}
