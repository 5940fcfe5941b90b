// SPDX-License-Identifier: MIT
// Networks: small ones by ECharts, large ones by sigma on WebGL. Positions come with the picture.
import { GraphChart } from 'echarts/charts';
import { UndirectedGraph, DirectedGraph } from 'graphology';
import Sigma from 'sigma';
import { EdgeArrowProgram, EdgeLineProgram } from 'sigma/rendering';
import { category, ink, premultiplied, theme, verdicts } from './colours.js';
import { echarts, font } from './curve_chart.js';
import { element } from './dom.js';
import { shown } from './numbers.js';

echarts.use([GraphChart]);

const unit = 1000; // ECharts takes the size of a node for one in the units of its place
const small = { nodes: 400, edges: 3000 };

// Found, missed and wrong edges have the colours that they have in a matrix.
function classColour(network, i) {
  return verdicts.find((verdict) => verdict.name === network.classes?.[i])?.[theme()] ?? category(i);
}
function nodeColour(network, i) {
  if (network.node_class) return classColour(network, network.node_class[i]);
  return network.edge_class ? ink().faint : category(0);
}
const edgeColour = (network, i) => (network.edge_class ? classColour(network, network.edge_class[i]) : ink().faint);
const nameOf = (network, i) => network.labels?.[i] || `node ${i + 1}`;

function degrees(network) {
  const all = new Array(network.x.length).fill(0);
  network.from.forEach((from, i) => {
    ++all[from];
    ++all[network.to[i]];
  });
  return all;
}

function told(network, degree, i) {
  const lines = [nameOf(network, i), `degree ${degree[i]}`];
  if (network.classes && network.node_class) lines.push(network.classes[network.node_class[i]]);
  if (network.size) lines.push(`size ${shown(network.size[i])}`);
  return lines.join('\n');
}

function optionOf(network, degree) {
  const colours = ink();
  const count = network.x.length;
  const radius = Math.max(5, Math.min(16, 160 / Math.sqrt(count)));
  return {
    animation: false,
    textStyle: { fontFamily: font },
    tooltip: { renderMode: 'richText', confine: true, backgroundColor: colours.paper, borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12 },
      formatter: (item) => (item.dataType === 'edge'
        ? `${nameOf(network, network.from[item.dataIndex])} – ${nameOf(network, network.to[item.dataIndex])}`
        : told(network, degree, item.dataIndex)) },
    series: [{
      type: 'graph', layout: 'none', preserveAspect: true, roam: 'move', left: 30, right: 30, top: 24, bottom: 24,
      edgeSymbol: network.directed ? ['none', 'arrow'] : ['none', 'none'], edgeSymbolSize: 7,
      label: { show: count <= 60, position: 'inside', color: colours.ink, fontSize: 11, formatter: (item) => network.labels?.[item.dataIndex] ?? '' },
      labelLayout: { hideOverlap: true },
      emphasis: { focus: 'adjacency', lineStyle: { width: 3 } },
      data: network.x.map((x, i) => ({ id: String(i), name: nameOf(network, i), x: unit * x, y: -unit * network.y[i],
        symbolSize: radius * (network.size ? 0.5 + network.size[i] : 1),
        label: { position: network.labels?.[i]?.length > 2 ? 'right' : 'inside' },
        itemStyle: { color: nodeColour(network, i), borderColor: colours.paper, borderWidth: 1 } })),
      links: network.from.map((from, i) => ({ source: String(from), target: String(network.to[i]),
        lineStyle: { color: edgeColour(network, i), width: 0.6 + 2.6 * (network.width?.[i] ?? 0.3),
          opacity: network.edge_class ? 0.85 : 0.55 } })),
    }],
  };
}

function byECharts(box, network, degree) {
  const chart = echarts.init(box, null, { renderer: 'canvas' });
  const draw = () => chart.setOption(optionOf(network, degree), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(box);
  return { redraw: draw, image: () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ink().paper }) };
}

function graphOf(network) {
  const graph = network.directed ? new DirectedGraph() : new UndirectedGraph();
  const radius = Math.max(0.8, Math.min(6, 200 / Math.sqrt(network.x.length)));
  network.x.forEach((x, i) => graph.addNode(i, { x, y: network.y[i], label: nameOf(network, i),
    size: radius * (network.size ? 0.4 + 1.2 * network.size[i] : 1), color: nodeColour(network, i) }));
  const share = network.from.length > 20000 ? 0.12 : network.from.length > 3000 ? 0.35 : 0.7;
  network.from.forEach((from, i) => {
    if (graph.hasEdge(from, network.to[i])) return;
    graph.addEdge(from, network.to[i], { color: premultiplied(edgeColour(network, i), share),
      size: 0.3 + 2 * (network.width?.[i] ?? 0.2) });
  });
  return graph;
}

function bySigma(box, network, degree) {
  const tip = element('div', { class: 'readout', 'aria-hidden': 'true' }, '\u00a0');
  const stage = element('div', { class: 'stage' });
  box.append(stage, tip);
  let sigma = null;
  const draw = () => {
    sigma?.kill();
    sigma = new Sigma(graphOf(network), stage, {
      renderLabels: network.labels !== undefined, labelColor: { color: ink().ink }, labelFont: font, labelSize: 11,
      labelRenderedSizeThreshold: 7, defaultEdgeType: network.directed ? 'arrow' : 'line', zIndex: true,
      edgeProgramClasses: { arrow: EdgeArrowProgram, line: EdgeLineProgram }, hideEdgesOnMove: network.from.length > 50000,
      allowInvalidContainer: true, enableCameraRotation: false });
    sigma.on('enterNode', ({ node }) => { tip.textContent = told(network, degree, Number(node)).replaceAll('\n', ', '); });
    sigma.on('leaveNode', () => { tip.textContent = '\u00a0'; });
    // The wheel alone belongs to the page.
    sigma.getMouseCaptor().on('wheel', (event) => { if (!event.original.shiftKey) event.preventSigmaDefault(); });
  };
  draw();
  return { redraw: draw, image: () => pictureOf(sigma, stage) };
}

function pictureOf(sigma, stage) {
  sigma.refresh(); // what WebGL drew is there until the end of this turn
  const layers = [...stage.querySelectorAll('canvas')];
  const canvas = element('canvas');
  [canvas.width, canvas.height] = [layers[0].width, layers[0].height];
  const context = canvas.getContext('2d');
  context.fillStyle = ink().paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of layers) context.drawImage(layer, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}

function hasWebGL() {
  return element('canvas').getContext('webgl2') !== null;
}

export function networkChart(box, picture) {
  const { network } = picture;
  const degree = degrees(network);
  const few = network.x.length <= small.nodes && network.from.length <= small.edges;
  const stage = element('div', { class: 'network' });
  box.append(stage);
  const chart = few || !hasWebGL() ? byECharts(stage, network, degree) : bySigma(stage, network, degree);
  let key = element('ul', { class: 'swatches' });
  box.append(key);
  const legend = () => {
    const used = new Set([...(network.node_class ?? []), ...(network.edge_class ?? [])]);
    const fresh = element('ul', { class: 'swatches' }, (network.classes ?? []).map((name, i) => {
      if (!used.has(i)) return null;
      const swatch = element('span', { class: 'swatch' });
      swatch.style.background = classColour(network, i);
      return element('li', {}, swatch, name);
    }));
    key.replaceWith(fresh);
    key = fresh;
  };
  legend();
  return { redraw: () => { chart.redraw(); legend(); }, image: chart.image };
}
