// SPDX-License-Identifier: MIT
// What every report must do: draw, tell, sort, filter, change its theme, fit a phone, obey the keyboard.
import { check, checkAccess } from './browser.mjs';
import { look } from './pixels.mjs';

async function drawn(page) {
  const boxes = await page.locator('.chart').all();
  for (const box of boxes) {
    await box.scrollIntoViewIfNeeded();
    await box.and(page.locator('[data-drawn]')).waitFor();
  }
  return boxes;
}

const titleOf = (box) => box.evaluate((one) => `${one.closest('figure').dataset.kind} '${one.closest('figure').querySelector('h3').textContent}'`);

// Nothing is blank, and where the pointer falls on a mark the page says what it is.
export async function charts(page, { tips }) {
  const problems = await page.locator('figure.problem').allTextContents();
  check(problems.length === 0, `plots that cannot be drawn: ${problems.join('; ')}`);
  for (const box of await drawn(page)) {
    const title = await titleOf(box);
    const { distinct, ground, coloured, places } = await look(box, { keep: true });
    check(distinct >= 3 && ground < 0.9995 && (coloured >= 30 || title.startsWith('image_grid')),
      `${title} is blank: ${distinct} colours, ${coloured} coloured pixels`);
    if (tips) check(await tells(page, box, places), `${title} has no tooltip`);
  }
}

// Moves over marks until a tip or a line of text appears.
async function tells(page, box, places) {
  await box.scrollIntoViewIfNeeded();
  const readout = box.locator('.readout').first();
  const reads = await readout.count() > 0;
  const said = async () => (await readout.textContent()).trim() !== '';
  const cells = box.locator('.panel canvas').first();
  if (await cells.count() > 0) {
    await cells.hover();
    return !reads || said(); // small images have their titles alone
  }
  const frame = await box.boundingBox();
  await page.mouse.move(frame.x + 1, frame.y + 1);
  const before = await page.evaluate(() => [...globalThis.written]);
  const tip = () => page.evaluate((old) => [...globalThis.written].some((text) => !old.includes(text)), before);
  for (const [x, y] of places) {
    if (!reads && (y < 40 || y > frame.height - 52)) continue; // legend or axis
    await page.mouse.move(frame.x + x, frame.y + y);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    if (reads ? await said() : await tip()) return true;
  }
  return false;
}

export async function tasks(page) {
  const report = await page.evaluate(() => JSON.parse(document.getElementById('document').textContent));
  const status = page.locator('#tasks [role="status"]');
  const first = page.locator('#tasks tbody tr').first().locator('th');
  const sort = page.locator('#tasks .sort', { hasText: /^[▲▼]?task[▲▼]?$/ });
  await sort.click();
  check(await first.textContent() === '1', 'sorting by task does not begin with task 1');
  await sort.click();
  check(await first.textContent() === String(report.tasks), 'sorting by task, descending, does not begin with the last');
  check(await page.locator('#tasks th[aria-sort="descending"]').count() === 1, 'the sorted column does not say so');
  await sort.click();
  const filter = page.getByLabel('Filter', { exact: true });
  const count = async (text) => {
    await filter.fill(text);
    return Number((await status.textContent()).match(/of ([\d,]+) task/)?.[1].replaceAll(',', '') ?? 0);
  };
  check(await count('state=done') === (report.states.done ?? 0), 'filtering by state finds another number of tasks');
  check(await count('task>2') === report.tasks - 2, 'filtering by task>2 leaves out another number than 2');
  check(await count('no-such-word-anywhere') === 0, 'filtering by a word that nowhere stands finds something');
  await filter.fill('nothing>1');
  check((await status.textContent()).includes("no column 'nothing'"), 'a wrong column is not named');
  await filter.fill('');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the filtered tasks' }).click()]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  const rows = Buffer.concat(chunks).toString().split('\r\n').length - 2;
  check(rows >= report.tasks, `the CSV has ${rows} rows for ${report.tasks} tasks`);
}

export async function themes(page) {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  const [box] = await page.locator('.chart').all();
  if (box) await look(box, { keep: true });
  await page.locator('button.theme').click();
  check(await ground() !== before, 'the button for the theme changes nothing');
  if (box) {
    check((await look(box)).changed.width > 100, 'charts keep the colours of the other theme');
  }
  await checkAccess(page, 'the other theme');
  await page.locator('button.theme').click();
  check(await ground() === before, 'the button for the theme does not lead back');
}

// Tab reaches all that can be pressed; Enter and Escape open and close a task.
export async function keyboard(page) {
  await page.evaluate(() => {
    scrollTo(0, 0);
    document.activeElement?.blur();
    for (const one of document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')) {
      if (one.checkVisibility() && !one.disabled) one.dataset.wanted = '';
    }
    document.addEventListener('focusin', (event) => { delete event.target.dataset.wanted; });
  });
  const wanted = await page.locator('[data-wanted]').count();
  for (let i = 0; i < wanted + 5; ++i) await page.keyboard.press('Tab');
  const left = await page.locator('[data-wanted]').evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 100)));
  check(left.length === 0, `the keyboard does not reach ${left.length} of ${wanted}: ${left.slice(0, 3).join(' | ')}`);
  await page.locator('#tasks tbody .link').first().focus();
  await page.keyboard.press('Enter');
  check(await page.locator('dialog[open]').count() === 1, 'Enter does not open a task');
  check((await page.locator('dialog .command').textContent()).startsWith('espalier '), 'a task has no command');
  await checkAccess(page, 'a task in full');
  await page.keyboard.press('Escape');
  check(await page.locator('dialog[open]').count() === 0, 'Escape does not close a task');
  check(await page.evaluate(() => document.activeElement.matches('#tasks tbody .link')), 'the focus is lost when a task is closed');
  await page.locator('#tasks .sort').first().focus();
  await page.keyboard.press('Enter');
  check(await page.locator('#tasks th[aria-sort="ascending"]').count() === 1, 'Enter does not sort');
}

// The command of the last task that is done gives its numbers again in a store that knows nothing.
export async function redo(page, place) {
  const { table } = await page.evaluate(() => JSON.parse(document.getElementById('document').textContent));
  const cells = (one, name) => {
    const column = one.columns.find((c) => c.name === name);
    return column && (column.values ?? column.codes.map((code) => column.dictionary[code]));
  };
  const row = cells(table, 'state').lastIndexOf('done');
  await page.getByLabel('Filter', { exact: true }).fill(`task=${row + 1}`);
  await page.locator('#tasks tbody .link').first().click();
  const command = await page.locator('dialog .command').textContent();
  await page.keyboard.press('Escape');
  await page.getByLabel('Filter', { exact: true }).fill('');
  place.shell(`${command} --store again -q`);
  const again = JSON.parse(place.espalier(['report', '--store', 'again', '--json'])).table;
  const parameters = table.columns.filter((one) => one.role === 'parameter').map((one) => one.name);
  const found = cells(again, 'task').findIndex((_, i) => parameters.every((name) => (cells(again, name)?.[i] ?? null) === (cells(table, name)[row] ?? null)));
  check(found >= 0, `${command}: computes no such task`);
  for (const { name, role } of table.columns) {
    if (found < 0 || role !== 'result') continue;
    check((cells(again, name)?.[found] ?? null) === cells(table, name)[row], `${command}: gives another ${name}`);
  }
}

// No sideways scroll, with all numbers open too.
export async function phone(page, width) {
  await drawn(page);
  for (const button of await page.getByRole('button', { name: /^Numbers of/ }).all()) await button.click();
  for (const summary of await page.locator('summary').all()) await summary.click();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= width, `${wide} pixels wide on a screen of ${width}`);
  const outside = await page.locator('figure, figure canvas, section, h1, h2, h3, dl').evaluateAll((all, most) => all
    .filter((one) => one.getBoundingClientRect().right > most + 1).map((one) => one.outerHTML.slice(0, 80)), width);
  check(outside.length === 0, `outside of a screen of ${width}: ${outside.slice(0, 3).join(' | ')}`);
}
