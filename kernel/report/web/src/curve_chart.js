// SPDX-License-Identifier: MIT
// Curves drawn by ECharts on a canvas.
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { axisOf, rangeOf } from './axes.js';
import { ink } from './colours.js';
import { drawable, seriesOf } from './marks.js';

echarts.use([LineChart, ScatterChart, CustomChart, GridComponent, TooltipComponent, LegendComponent,
  DataZoomInsideComponent, CanvasRenderer]);

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

function optionOf(picture, narrow) {
  const colours = ink();
  const named = picture.curves.filter((curve) => curve.name && curve.y.some((y, i) => drawable(y) && drawable(curve.x[i])));
  const legend = named.length > 1;
  return {
    animation: false,
    textStyle: { fontFamily: font, color: colours.ink },
    grid: { left: narrow ? 56 : 66, right: 20, top: legend ? 44 : 16, bottom: 48 },
    legend: { show: legend, data: named.map((curve) => curve.name), type: 'scroll', top: 4, left: 0, right: 0, itemWidth: 18, itemHeight: 14,
      textStyle: { color: colours.ink, fontSize: 12 }, pageIconColor: colours.ink, pageTextStyle: { color: colours.faint } },
    tooltip: { trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colours.paper, borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12, fontFamily: font } },
    dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'shift', moveOnMouseMove: 'shift',
      preventDefaultMouseMove: false },
    { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'shift', moveOnMouseMove: 'shift',
      preventDefaultMouseMove: false }],
    xAxis: axisOf(picture, 'x', narrow),
    yAxis: axisOf(picture, 'y', narrow),
    series: picture.curves.flatMap((curve, i) => seriesOf(picture, curve, i)),
  };
}

// One unit is as long on both axes: the ranges are widened until they have the shape of the box.
function equalise(option, picture, width, height) {
  const [x, y] = [rangeOf(picture, 'x'), rangeOf(picture, 'y')];
  if (!x || !y) return;
  const wide = Math.max(1, width - option.grid.left - option.grid.right);
  const high = Math.max(1, height - option.grid.top - option.grid.bottom);
  const unit = 1.08 * Math.max((x[1] - x[0]) / wide, (y[1] - y[0]) / high) || 1;
  const round = (v) => Number(v.toPrecision(4));
  for (const [axis, range, pixels] of [[option.xAxis, x, wide], [option.yAxis, y, high]]) {
    const middle = (range[0] + range[1]) / 2;
    axis.min = round(middle - unit * pixels / 2);
    axis.max = round(middle + unit * pixels / 2);
    axis.axisLabel.showMinLabel = axis.axisLabel.showMaxLabel = false;
  }
}

// Of lines the point nearest to the pointer is told, drawn or not.
function tellNearest(chart, picture) {
  const reach = 24; // pixels
  const lines = [];
  let index = 0; // of a series: each curve may have several
  picture.curves.forEach((curve, i) => {
    if (curve.mark === 'line') lines.push({ curve, index });
    index += seriesOf(picture, curve, i).length;
  });
  if (lines.length === 0) return;
  let places = null; // of all points, until the axes change
  let told = null;
  const find = (x, y) => {
    places ??= lines.map((line) => line.curve.x.map((at, k) => chart.convertToPixel({ seriesIndex: line.index }, [at, line.curve.y[k]])));
    let [best, least] = [null, reach ** 2];
    lines.forEach((line, i) => places[i].forEach(([px, py], dataIndex) => {
      const away = (px - x) ** 2 + (py - y) ** 2;
      if (away < least) [best, least] = [{ seriesIndex: line.index, dataIndex }, away];
    }));
    return best;
  };
  const forget = () => {
    if (told) chart.dispatchAction({ type: 'downplay', ...told });
    told = null;
  };
  chart.on('datazoom', () => { places = null; });
  chart.on('finished', () => { if (!told) places = null; });
  chart.getZr().on('globalout', forget);
  chart.getZr().on('mousemove', ({ offsetX, offsetY }) => {
    const found = find(offsetX, offsetY);
    if (found && told && found.seriesIndex === told.seriesIndex && found.dataIndex === told.dataIndex) return;
    if (!found && told) chart.dispatchAction({ type: 'hideTip' });
    forget();
    told = found;
    if (!found) return;
    chart.dispatchAction({ type: 'highlight', ...found }); // makes its dot
    chart.dispatchAction({ type: 'showTip', ...found });
  });
}

// Draws into the box; returns { redraw, destroy, picture } of the chart.
export function curveChart(box, picture) {
  const narrow = box.clientWidth < 480;
  const chart = echarts.init(box, null, { renderer: 'canvas' });
  const draw = () => {
    const option = optionOf(picture, narrow);
    if (picture.equal) equalise(option, picture, box.clientWidth, box.clientHeight);
    chart.setOption(option, true);
  };
  draw();
  tellNearest(chart, picture);
  const watcher = new ResizeObserver(() => {
    chart.resize();
    if (picture.equal) draw();
  });
  watcher.observe(box);
  return {
    redraw: draw,
    image: () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ink().paper }),
  };
}

export { echarts, font };
