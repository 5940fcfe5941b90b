// SPDX-License-Identifier: MIT
// A script is run, its report opened and tried: report.mjs PROGRAM SCRIPT [name=value...]
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkAccess, inChromium, workplace } from './browser.mjs';
import * as checks from './page_checks.mjs';

const [program, script, ...values] = process.argv.slice(2);
const place = workplace(program);
try {
  place.espalier(['run', script, ...values, '-q'], [0, 1]);
  place.espalier(['report', '-o', 'run.html']);
  const page = join(place.folder, 'run.html');
  if (process.env.ESPALIER_KEEP) copyFileSync(page, process.env.ESPALIER_KEEP);
  await inChromium(script, async ({ open }) => {
    const light = await open(page);
    check(await light.title() !== '', 'the page has no title');
    await checks.charts(light, { tips: true });
    await checkAccess(light, 'light');
    await checks.tasks(light);
    await checks.redo(light, place);
    await checks.themes(light);
    await checks.keyboard(light);
    const dark = await open(page, { colorScheme: 'dark' });
    await checks.charts(dark, { tips: false });
    for (const width of [390, 320]) {
      const small = await open(page, { viewport: { width, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
      if (width === 390) await checkAccess(small, 'a phone');
      await checks.phone(small, width);
    }
  });
} finally {
  place.remove();
}
