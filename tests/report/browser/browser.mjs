// SPDX-License-Identifier: MIT
// Chromium with eyes on all that a page asks for, and the program that makes the pages.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const modules = process.env.ESPALIER_MODULES;
const { chromium } = createRequire(join(modules, 'anything.js'))('playwright-core');
const axe = readFileSync(join(modules, 'axe-core', 'axe.min.js'), 'utf8');

const failures = [];
export function check(holds, what) {
  if (!holds) failures.push(what);
}

// A folder in which the program runs; `espalier` throws unless it ends with one of `codes`.
export function workplace(program) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-page-'));
  return {
    folder,
    espalier(words, codes = [0]) {
      const { status, stderr, stdout } = spawnSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
      if (!codes.includes(status)) throw new Error(`espalier ${words.join(' ')} ended with ${status}: ${stderr}`);
      return stdout;
    },
    // A line as a person would paste it, with the program by its name.
    shell(line) {
      const { status, stderr } = spawnSync('sh', ['-c', `espalier() { "$PROGRAM" "$@"; }\n${line}`],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, PROGRAM: program } });
      check(status === 0, `${line} ended with ${status}: ${stderr}`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

// A page whose requests, errors and dialogs count as failures.
// still: the file is a picture, not a report.
async function guarded(browser, { still = false, ...settings }, path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...settings });
  const address = `file://${path}`;
  const own = (url) => url === address || url.startsWith(`${address}#`);
  await context.route('**/*', (route) => (own(route.request().url()) ? route.continue() : route.abort()));
  await context.addInitScript(axe);
  await context.addInitScript(() => { // texts that stood on a canvas
    const written = new Set();
    globalThis.written = written;
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function write(text, ...rest) {
      written.add(text);
      return fillText.call(this, text, ...rest);
    };
  });
  const page = await context.newPage();
  const inside = (url) => url.startsWith('blob:') || url.startsWith('data:');
  page.on('request', (request) => check(own(request.url()) || inside(request.url()), `the page asked for ${request.url()}`));
  page.on('console', (message) => check(!['error', 'warning'].includes(message.type()) || message.text().includes('GPU stall'), `the page said: ${message.text()}`));
  page.on('pageerror', (error) => check(false, `the page failed: ${error.message}`));
  page.on('dialog', (dialog) => {
    check(false, `the page opened a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const began = performance.now();
  await page.goto(address);
  if (!still) await page.waitForSelector('html[data-ready]', { state: 'attached' });
  page.milliseconds = performance.now() - began;
  return page;
}

// Calls body({ open }) and ends the process: 1 when a check failed.
export async function inChromium(title, body) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--use-gl=swiftshader', '--enable-unsafe-swiftshader'] });
  try {
    await body({ open: (path, settings = {}) => guarded(browser, settings, path) });
  } catch (error) {
    check(false, error.stack);
  } finally {
    await browser.close();
  }
  for (const failure of failures) console.error(`${title}: ${failure}`);
  if (failures.length) process.exit(1);
  console.log(`${title}: nothing to complain of`);
}

// What axe-core finds that keeps people out.
export async function checkAccess(page, what) {
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`);
  });
  for (const one of found) check(false, `${what}: axe-core: ${one}`);
}
