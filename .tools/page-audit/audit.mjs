// Looks at a built status page as browsers and clients do: node audit.mjs SITE [SHOTS]. It prints what it counted, and
// each fault on a line; the exit code is 1 where there is one. SHOTS is a folder for pictures of home and an incident.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const { Statuspage } = require('statuspage.io');
const [site, shots] = process.argv.slice(2);
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.xml': 'application/xml', '.png': 'image/png' };
const server = http.createServer((request, response) => {
  const file = path.join(site, decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/\/$/, '/index.html'));
  const missing = !fs.existsSync(file) || fs.statSync(file).isDirectory();
  response.writeHead(missing ? 404 : 200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' });
  response.end(missing ? '' : fs.readFileSync(file));
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const root = `http://127.0.0.1:${server.address().port}/`;

const files = fs.readdirSync(site, { recursive: true }).filter(f => fs.statSync(path.join(site, f)).isFile());
const pages = files.filter(f => f.endsWith('.html'));

// HTML by the standard.
const validator = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:standard'], rules: { 'no-inline-style': 'error' } }));
for (const page of pages) {
  for (const result of (await validator.validateFile(path.join(site, page))).results) {
    for (const m of result.messages) fault(`${page}:${m.line}:${m.column}`, `html ${m.ruleId}: ${m.message}`);
  }
}

// Each page in the browser, in both schemes and two widths, as it is and under axe.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const counts = { looks: 0, passes: 0, violations: 0, incomplete: 0, requests: 0, links: 0 };
const kinds = [...new Set(['index.html', 'history.html', '404.html', ...['incidents', 'components'].flatMap(k => pages.filter(p => p.startsWith(k + '/')).slice(0, 6))])];
for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 320]) {
    for (const page of kinds) {
      const where = `${page} ${colorScheme} ${width}`;
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
      const tab = await context.newPage();
      tab.on('console', m => fault(where, `console ${m.type()}: ${m.text()}`));
      tab.on('pageerror', e => fault(where, `error: ${e}`));
      tab.on('requestfailed', r => fault(where, `request failed: ${r.url()}`));
      tab.on('response', r => { counts.requests++; if (r.status() >= 400) fault(where, `${r.status()} ${r.url()}`); });
      tab.on('request', r => {
        if (!r.url().startsWith(root)) fault(where, `foreign request: ${r.url()}`);
        if (r.resourceType() === 'script') fault(where, `script: ${r.url()}`);
      });
      await tab.goto(root + page, { waitUntil: 'load' });
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) fault(where, `scrolls sideways: ${wide} > ${width}`);
      counts.looks++;
      await context.close();

      const apart = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      const under = await apart.newPage();
      await under.goto(root + page);
      await under.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
      await under.evaluate(axe);
      const found = await under.evaluate(() => globalThis.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }));
      counts.passes += found.passes.length;
      counts.incomplete += found.incomplete.length;
      counts.violations += found.violations.length;
      for (const v of found.violations) fault(where, `axe ${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`);
      await apart.close();
    }
  }
}

// Every link of every page leads somewhere.
const context = await browser.newContext();
const tab = await context.newPage();
const seen = new Map();
for (const page of pages) {
  await tab.goto(root + page);
  const targets = await tab.evaluate(() => [...document.querySelectorAll('[href], [src]')].map(e => [e.href || e.src, !new URL(e.href || e.src).hash || new URL(e.href || e.src).pathname !== location.pathname || !!document.getElementById(decodeURIComponent(new URL(e.href || e.src).hash.slice(1)))]));
  for (const [target, there] of targets) {
    counts.links++;
    if (!there) fault(page, `no such place: ${target}`);
    const address = target.split('#')[0];
    if (!address.startsWith(root)) continue; // elsewhere, or the page's own address on the web
    if (!seen.has(address)) seen.set(address, (await fetch(address)).status);
    if (seen.get(address) !== 200) fault(page, `dead link: ${target}`);
  }
}

// What a text browser and a printer get: the words without a style.
const plain = await browser.newContext({ javaScriptEnabled: false });
const bare = await plain.newPage();
await bare.goto(root + 'index.html');
await bare.emulateMedia({ media: 'print' });
if (!(await bare.innerText('main')).trim()) fault('index.html', 'nothing to read in print');
await plain.close();

if (shots) {
  fs.mkdirSync(shots, { recursive: true });
  const open = (await (await fetch(root + 'api/incident/v1/status.json')).json()).open[0]?.path;
  for (const [name, page, scheme, width, height] of [['status-page', 'index.html', 'light', 1000, 1180], ['status-page-dark', 'index.html', 'dark', 1000, 1180], ['incident-page', open, 'light', 1000, 760], ['status-page-phone', 'index.html', 'light', 390, 900]]) {
    const c = await browser.newContext({ colorScheme: scheme, viewport: { width, height } });
    const t = await c.newPage();
    await t.goto(root + page);
    await t.screenshot({ path: path.join(shots, name + '.png') });
    await c.close();
  }
}
await browser.close();

// The JSON in the hands of a client of Statuspage.
if (files.includes(path.join('api', 'v2', 'summary.json'))) {
  const client = new Statuspage('k3v9q2hx7m4t');
  client.setApiUrl(root);
  const read = {
    summary: await client.api.getSummary(), status: await client.api.getStatus(), components: await client.api.getComponents(),
    incidents: await client.api.incidents.getAll(), unresolved: await client.api.incidents.getUnresolved(), maintenances: await client.api.scheduledMaintenances.getAll(),
  };
  for (const [what, ok] of Object.entries({
    'the indicator is one of four': ['none', 'minor', 'major', 'critical'].includes(read.status.status.indicator),
    'there are components': read.components.components.length > 0,
    'the summary holds what is unresolved': read.summary.incidents.length === read.unresolved.incidents.length,
    'every incident has updates': read.incidents.incidents.every(i => i.incident_updates.length > 0 && i.incident_updates.every(u => u.body)),
    'times can be read': read.incidents.incidents.every(i => !Number.isNaN(Date.parse(i.created_at))),
    'maintenances are a list': Array.isArray(read.maintenances.scheduled_maintenances),
  })) if (!ok) fault('api/v2', what);
} else if (JSON.parse(fs.readFileSync(path.join(site, 'api', 'incident', 'v1', 'status.json'))).audience === 'customer') {
  fault('api/v2', 'missing'); // other pages have no public address, and so none
}
server.close();

console.log(`${pages.length} pages as HTML, ${kinds.length} of them in the browser in light and dark, 1280 and 320 wide: ${counts.looks} looks, ${counts.requests} requests, ${counts.links} links`);
console.log(`axe ${require('axe-core/package.json').version}: ${counts.violations} violations, ${counts.passes} rules passed, ${counts.incomplete} to be judged by a person`);
for (const f of faults) console.log(f);
console.log(`${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
