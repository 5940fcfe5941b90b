// SPDX-License-Identifier: MIT
// Colours of both themes: categories in the order of Okabe and Ito, scales of even lightness.

const categories = {
  light: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b07a00', '#56b4e9', '#5f5f5f', '#7d5fb2'],
  dark: ['#56b4e9', '#e8834a', '#2fc49a', '#dd9bc0', '#e6b84a', '#8fa8ff', '#b4b4b4', '#f0e442'],
};

const inks = {
  light: { ink: '#1c2329', faint: '#5b6771', line: '#d9dfe4', paper: '#ffffff', gap: '#e9edf0' },
  dark: { ink: '#e6eaee', faint: '#a3afba', line: '#38424c', paper: '#1a2027', gap: '#2b333b' },
};

const viridis = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779',
  '#6ece58', '#b5de2b', '#fde725'];
const blueToRed = ['#2166ac', '#4393c3', '#92c5de', '#d1e5f0', '#f7f7f7', '#fddbc7', '#f4a582',
  '#d6604d', '#b2182b'];

export const verdicts = [
  { name: 'absent, not found', light: '#f1f4f6', dark: '#2b333b' },
  { name: 'found', light: '#0072b2', dark: '#56b4e9' },
  { name: 'missed', light: '#d55e00', dark: '#e8834a' },
  { name: 'wrong', light: '#e6b800', dark: '#f0e442' },
];

// "light" or "dark": what the reader chose, else what the system says.
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const ink = () => inks[theme()];
export const category = (i) => categories[theme()][i % categories.light.length];

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function between(stops, share) {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const [a, b] = [channels(stops[i]), channels(stops[i + 1])];
  return a.map((x, k) => Math.round(x + (b[k] - x) * (at - i)));
}

// A function from a share in [0, 1] to [red, green, blue].
export function scale(palette) {
  if (palette === 'grey') return (share) => Array(3).fill(Math.round(255 * Math.min(1, Math.max(0, share))));
  const stops = palette === 'diverging' ? blueToRed : viridis;
  return (share) => between(stops, share);
}

export function verdictColour(value) {
  const verdict = verdicts[value] ?? null;
  return channels(verdict ? verdict[theme()] : ink().gap);
}

export const gapColour = () => channels(ink().gap);
export const translucent = (hex, share) => `rgba(${channels(hex).join(',')},${share})`;
// As WebGL adds it to what is below: the channels carry the share already.
export const premultiplied = (hex, share) => `rgba(${channels(hex).map((c) => Math.round(c * share)).join(',')},${share})`;
