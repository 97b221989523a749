// Uses the Cost & Usage page as people do, in a real browser, and prints what was on the screen. UsagePageBrowserTest starts the
// gateways and holds it against the store.
import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';

const { OPEN, CLOSED, TOKEN, EMPTY, CHROMIUM, SHOTS } = process.env;
const seen = { console: [], foreign: [], overflow: [] };
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });

/** @param expected what the console may say, for as long as the page lives: that nobody is signed in */
async function page(options, expected = []) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on('console', message => !expected.some(text => message.text().includes(text)) && seen.console.push(message.type() + ' ' + message.text()));
  page.on('pageerror', error => seen.console.push('error ' + error.message));
  page.on('request', request => ![OPEN, CLOSED, EMPTY].some(own => request.url().startsWith(own + '/')) && !request.url().startsWith('blob:') && seen.foreign.push(request.url()));
  return page;
}

async function shot(page, name) {
  seen.overflow.push(...(await page.evaluate(() => (document.documentElement.scrollWidth > innerWidth ? [document.documentElement.scrollWidth] : []))).map(width => name + ' ' + width));
  if (SHOTS) await page.screenshot({ path: SHOTS + '/' + name + '.png', fullPage: true });
}

/** Does something, and waits for the answer that it asks for to be on the screen. */
async function after(page, act) {
  const answered = page.waitForResponse(response => response.url().includes('/ui/report'));
  await act();
  await answered;
  await page.waitForSelector('#report:not([aria-busy])');
}

const text = (page, selector) => page.locator(selector).innerText();
const rows = page => page.$$eval('#rows tbody tr', all => all.map(row => ({ name: row.querySelector('.key').textContent, cost: row.cells[1].querySelector('span')?.title || row.cells[1].textContent, cells: [...row.cells].map(cell => cell.innerText) })));
/** What Chart.js has drawn, summed. */
const drawn = page => page.evaluate(() => Chart.getChart('canvas').data.datasets.map(set => [set.label, set.data.reduce((sum, value) => sum + value, 0)]));

const desk = await page({ acceptDownloads: true });
await after(desk, () => desk.goto(OPEN + '/ui?window=24h'));
await desk.waitForSelector('#rows tbody tr');
seen.title = await desk.title();
seen.tiles = await desk.$$eval('.tile strong', all => all.map(each => each.textContent));
seen.spendNote = await text(desk, '#tile-cost .note');
await shot(desk, 'light-1440');

seen.by = {};
for (const by of ['provider', 'user', 'agent', 'session', 'kind', 'model']) {
  await after(desk, () => desk.selectOption('#by', by));
  seen.by[by] = { rows: await rows(desk), drawn: await drawn(desk), address: new URL(desk.url()).search };
}
seen.measures = {};
for (const measure of ['requests', 'tokens', 'cost']) {
  await after(desk, () => desk.click('#tile-' + measure));
  seen.measures[measure] = { drawn: await drawn(desk), title: await text(desk, '#course-title'), pressed: await desk.getAttribute('#tile-' + measure, 'aria-pressed') };
}
seen.windows = {};
for (const window of ['1h', '6h', '7d', '30d', '90d', '1y', '24h']) {
  await after(desk, () => desk.click(`#windows label:has(input[value="${window}"])`));
  seen.windows[window] = { requests: await text(desk, '#tile-requests strong'), said: await text(desk, '#said'), address: new URL(desk.url()).search };
}

seen.change = await text(desk, '#tile-requests .change');
await after(desk, () => desk.uncheck('#compare'));
seen.columnsAlone = await desk.$$eval('#rows thead th', all => all.map(each => each.innerText));
await after(desk, () => desk.check('#compare'));
seen.columns = await desk.$$eval('#rows thead th', all => all.map(each => each.innerText));

await desk.click('#rows thead button:has-text("Requests")');
seen.sorted = { rows: (await rows(desk)).map(row => row.name), sort: await desk.getAttribute('#rows th:has(button:has-text("Requests"))', 'aria-sort') };
await desk.click('#rows thead button:has-text("Model")');
seen.sortedByName = (await rows(desk)).map(row => row.name);

// A filter by the form, one by a click on a row, and both taken away.
await desk.click('#add-filter');
await desk.selectOption('#filter-by', 'user');
await desk.waitForSelector('#filter-value option[value="grace@example.com"]', { state: 'attached' });
await desk.selectOption('#filter-value', 'grace@example.com');
await after(desk, () => desk.click('#filter button[type=submit]'));
seen.filtered = { requests: await text(desk, '#tile-requests strong'), address: new URL(desk.url()).search, chips: await desk.$$eval('#chips li', all => all.map(each => each.innerText)) };
await after(desk, () => desk.click('#rows tbody tr:first-child button.choose'));
seen.filteredTwice = { address: new URL(desk.url()).search, rows: (await rows(desk)).length };
await after(desk, () => desk.reload());
await desk.waitForSelector('#chips li');
seen.reloaded = await desk.$$eval('#chips li', all => all.length);
await after(desk, () => desk.goBack());
seen.back = await desk.$$eval('#chips li', all => all.length);
await after(desk, () => desk.click('#chips button'));
seen.unfiltered = await text(desk, '#tile-requests strong');

// Hover and keyboard say what a step comes to.
await desk.hover('#canvas', { position: { x: (await desk.locator('#canvas').boundingBox()).width - 14, y: 150 } });
await desk.waitForFunction(() => Chart.getChart('canvas').tooltip.opacity > 0);
seen.tooltip = await desk.evaluate(() => { const { title, body, footer } = Chart.getChart('canvas').tooltip; return [...title, ...body.flatMap(part => part.lines), ...footer]; });
await shot(desk, 'hover-1440');
await desk.mouse.move(5, 5);
await desk.focus('#plot');
await desk.keyboard.press('End');
seen.readout = await text(desk, '#readout');
await desk.keyboard.press('Escape');
await desk.click('#numbers summary');
seen.numbers = await desk.$$eval('#points tbody tr', all => all.slice(0, 2).map(row => row.innerText));
await desk.click('#numbers summary');

const download = desk.waitForEvent('download');
await desk.click('#csv');
seen.csv = await readFile(await (await download).path(), 'utf8');
seen.csvName = (await download).suggestedFilename();

seen.colours = {};
for (const theme of ['dark', 'light', 'system']) {
  await desk.click(`#theme label:has(input[value=${theme}])`);
  seen.colours[theme] = await desk.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

// A range of days.
await after(desk, () => desk.click('#windows label:has(input[value=custom])'));
await desk.fill('#from', '2024-01-02');
await desk.fill('#to', '2024-01-01');
await desk.click('#custom button');
seen.customWrong = await text(desk, '#custom-wrong');
await desk.fill('#to', '2024-01-03');
await after(desk, () => desk.click('#custom button'));
seen.custom = { address: new URL(desk.url()).search, title: await text(desk, '#empty-title') };

// Live: a call comes in while the page is looked at, and then while it is paused.
await after(desk, () => desk.goto(OPEN + '/ui?window=1h'));
const live = await text(desk, '#tile-requests strong');
const call = () => fetch(OPEN + '/llm/v1/providers/demo/v1/messages', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] }) }).then(response => response.text());
await call();
await desk.waitForFunction(before => document.querySelector('#tile-requests strong').textContent !== before, live);
seen.live = [live, await text(desk, '#tile-requests strong')];
await desk.click('#live');
seen.paused = await text(desk, '#live');
await after(desk, () => desk.selectOption('#by', 'provider'));
seen.demo = [(await rows(desk)).find(row => row.name === 'demo').cells[1], await text(desk, '#legend li:has-text("demo") .quiet')];

// Sixty parts, folded: as from a gateway that many people use.
const many = await page();
await many.route('**/ui/report*', async route => {
  const answer = await route.fetch(), json = await answer.json();
  const { key, ...one } = json.rows[0];
  json.rows = Array.from({ length: 60 }, (_, at) => ({ key: 'part-' + at, ...one, requests: 1000 + at }));
  await route.fulfill({ response: answer, json });
});
await after(many, () => many.goto(OPEN + '/ui?by=session'));
await many.waitForSelector('#rows .fold');
const fold = async () => ({ rows: (await rows(many)).length, last: (await rows(many)).at(-1), expanded: await many.getAttribute('#rows .fold', 'aria-expanded'), focused: await many.evaluate(() => document.activeElement.innerText) });
await many.click('#rows thead button:has-text("Requests")');
seen.folded = await fold();
await shot(many, 'folded-1440');
await many.focus('#rows .fold');
await many.keyboard.press('Enter');
seen.unfolded = await fold();
await many.focus('#rows .fold');
await many.keyboard.press('Space');
seen.foldedAgain = await fold();

for (const [name, width, colorScheme] of [['dark-1440', 1440, 'dark'], ['light-390', 390, 'light'], ['dark-390', 390, 'dark']]) {
  const other = await page({ viewport: { width, height: 844 }, colorScheme });
  await after(other, () => other.goto(OPEN + '/ui'));
  await other.waitForSelector('#rows tbody tr');
  seen.colours[name] = await other.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await shot(other, name);
  await other.context().close();
}

// Behind a sign-in.
const door = await page({}, ['401', '403']);
await door.goto(CLOSED + '/ui');
await door.waitForSelector('#signed-out:not([hidden])');
seen.signedOut = { text: await text(door, '#signed-out'), shown: await door.isVisible('#report') };
await shot(door, 'signed-out-1440');
await door.goto('about:blank');
const CODE = (await (await fetch(CLOSED + '/ui/code', { method: 'POST', headers: { authorization: 'Bearer ' + TOKEN } })).json()).code; // as rpkai ui does
await after(door, () => door.goto(CLOSED + '/ui?by=user#code=' + CODE));
await door.waitForSelector('#rows tbody tr');
seen.signedIn = { address: door.url(), who: await text(door, '#who'), rows: (await rows(door)).map(row => row.name), script: await door.evaluate(() => document.cookie), cookies: (await door.context().cookies()).map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path })) };
const other = await page({}, ['401', '403']);
await other.goto(CLOSED + '/ui#code=' + CODE);
await other.waitForSelector('#signed-out:not([hidden])');
seen.usedTwice = await text(other, '#signed-out');

const bare = await page({ viewport: { width: 390, height: 844 } });
await bare.goto(EMPTY + '/ui');
await bare.waitForSelector('#empty:not([hidden])');
seen.empty = await text(bare, '#empty');
await shot(bare, 'empty-390');

await browser.close();
console.log(JSON.stringify(seen));
