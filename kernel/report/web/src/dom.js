// SPDX-License-Identifier: MIT
// Elements made of attributes and text; nothing is ever parsed as markup.

// attributes: `on` holds listeners; null and false leave an attribute out. Children: elements,
// texts, lists of them; null is left out.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) made.append(child);
  }
  return made;
}

export function button(text, listener, attributes = {}) {
  return element('button', { type: 'button', on: { click: listener }, ...attributes }, text);
}

// A section of the page with its heading.
export function section(id, title, ...children) {
  return element('section', { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title), ...children);
}

// A table that scrolls in its own box; cells are texts or elements. Columns that begin with a
// number stand to the right.
export function tableOf(label, headings, rows, numeric = true) {
  const right = headings.map((_, i) => numeric && isNumber(rows[0]?.[i]));
  const cell = (content, i) => element(i === 0 ? 'th' : 'td',
    { scope: i === 0 ? 'row' : null, class: right[i] ? 'number' : null }, content);
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    element('table', { class: numeric ? null : 'words' },
      element('thead', {}, element('tr', {},
        headings.map((heading, i) => element('th', { scope: 'col', class: right[i] ? 'number' : null }, heading)))),
      element('tbody', {}, rows.map((row) => element('tr', {}, row.map(cell))))));
}

function isNumber(content) {
  return typeof content === 'string' && /^[−-]?\d[\d.]*(e[+-]?\d+)?( ± .*)?$/.test(content);
}

// Saves bytes under a name, without a server.
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
