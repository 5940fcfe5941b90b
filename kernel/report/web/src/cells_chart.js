// SPDX-License-Identifier: MIT
// Matrices of coloured cells, a canvas each: never smoothed, cells of matrices and images square.
import { gapColour, ink, scale, verdictColour, verdicts, theme } from './colours.js';
import { element } from './dom.js';
import { extent, shown, ticks } from './numbers.js';

// From a value to its share of the colour scale.
function sharing(picture) {
  const log = picture.colour?.log;
  const found = extent(...picture.cells.map((panel) => panel.values)) ?? [0, 1];
  let [low, high] = [picture.colour?.low ?? found[0], picture.colour?.high ?? found[1]];
  if (picture.palette === 'diverging') {
    high = Math.max(Math.abs(low), Math.abs(high));
    low = -high;
  }
  if (log && low <= 0) {
    const positive = picture.cells.flatMap((panel) => panel.values).filter((v) => v > 0);
    low = extent(positive)?.[0] ?? 1e-12;
  }
  if (!(high > low)) high = low + 1;
  const place = log ? (v) => (Math.log(v) - Math.log(low)) / (Math.log(high) - Math.log(low)) : (v) => (v - low) / (high - low);
  return { low, high, place };
}

function pixels(picture, panel, shares) {
  const canvas = element('canvas');
  [canvas.width, canvas.height] = [panel.columns, panel.rows];
  const context = canvas.getContext('2d');
  const image = context.createImageData(panel.columns, panel.rows);
  const colourOf = scale(picture.palette);
  const gap = gapColour();
  panel.values.forEach((value, i) => {
    const colour = value === null ? gap : picture.palette === 'verdict' ? verdictColour(value) : colourOf(shares.place(value));
    image.data.set([...colour, 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

// Where the centres of the first and last column or row are; counted from 1 when nothing is said.
function ends(panel, first, last, count) {
  const [a, b] = [panel[first] ?? 0, panel[last] ?? 0];
  return a === 0 && b === 0 ? [1, count] : [a, b];
}

// Labels along one side: { share in [0, 1], text }.
function marksOf(axis, [first, last], count, room) {
  if (axis?.categories) {
    const step = Math.max(1, Math.ceil(count / room));
    return axis.categories.slice(0, count).map((text, i) => ({ share: (i + 0.5) / count, text })).filter((_, i) => i % step === 0);
  }
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  if (low === high) return [{ share: 0.5, text: shown(low) }];
  const log = axis?.log && low > 0;
  const at = log ? Math.log10 : (v) => v;
  const values = log ? ticks(at(low), at(high), room).map((v) => 10 ** v) : ticks(low, high, Math.min(room, count));
  return values.map((v) => ({ share: ((at(v) - at(first)) / (at(last) - at(first)) * (count - 1) + 0.5) / count, text: shown(v) }));
}

class Panel {
  constructor(picture, panel, shares, bare) {
    Object.assign(this, { picture, panel, shares, bare });
    this.canvas = element('canvas', { role: 'img', 'aria-label': panel.title || picture.title || 'cells' });
    this.box = element('div', { class: 'panel' }, panel.title ? element('div', { class: 'panel-title' }, panel.title) : null, this.canvas);
    this.readout = element('div', { class: 'readout', 'aria-hidden': 'true' }, '\u00a0');
    this.canvas.addEventListener('mousemove', (event) => this.point(event));
    this.canvas.addEventListener('mouseleave', () => { this.readout.textContent = '\u00a0'; });
    if (!bare) this.box.append(this.readout);
  }

  draw() {
    const { picture, panel, bare } = this;
    const width = this.box.clientWidth;
    if (!width) return;
    const [left, right, top, bottom] = bare ? [0, 0, 0, 0] : [picture.y?.label ? 58 : 42, 12, 6, picture.x?.label ? 42 : 24];
    const square = picture.equal || picture.kind === 'matrix' || picture.kind === 'image_grid';
    let wide = width - left - right;
    let high = square ? wide * panel.rows / panel.columns : Math.min(340, wide * 0.62);
    const most = Math.max(240, Math.min(520, innerHeight * 0.7));
    if (square && high > most) [wide, high] = [wide * most / high, most];
    const ratio = Math.max(1, devicePixelRatio);
    this.area = { left, top, wide, high };
    const { canvas } = this;
    canvas.width = Math.round((left + wide + right) * ratio);
    canvas.height = Math.round((top + high + bottom) * ratio);
    canvas.style.width = `${canvas.width / ratio}px`;
    canvas.style.height = `${canvas.height / ratio}px`;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    context.imageSmoothingEnabled = false;
    context.drawImage(pixels(picture, panel, this.shares), left, top, wide, high);
    context.strokeStyle = ink().line;
    context.strokeRect(left - 0.5, top - 0.5, wide + 1, high + 1);
    if (!bare) this.drawAxes(context);
  }

  drawAxes(context) {
    const { picture, panel, area: { left, top, wide, high } } = this;
    context.fillStyle = ink().faint;
    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'top';
    const across = marksOf(picture.x, ends(panel, 'left', 'right', panel.columns), panel.columns, Math.max(2, wide / 70));
    for (const { share, text } of across) context.fillText(text, left + share * wide, top + high + 6);
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    const down = marksOf(picture.y, ends(panel, 'top', 'bottom', panel.rows), panel.rows, Math.max(2, high / 40));
    for (const { share, text } of down) context.fillText(text, left - 6, top + share * high);
    context.fillStyle = ink().ink;
    context.font = '13px system-ui, sans-serif';
    context.textAlign = 'center';
    if (picture.x?.label) context.fillText(picture.x.label, left + wide / 2, top + high + 32);
    if (!picture.y?.label) return;
    context.save();
    context.translate(12, top + high / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(picture.y.label, 0, 0);
    context.restore();
  }

  point(event) {
    const { picture, panel, area: { left, top, wide, high } } = this;
    const column = Math.floor((event.offsetX - left) / wide * panel.columns);
    const row = Math.floor((event.offsetY - top) / high * panel.rows);
    if (column < 0 || row < 0 || column >= panel.columns || row >= panel.rows) return;
    const at = (axis, [first, last], i, count) => axis?.categories?.[i] ?? shown(count > 1 ? first + (last - first) * i / (count - 1) : first);
    const value = panel.values[row * panel.columns + column];
    const text = picture.palette === 'verdict' ? verdicts[value]?.name ?? '–' : shown(value);
    this.readout.textContent = `${picture.x?.label || 'column'} ${at(picture.x, ends(panel, 'left', 'right', panel.columns), column, panel.columns)}, ` +
      `${picture.y?.label || 'row'} ${at(picture.y, ends(panel, 'top', 'bottom', panel.rows), row, panel.rows)}: ${text}`;
  }
}

function legend(picture, shares) {
  if (picture.palette === 'verdict') {
    return element('ul', { class: 'swatches' }, verdicts.map((verdict) => {
      const swatch = element('span', { class: 'swatch' });
      swatch.style.background = verdict[theme()];
      return element('li', {}, swatch, verdict.name);
    }));
  }
  const strip = element('canvas', { class: 'strip', 'aria-hidden': 'true' });
  [strip.width, strip.height] = [256, 1];
  const context = strip.getContext('2d');
  const colourOf = scale(picture.palette);
  for (let i = 0; i < 256; ++i) {
    context.fillStyle = `rgb(${colourOf(i / 255).join(',')})`;
    context.fillRect(i, 0, 1, 1);
  }
  return element('div', { class: 'scale' }, picture.colour?.label ? element('span', {}, picture.colour.label) : null,
    element('span', {}, shown(shares.low, 3)), strip, element('span', {}, shown(shares.high, 3)));
}

export function cellsChart(box, picture) {
  const shares = sharing(picture);
  const many = picture.cells.length;
  const bare = picture.kind === 'image_grid' && many > 1;
  const panels = picture.cells.map((panel) => new Panel(picture, panel, shares, bare));
  const grid = element('div', { class: bare ? 'panels small' : 'panels' }, panels.map((panel) => panel.box));
  let key = legend(picture, shares);
  box.append(grid, key);
  const draw = () => {
    const fresh = legend(picture, shares);
    key.replaceWith(fresh);
    key = fresh;
    for (const panel of panels) panel.draw();
  };
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth !== width) draw();
    width = box.clientWidth;
  }).observe(box);
  draw();
  return { redraw: draw, image: () => together(panels) };
}

// All panels on one canvas, as they stand on the page.
function together(panels) {
  const boxes = panels.map((panel) => panel.canvas.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))];
  const canvas = element('canvas');
  canvas.width = 2 * (Math.max(...boxes.map((b) => b.right)) - left);
  canvas.height = 2 * (Math.max(...boxes.map((b) => b.bottom)) - top);
  const context = canvas.getContext('2d');
  context.fillStyle = ink().paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  panels.forEach((panel, i) => context.drawImage(panel.canvas, 2 * (boxes[i].left - left), 2 * (boxes[i].top - top), 2 * boxes[i].width, 2 * boxes[i].height));
  return canvas.toDataURL('image/png');
}
