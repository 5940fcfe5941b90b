// SPDX-License-Identifier: MIT
// What stands on the canvases of a chart. WebGL forgets what it drew, so there a screenshot is decoded.

// In the page: the pixels of all canvases in the box, one upon the other.
async function lookAt(box, [keep, screenshot]) {
  const frame = box.getBoundingClientRect();
  const paper = new OffscreenCanvas(Math.ceil(frame.width), Math.ceil(frame.height));
  const context = paper.getContext('2d');
  if (screenshot) {
    const bytes = Uint8Array.from(atob(screenshot), (c) => c.charCodeAt(0));
    context.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), 0, 0);
  } else {
    for (const canvas of box.querySelectorAll('canvas')) {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      if (canvas.width && canvas.height && width) context.drawImage(canvas, left - frame.left, top - frame.top, width, height);
    }
  }
  const { data, width, height } = context.getImageData(0, 0, paper.width, paper.height);
  const before = box.pixelsBefore;
  if (keep) box.pixelsBefore = data;
  const colours = new Map();
  const coloured = [];
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < data.length; i += 4) {
    const [x, y] = [i / 4 % width, Math.floor(i / 4 / width)];
    const key = (data[i] >> 3) << 15 | (data[i + 1] >> 3) << 10 | (data[i + 2] >> 3) << 5 | data[i + 3] >> 3;
    colours.set(key, (colours.get(key) ?? 0) + 1);
    if (data[i + 3] > 60 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) coloured.push([x, y]);
    if (!before || Math.abs(data[i] - before[i]) + Math.abs(data[i + 1] - before[i + 1]) + Math.abs(data[i + 2] - before[i + 2]) + Math.abs(data[i + 3] - before[i + 3]) < 24) continue;
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  const some = Array.from({ length: Math.min(60, coloured.length) }, (_, i) => coloured[Math.floor(i * 0.618034 % 1 * coloured.length)]);
  return { distinct: colours.size, ground: Math.max(...colours.values()) / (width * height), coloured: coloured.length, places: some,
    changed: { width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1) } };
}

// { distinct: colours, ground: share of the most frequent, coloured: pixels that are not grey, places: some of them,
// changed: width and height of what differs from what was kept last }
export async function look(box, { keep = false } = {}) {
  const webgl = await box.locator('.stage').count() > 0;
  return box.evaluate(lookAt, [keep, webgl ? (await box.screenshot()).toString('base64') : null]);
}
