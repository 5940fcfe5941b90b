// SPDX-License-Identifier: MIT
// Payloads stay text in every field, with the policy of the page switched off, so that nothing else holds them
// back: payloads.mjs PROGRAM SCRIPT
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, inChromium, workplace } from './browser.mjs';

const call = 'console.error(`hit`)';
const payloads = [
  `<script>${call}</script>`, `</script><script>${call}</script>`, `<img src=x onerror=${call}>`, `<svg onload=${call}>`,
  `"><script>${call}</script>`, `'><img src=x onerror=${call}>`, `<!--<script>${call}</script>`, `--><img src=x onerror=${call}>`,
  `]]><script>${call}</script>`, `</title><script>${call}</script>`, `</style><script>${call}</script>`, `</textarea><script>${call}</script>`,
  `<iframe src="javascript:${call}">`, `<iframe srcdoc="<script>${call}</script>">`, `<object data="javascript:${call}">`,
  `<embed src="data:text/html,<script>${call}</script>">`, `<a href="javascript:${call}">press</a>`, `javascript:${call}`,
  `<body onload=${call}>`, `<input autofocus onfocus=${call}>`, `<details open ontoggle=${call}>`, `<video><source onerror=${call}></video>`,
  `<audio src=x onerror=${call}>`, `<marquee onstart=${call}>`, `<math><mtext><img src=x onerror=${call}></mtext></math>`,
  `<link rel=stylesheet href=http://example.invalid/a.css>`, `<meta http-equiv=refresh content="0;url=http://example.invalid/">`,
  `<base href="http://example.invalid/">`, `<form action=http://example.invalid/><button>press</button></form>`,
  `<style>@import "http://example.invalid/b.css";</style>`, `<div style="background:url(http://example.invalid/c.png)">`,
  `<img src="http://example.invalid/d.png">`, `<script src="http://example.invalid/e.js"></script>`, `\${${call}}`, `{{constructor.constructor('${call}')()}}`,
  `#{${call}}`, `<%= ${call} %>`, `");${call};//`, `');${call};//`, `\\");${call};//`, `\u2028${call}\u2029`, `&lt;script&gt;${call}&lt;/script&gt;`,
  `&#60;script&#62;${call}`, `%3Cscript%3E${call}%3C/script%3E`, `\\u003cscript\\u003e${call}`, `<scr<script>ipt>${call}</scr</script>ipt>`,
  `<SCRIPT>${call}</SCRIPT>`, `<svg><animate onbegin=${call} attributeName=x dur=1s>`, `<svg><a xlink:href="javascript:${call}"><text>a</text></a></svg>`,
  `<template><script>${call}</script></template>`, `<noscript><p title="</noscript><img src=x onerror=${call}>">`, `{a|${call}}`, `{image|}`,
  `=HYPERLINK("http://example.invalid/","press")`, `@SUM(1+1)*cmd|' /C calc'!A0`, `__proto__`, `constructor`, `\u202egnp.egami`, `<b>bold</b>`,
  `'; DROP TABLE task; --`,
];

const [program, script] = process.argv.slice(2);
const place = workplace(program);
const quoted = (text) => `[==[${text}]==]`;
const oneLine = payloads.slice(0, 12).join(' ');
// A file whose name is a payload too; a slash alone cannot stand in it.
const name = `<img src=x onerror=${call}>.lua`;

function texts() {
  writeFileSync(join(place.folder, name), readFileSync(script, 'utf8').replace('PAYLOADS', () => `{ ${payloads.map(quoted).join(', ')} }`)
    .replace('NAME', () => quoted(oneLine)));
  place.espalier(['run', name, '-q', '--seed', '3'], [1]);
  place.espalier(['report', '-o', 'run.html']);
  place.espalier(['plot', 'last', 'x=fail', 'y=level', 'by=text', `title=${oneLine}`, '-o', 'picture.svg']);
}

// Elements that no report has, and attributes that act.
const strangers = () => {
  const all = [...document.querySelectorAll('*')];
  const allowed = new Set(['HTML', 'HEAD', 'META', 'TITLE', 'STYLE', 'BODY', 'NOSCRIPT', 'SCRIPT', 'A', 'HEADER', 'MAIN', 'FOOTER', 'NAV', 'SECTION', 'DIV',
    'SPAN', 'P', 'STRONG', 'H1', 'H2', 'H3', 'DL', 'DT', 'DD', 'UL', 'LI', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD', 'BUTTON', 'INPUT', 'LABEL',
    'DETAILS', 'SUMMARY', 'PRE', 'CODE', 'FIGURE', 'FIGCAPTION', 'CANVAS', 'DIALOG']);
  return [...all.filter((one) => !allowed.has(one.tagName.toUpperCase())).map((one) => `<${one.tagName}>`),
    ...all.flatMap((one) => [...one.attributes].filter(({ name: n, value }) => n.startsWith('on') || n === 'src' || (n === 'href' && !value.startsWith('#')))
      .map(({ name: n }) => `${one.tagName} ${n}`)),
    ...(document.querySelectorAll('script').length === 2 ? [] : ['another script']),
    ...(document.querySelectorAll('meta').length === 5 ? [] : ['another meta'])];
};

try {
  texts();
  await inChromium(script, async ({ open }) => {
    for (const bypassCSP of [true, false]) {
      const page = await open(join(place.folder, 'run.html'), { bypassCSP });
      await page.getByLabel('all columns').check();
      for (const box of await page.locator('.chart').all()) await box.evaluate((one) => one.drawNow());
      for (const button of await page.getByRole('button', { name: /^Numbers of/ }).all()) await button.evaluate((one) => one.click());
      const found = await page.evaluate(() => {
        const texts = (selector, of = (one) => one.textContent) => [...document.querySelectorAll(selector)].map(of);
        const column = (label) => [...document.querySelectorAll('#tasks thead th')].findIndex((th) => th.textContent === label) + 1;
        return {
          'title of a plot': texts('#plots h3'), caption: texts('#plots figure > .note'),
          'label of a plot for those who listen': texts('.chart', (one) => one.getAttribute('aria-label')),
          'name of a curve': texts('#plots .numbers tbody th'), 'label of an axis': texts('#plots .numbers thead th'),
          'name of a node': texts('figure[data-kind="network"] .numbers td'), 'class of a node': texts('figure[data-kind="network"] .swatches li'),
          category: texts('figure[data-kind="box"] .numbers td'), 'title of an image': texts('.panel-title'),
          'error of a task': texts('#failures p'), output: texts('#failures pre'), scorecard: texts('#scorecard tr'),
          'name of a column': texts('#tasks thead th'), 'parameter of a task': texts(`#tasks tbody td:nth-child(${column('text')})`),
          'result of a task': texts(`#tasks tbody td:nth-child(${column('said')})`), script: texts('#provenance pre.code'),
        };
      });
      // Tables are shown a page at a time: each payload is asked for by the filter.
      for (const field of ['parameter of a task', 'result of a task']) check(found[field].length === 50, `${field}: ${found[field].length} on a page`);
      const named = Object.entries(found).filter(([field]) => !field.endsWith('of a task') || field.startsWith('error'));
      for (const [field, all] of named) {
        const missing = payloads.filter((payload) => !all.some((text) => text.includes(payload)));
        check(missing.length === 0, `${field}: ${missing.length} payloads are not there as they were given, ${missing[0]}`);
      }
      check(named.length >= 12, `only ${named.length} fields`);
      check(await page.title() === oneLine && await page.locator('h1').textContent() === oneLine, 'the name of the run is another');
      check((await page.locator('header').textContent()).includes(name), 'the name of the script is another');
      for (const task of [1, 7, 40]) {
        await page.locator('#tasks tbody .link').nth(task).evaluate((one) => one.click());
        check((await page.locator('dialog').textContent()).includes(payloads[Math.floor(task / 2)]) || task !== 1, 'a task in full lacks its payload');
        await page.keyboard.press('Escape');
      }
      await page.mouse.move(400, 400);
      for (const stranger of await page.evaluate(strangers)) check(false, `a payload became an element or attribute: ${stranger}`);
    }
    const svg = await open(join(place.folder, 'picture.svg'), { bypassCSP: true, still: true });
    const bad = await svg.evaluate(() => [...document.querySelectorAll('*')].filter((one) => ['script', 'img', 'iframe', 'a', 'foreignObject'].includes(one.localName) ||
      [...one.attributes].some((attribute) => attribute.name.startsWith('on'))).map((one) => one.outerHTML.slice(0, 80)));
    check(bad.length === 0, `a payload became an element of the SVG: ${bad[0]}`);
    check((await svg.evaluate(() => document.documentElement.textContent)).includes(payloads[0]), 'the SVG lacks the payload as text');
  });
} finally {
  place.remove();
}
