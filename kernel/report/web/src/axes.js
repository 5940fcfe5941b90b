// SPDX-License-Identifier: MIT
// Axes of a picture as ECharts wants them.
import { ink } from './colours.js';
import { extent, shown } from './numbers.js';

const power = (x) => {
  const exponent = Math.round(Math.log10(x));
  if (Math.abs(Math.log10(x) - exponent) > 1e-9) return shown(x);
  if (exponent >= -3 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(1)));
  const raised = [...String(exponent)].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? '⁻').join('');
  return `10${raised}`;
};

// The range of the numbers of all curves along an axis.
export function rangeOf(picture, which) {
  const lists = picture.curves.flatMap((curve) => {
    if (which === 'x') return [curve.x];
    const spreads = (curve.spreads ?? []).flatMap((s) => [s.least, s.most, ...(s.outliers ?? [])]);
    const outlines = (curve.outlines ?? []).flatMap((o) => o.at ?? []);
    return [curve.y, curve.low, curve.high, spreads, outlines];
  });
  return extent(...lists);
}

export function axisOf(picture, which, narrow) {
  const axis = picture[which] ?? {};
  const colours = ink();
  const bars = picture.curves.some((curve) => curve.mark === 'bars');
  const range = rangeOf(picture, which);
  const option = {
    type: axis.categories ? 'category' : axis.log ? 'log' : 'value',
    name: axis.label ?? '',
    nameLocation: 'middle',
    nameGap: which === 'x' ? 28 : narrow ? 40 : 48,
    nameTextStyle: { color: colours.ink, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } },
    axisTick: { show: true, lineStyle: { color: colours.faint } },
    axisLabel: { color: colours.faint, fontSize: 12, hideOverlap: true },
    splitLine: { show: which === 'y', lineStyle: { color: colours.line } },
    minorTick: { show: Boolean(axis.log) },
  };
  if (axis.categories) {
    option.data = axis.categories;
    option.axisTick.alignWithLabel = true;
    return option;
  }
  option.axisLabel.formatter = axis.log ? power : (x) => shown(x);
  option.splitNumber = which === 'x' && narrow ? 4 : 5;
  // A histogram stands on zero; other pictures show where the numbers are.
  option.scale = !(bars && which === 'y');
  // An end that is no round number would stand too near to its neighbour.
  const round = (v) => shown(v, 2) === shown(v) && !String(v).endsWith('5');
  if (typeof axis.low === 'number') {
    option.min = axis.low;
    option.axisLabel.showMinLabel = round(axis.low) ? undefined : false;
  }
  if (typeof axis.high === 'number') {
    option.max = axis.high;
    option.axisLabel.showMaxLabel = round(axis.high) ? undefined : false;
  }
  if (bars && which === 'x' && range) {
    option.min ??= range[0];
    option.max ??= range[1];
    option.axisLabel.showMinLabel = option.axisLabel.showMaxLabel = false;
  }
  const boxes = picture.curves.some((curve) => curve.mark === 'box' || curve.mark === 'violin');
  if (boxes && which === 'x' && range) {
    const room = gapOf(picture) * 0.6;
    option.min ??= range[0] - room;
    option.max ??= range[1] + room;
  }
  return option;
}

// The smallest distance between neighbours along x; 1 when there are none.
export function gapOf(picture) {
  const all = [...new Set(picture.curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  let gap = Infinity;
  for (let i = 1; i < all.length; ++i) gap = Math.min(gap, all[i] - all[i - 1]);
  return Number.isFinite(gap) && gap > 0 ? gap : 1;
}
