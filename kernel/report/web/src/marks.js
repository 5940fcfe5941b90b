// SPDX-License-Identifier: MIT
// Curves of a picture as series of ECharts: lines with bands, points with error bars, histograms,
// boxes, violins.
import { gapOf } from './axes.js';
import { category, ink, translucent } from './colours.js';
import { shown } from './numbers.js';

export const drawable = (x) => typeof x === 'number' && Number.isFinite(x);

// What a tooltip says about a point.
function told(picture, curve, i) {
  const lines = [curve.name, curve.labels?.[i]].filter(Boolean);
  const named = (axis, fallback) => picture[axis]?.label || fallback;
  const at = picture.x?.categories?.[curve.x[i]] ?? shown(curve.x[i]);
  if (curve.mark === 'bars') {
    lines.push(`${named('x', 'x')}: ${shown(curve.x[i])} to ${shown(curve.x[i + 1])}`);
  } else {
    lines.push(`${named('x', 'x')}: ${at}`);
  }
  lines.push(`${curve.spreads || curve.outlines ? 'median' : named('y', 'y')}: ${shown(curve.y[i])}`);
  const spread = curve.spreads?.[i];
  if (spread) {
    lines.push(`quartiles: ${shown(spread.lower)} to ${shown(spread.upper)}`,
      `whiskers: ${shown(spread.least)} to ${shown(spread.most)}`);
  }
  if (curve.low) lines.push(`from ${shown(curve.low[i])} to ${shown(curve.high[i])}`);
  return lines.join('\n');
}

// Runs of points without a gap.
function runs(curve, lists) {
  const all = [[]];
  for (let i = 0; i < curve.x.length; ++i) {
    if (lists.every((list) => drawable(list[i])) && drawable(curve.x[i])) all.at(-1).push(i);
    else if (all.at(-1).length) all.push([]);
  }
  return all.filter((run) => run.length);
}

function band(picture, curve, colour) {
  const positive = (y) => (picture.y?.log && y <= 0 ? Math.min(...curve.y.filter((v) => v > 0)) / 10 : y);
  return {
    type: 'custom', name: curve.name, silent: true, z: 1, encode: { x: 0, y: [1, 2] }, clip: true,
    data: curve.x.map((x, i) => [x, positive(curve.low[i]), positive(curve.high[i])]),
    renderItem: (params, api) => {
      if (params.dataIndexInside !== 0) return null;
      const children = runs(curve, [curve.low, curve.high]).map((run) => ({
        type: 'polygon',
        shape: {
          points: [...run.map((i) => api.coord([curve.x[i], positive(curve.high[i])])),
            ...run.toReversed().map((i) => api.coord([curve.x[i], positive(curve.low[i])]))],
        },
        style: { fill: translucent(colour, 0.2) },
      }));
      return { type: 'group', children };
    },
  };
}

function errorBars(picture, curve, colour) {
  return {
    type: 'custom', name: curve.name, silent: true, z: 2, encode: { x: 0, y: [1, 2] }, clip: true,
    data: curve.x.map((x, i) => [x, curve.low[i], curve.high[i]]),
    renderItem: (params, api) => {
      const [x, low, high] = [0, 1, 2].map((k) => api.value(k));
      if (![x, low, high].every(drawable)) return null;
      const [a, b] = [api.coord([x, low]), api.coord([x, high])];
      const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 1.2 } });
      return { type: 'group', children: [line(...a, ...b), line(a[0] - 4, a[1], a[0] + 4, a[1]), line(b[0] - 4, b[1], b[0] + 4, b[1])] };
    },
  };
}

function bars(picture, curve, colour) {
  return {
    type: 'custom', name: curve.name, encode: { x: [0, 1], y: 2 }, clip: true,
    data: curve.y.map((y, i) => [curve.x[i], curve.x[i + 1], y]),
    renderItem: (params, api) => {
      const [from, to, height] = [0, 1, 2].map((k) => api.value(k));
      if (![from, to, height].every(drawable)) return null;
      const [x, y] = api.coord([from, height]);
      const right = api.coord([to, height])[0];
      const floor = params.coordSys.y + params.coordSys.height;
      return {
        type: 'rect', shape: { x, y, width: Math.max(1, right - x), height: Math.max(0, floor - y) },
        style: { fill: translucent(colour, 0.75), stroke: ink().paper, lineWidth: 1 },
      };
    },
  };
}

// Boxes and violins of several curves stand side by side.
function shapes(picture, curve, colour, of, draw) {
  const alike = picture.curves.filter((other) => other.mark === curve.mark);
  const [slot, slots] = [alike.indexOf(curve), alike.length];
  const gap = gapOf(picture);
  return {
    type: 'custom', name: curve.name, clip: true, encode: { x: 0, y: [1, 2] },
    data: curve.x.map((x, i) => [x, ...of(i)]),
    renderItem: (params, api) => {
      const i = params.dataIndex;
      const place = (value) => api.coord([curve.x[i], value]);
      const room = Math.abs(api.size([gap, 0])[0]) * 0.8 / slots;
      const width = Math.min(room * 0.85, 70);
      const middle = place(curve.y[i])[0] + (slot - (slots - 1) / 2) * room;
      return { type: 'group', children: draw(i, middle, width, (value) => place(value)[1], colour) };
    },
  };
}

function box(picture, curve, colour) {
  const all = (i) => [curve.spreads[i].least, ...(curve.spreads[i].outliers ?? []), curve.spreads[i].most];
  return shapes(picture, curve, colour, (i) => [Math.min(...all(i)), Math.max(...all(i))],
    (i, x, width, y) => {
      const s = curve.spreads[i];
      const line = (x1, y1, x2, y2, lineWidth = 1.4) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth } });
      const half = width / 2;
      return [
        line(x, y(s.least), x, y(s.lower)), line(x, y(s.upper), x, y(s.most)),
        line(x - half / 2, y(s.least), x + half / 2, y(s.least)), line(x - half / 2, y(s.most), x + half / 2, y(s.most)),
        { type: 'rect', shape: { x: x - half, y: y(s.upper), width, height: Math.max(1, y(s.lower) - y(s.upper)) },
          style: { fill: translucent(colour, 0.3), stroke: colour, lineWidth: 1.4 } },
        line(x - half, y(curve.y[i]), x + half, y(curve.y[i]), 2.6),
        ...(s.outliers ?? []).map((v) => ({ type: 'circle', shape: { cx: x, cy: y(v), r: 3 }, style: { fill: 'none', stroke: colour } })),
      ];
    });
}

function violin(picture, curve, colour) {
  return shapes(picture, curve, colour,
    (i) => [Math.min(...curve.outlines[i].at), Math.max(...curve.outlines[i].at)],
    (i, x, width, y) => {
      const { at, width: widths } = curve.outlines[i];
      const half = width / 2;
      const points = [...at.map((v, k) => [x + half * widths[k], y(v)]),
        ...at.map((v, k) => [x - half * widths[k], y(v)]).reverse()];
      return [
        { type: 'polygon', shape: { points }, style: { fill: translucent(colour, 0.35), stroke: colour, lineWidth: 1.2 } },
        { type: 'circle', shape: { cx: x, cy: y(curve.y[i]), r: 3.5 }, style: { fill: ink().paper, stroke: colour, lineWidth: 2 } },
      ];
    });
}

// Series of one curve; the first of them carries the tooltip.
export function seriesOf(picture, curve, index) {
  const colour = category(index);
  const tooltip = { formatter: (item) => told(picture, curve, item.dataIndex) };
  const extra = { itemStyle: { color: colour }, color: colour, tooltip };
  if (curve.mark === 'bars') return [{ ...bars(picture, curve, colour), ...extra }];
  if (curve.mark === 'box') return [{ ...box(picture, curve, colour), ...extra }];
  if (curve.mark === 'violin') return [{ ...violin(picture, curve, colour), ...extra }];
  const hidden = (i) => !drawable(curve.y[i]) || !drawable(curve.x[i]) ||
    (picture.y?.log && curve.y[i] <= 0) || (picture.x?.log && curve.x[i] <= 0);
  const data = curve.x.map((x, i) => [x, hidden(i) ? null : curve.y[i]]);
  const many = data.length > 2000;
  const all = [];
  if (curve.mark === 'points') {
    all.push({ type: 'scatter', name: curve.name, data, symbolSize: many ? 3 : 8, large: many && !curve.labels,
      ...extra, itemStyle: { color: colour, opacity: many ? 0.5 : 0.85 } });
    if (curve.low) all.push({ ...errorBars(picture, curve, colour), itemStyle: { color: colour } });
    return all;
  }
  all.push({ type: 'line', name: curve.name, data, showSymbol: data.length <= 40, symbol: 'circle', symbolSize: 6,
    lineStyle: { width: data.length > 500 ? 1.2 : 2 }, z: 3, emphasis: { focus: 'none' }, ...extra });
  if (curve.low) all.push({ ...band(picture, curve, colour), itemStyle: { color: colour } });
  return all;
}
