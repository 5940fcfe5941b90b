// SPDX-License-Identifier: MIT
// Numbers as people read them: as many digits as say something.

export function shown(x, digits = 4) {
  if (x === null || x === undefined) return '–';
  if (typeof x === 'boolean') return x ? 'true' : 'false';
  if (typeof x !== 'number') return String(x);
  if (!Number.isFinite(x)) return '–';
  if (Number.isInteger(x) && Math.abs(x) < 1e9) return String(x);
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return x.toExponential(digits - 1).replace(/\.?0+e/, 'e').replace('e+', 'e');
  }
  const fixed = x.toPrecision(digits);
  return fixed.includes('.') && !fixed.includes('e') ? fixed.replace(/\.?0+$/, '') : String(Number(fixed));
}

// The mean to the digits that its standard error leaves: 0.8312 ± 0.0021.
export function withError(mean, error) {
  if (mean === null) return '–';
  if (error === null || !(error > 0)) return shown(mean);
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))));
  const size = Math.abs(mean);
  if (decimals > 8 || size >= 1e7) return `${shown(mean)} ± ${shown(error, 2)}`;
  return `${mean.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}

export function duration(seconds) {
  if (seconds < 60) return `${shown(seconds, 3)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole % 3600 / 60)).padStart(2, '0')} min`;
}

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

// Least and largest finite number of any lists; null when there is none.
export function extent(...lists) {
  let least = Infinity, most = -Infinity;
  for (const list of lists) {
    for (const x of list ?? []) {
      if (typeof x !== 'number' || !Number.isFinite(x)) continue;
      if (x < least) least = x;
      if (x > most) most = x;
    }
  }
  return least <= most ? [least, most] : null;
}

// Round numbers in [low, high], about `count` of them.
export function ticks(low, high, count) {
  const step0 = (high - low) / Math.max(1, count);
  if (!(step0 > 0)) return [low];
  const decade = 10 ** Math.floor(Math.log10(step0));
  const step = decade * [1, 2, 5, 10].find((m) => m * decade >= step0 * 0.999);
  const all = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) all.push(i * step);
  return all;
}
