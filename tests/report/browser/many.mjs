// SPDX-License-Identifier: MIT
// A report of ten thousand tasks is small and opens: many.mjs PROGRAM SCRIPT
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { check, inChromium, workplace } from './browser.mjs';
import * as checks from './page_checks.mjs';

const [program, script] = process.argv.slice(2);
const place = workplace(program);
try {
  place.espalier(['run', script, '-q'], [1]);
  place.espalier(['report', '-o', 'run.html']);
  const path = join(place.folder, 'run.html');
  const { size } = statSync(path);
  check(size < 10e6, `the page has ${size} bytes`);
  await inChromium(script, async ({ open }) => {
    const page = await open(path);
    console.log(`10,000 tasks: ${(size / 1e6).toFixed(1)} MB, opened in ${Math.round(page.milliseconds)} ms`);
    await checks.tasks(page);
    await checks.charts(page, { tips: false });
    check(await page.locator('#failures li').count() === 3, 'failures of three causes are not three');
    check((await page.locator('#failures').textContent()).includes('38 tasks'), 'tasks that failed alike are not counted');
  });
} finally {
  place.remove();
}
