// The page: reads what is asked for from the address, asks the gateway, shows the answer, and does so again while it is looked at.
import * as chart from './chart.js';
import * as filters from './filters.js';
import * as format from './format.js';
import * as gateway from './gateway.js';
import * as state from './state.js';
import * as table from './table.js';

const $ = id => document.getElementById(id);
let shown = state.read(location.search), report, text, running, timer, isLive = true, admin = true;

/** Another state, in the address too. */
function show(change) {
  shown = state.consistent({ ...shown, ...change });
  history.pushState(null, '', state.write(shown));
  controls();
  refresh(true);
}

async function refresh(asked) {
  clearTimeout(timer);
  running?.abort();
  const abort = (running = new AbortController());
  $('report').setAttribute('aria-busy', String(Boolean(asked)));
  try {
    const answer = await gateway.report(state.question(shown), abort.signal);
    if (running !== abort) return;
    trouble('');
    $('updated').textContent = 'Updated ' + new Date().toLocaleTimeString('en', { hourCycle: 'h23' });
    const { to, ...rest } = answer;
    const same = text === JSON.stringify(rest);
    text = JSON.stringify(rest);
    if (!same || asked) render(answer);
    if (asked) say();
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error instanceof gateway.SignedOut) return signedOut();
    trouble(error instanceof TypeError ? 'The gateway does not answer. Is rpkai gateway running?' : error.message);
  }
  if (running === abort) $('report').removeAttribute('aria-busy');
  if (isLive && !document.hidden) timer = setTimeout(refresh, state.WINDOWS[shown.window].every * 1000);
}

function render(answer) {
  report = answer;
  admin = report.caller.admin;
  $('signed-out').hidden = true;
  $('report').hidden = $('live').hidden = false;
  $('who').hidden = !report.caller.signedIn;
  $('who').textContent = report.caller.name + (admin ? '' : ' · your own calls');
  $('sign-out').hidden = !report.caller.signedIn;
  tiles();
  const none = report.total.requests === 0;
  empty(none);
  for (const id of ['course', 'parts']) $(id).hidden = none;
  if (none) return;
  const colourOf = chart.colours(shown.by, report.series);
  $('course-title').textContent = state.MEASURES[shown.measure] + ' by ' + state.DIMENSIONS[shown.by].toLowerCase();
  $('course-note').textContent = 'per ' + stepName(report.stepSeconds) + (report.seriesBefore ? ', dashed: ' + (shown.window === 'custom' ? 'the same length of time before' : 'the ' + state.WINDOWS[shown.window].name.replace('1 ', '') + ' before') : '');
  $('plot').setAttribute('aria-label', $('course-title').textContent);
  chart.draw($('canvas'), shown, report, colourOf);
  legend(colourOf);
  $('parts-title').textContent = state.DIMENSIONS[shown.by] === 'Token kind' ? 'Kinds of tokens' : state.DIMENSIONS[shown.by] + 's';
  table.rows($('rows'), shown, report, colourOf, key => show({ only: { ...shown.only, [shown.by]: key } }));
  if ($('numbers').open) table.points($('points'), shown, report);
}

function stepName(seconds) {
  const days = seconds / 86400, hours = seconds / 3600;
  return days >= 1 ? (days === 1 ? 'day' : days === 7 ? 'week' : days + ' days') : hours >= 1 ? (hours === 1 ? 'hour' : hours + ' hours') : seconds === 60 ? 'minute' : seconds / 60 + ' minutes';
}

function tiles() {
  const { total } = report, { before } = total;
  const fill = (id, value, now, earlier, note) => {
    const [strong, change, hint] = $(id).querySelectorAll('strong, .change, .note');
    strong.textContent = value;
    const moved = before && now !== undefined ? format.change(now, earlier) : { text: '', way: '' };
    change.textContent = moved.text;
    change.className = 'change ' + moved.way;
    hint.textContent = note;
  };
  const unpriced = table.unknown(total);
  fill('tile-cost', table.isUnpriced(total) ? table.noCost(total) : table.isFree(total) ? 'free' : format.dollars(total.cost.total), total.cost.total, before?.cost.total, unpriced || (before ? 'before: ' + format.dollars(before.cost.total) : ''));
  $('tile-cost').classList.toggle('has-unpriced', total.unpriced > 0 || total.estimated > 0);
  fill('tile-requests', format.short(total.requests), total.requests, before?.requests, total.failed ? format.count(total.failed) + ' failed' : before ? 'before: ' + format.short(before.requests) : '');
  fill('tile-tokens', format.short(total.tokens.total), total.tokens.total, before?.tokens.total, 'in ' + format.short(table.inputs(total)) + ' · out ' + format.short(total.tokens.output));
  fill('tile-cache', table.inputs(total) ? format.percent(total.cacheHitRatio) : '–', undefined, undefined, before && before.tokens.total ? 'before: ' + format.percent(before.cacheHitRatio) : 'of the input');
  fill('tile-latency', total.latency ? format.duration(total.latency.p50) : '–', undefined, undefined, total.latency ? 'p95 ' + format.duration(total.latency.p95) + (total.firstByte ? ' · first byte ' + format.duration(total.firstByte.p50) : '') : '');
}

function legend(colourOf) {
  $('legend').replaceChildren(...report.series.map(part => {
    const rows = report.rows.filter(part.others ? row => row.others || !report.series.some(other => !other.others && other.key === row.key) : row => !row.others && row.key === part.key);
    const all = is => shown.measure === 'cost' && rows.every(row => is(row) || !row.requests) && rows.some(is);
    const value = all(table.isUnmeasured) ? 'not measured' : all(table.isUnpriced) ? 'unpriced' : all(table.isFree) ? 'free' : format.measured(shown.measure, part.values.reduce((sum, each) => sum + each, 0));
    return table.element('li', {}, table.element('span', { className: 'swatch ' + colourOf(part) }), table.element('span', { className: 'key' }, format.name(shown.by, part)), ' ', table.element('span', { className: 'quiet' }, value));
  }));
}

/** What to run, where there is nothing to show. */
function empty(none) {
  $('empty').hidden = !none;
  if (!none) return;
  const narrowed = Object.keys(shown.only).length > 0;
  $('empty-title').textContent = narrowed ? 'No matching calls' : 'No calls in this period';
  $('empty-text').textContent = narrowed ? 'No call in this period matches all filters. Remove a filter or choose a longer period.' : 'Send a request through this gateway. It appears here within seconds:';
  $('empty-commands').replaceChildren(...(narrowed ? [] : report.firstSteps.map(step => step.replace('GATEWAY', gateway.address()))).map(command));
}

function command(line) {
  const copy = table.element('button', { type: 'button', className: 'copy' }, 'Copy');
  copy.dataset.copy = line;
  return table.element('p', { className: 'command' }, table.element('code', {}, line), copy);
}

function signedOut(why) {
  if (why) $('signed-out-why').textContent = why;
  $('login-command').textContent = 'rpkai auth login ' + gateway.address();
  $('signed-out').hidden = false;
  for (const id of ['report', 'who', 'sign-out', 'live']) $(id).hidden = true;
  text = undefined;
}

function trouble(what) {
  $('trouble').hidden = !what;
  $('trouble').textContent = what;
}

function say() {
  const { total } = report;
  $('said').textContent = state.WINDOWS[shown.window].name + ': ' + (total.requests ? format.dollars(total.cost.total) + ', ' + format.count(total.requests) + ' requests, ' + format.count(total.tokens.total) + ' tokens' : 'no calls');
}

/** Lets the controls say what is shown. */
function controls() {
  for (const input of $('windows').querySelectorAll('input')) input.checked = input.value === shown.window;
  $('custom').hidden = shown.window !== 'custom';
  if (shown.window === 'custom') for (const end of ['from', 'to']) $(end).value = shown[end];
  $('by').value = shown.by;
  $('compare').checked = shown.compare;
  for (const tile of document.querySelectorAll('.tile[data-measure]')) tile.setAttribute('aria-pressed', String(tile.dataset.measure === shown.measure));
  filters.chips($('chips'), shown.only, by => { const only = { ...shown.only }; delete only[by]; show({ only }); });
  filters.offer($('filter-by'), shown.only, admin ? [] : ['user']);
}

function wire() {
  for (const [id, { name }] of Object.entries(state.WINDOWS)) {
    const input = table.element('input', { type: 'radio', name: 'window', value: id, className: 'hidden' });
    $('windows').append(table.element('label', { title: name }, input, table.element('span', {}, id === 'custom' ? name : id)));
    input.addEventListener('change', () => (id === 'custom' ? custom() : show({ window: id })));
  }
  for (const [id, name] of Object.entries(state.DIMENSIONS)) $('by').append(table.element('option', { value: id }, name));
  $('by').addEventListener('change', event => show({ by: event.target.value }));
  $('compare').addEventListener('change', event => show({ compare: event.target.checked }));
  $('custom').addEventListener('submit', event => {
    event.preventDefault();
    const [from, to] = [$('from').value, $('to').value];
    $('custom-wrong').textContent = from > to ? 'The period ends before it starts.' : '';
    if (from <= to) show({ window: 'custom', from, to });
  });
  for (const tile of document.querySelectorAll('.tile[data-measure]')) tile.addEventListener('click', () => show({ measure: tile.dataset.measure, ...(tile.dataset.measure === 'requests' && shown.by === 'kind' && { by: 'model' }) }));
  filters.form($('filter'), $('add-filter'), values, (by, value) => show({ only: { ...shown.only, [by]: value } }));
  chart.walk($('plot'), words => ($('readout').textContent = words));
  $('numbers').addEventListener('toggle', () => $('numbers').open && table.points($('points'), shown, report));
  $('csv').addEventListener('click', download);
  $('live').addEventListener('click', () => { isLive = !isLive; $('live').setAttribute('aria-pressed', String(isLive)); $('live').lastChild.textContent = isLive ? 'Live' : 'Paused'; refresh(); });
  $('sign-out').addEventListener('click', async () => { await gateway.signOut(); refresh(); });
  document.addEventListener('click', event => { const what = event.target.dataset?.copy; if (what) navigator.clipboard?.writeText(what).then(() => { event.target.textContent = 'Copied'; setTimeout(() => (event.target.textContent = 'Copy'), 1500); }); });
  document.addEventListener('visibilitychange', () => !document.hidden && refresh());
  addEventListener('popstate', () => { shown = state.read(location.search); controls(); refresh(true); });
  theme();
}

/** Opens the form for two days, on those that are shown now. */
function custom() {
  const { from, to } = state.span(shown);
  const day = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);
  show({ window: 'custom', from: day(from), to: day(to) });
  $('from').focus();
}

async function values(by) {
  const only = { ...shown.only };
  delete only[by];
  const query = state.question({ ...shown, by, only, compare: false });
  query.delete('step');
  return (await gateway.report(query)).rows.filter(row => !row.others);
}

function download() {
  const url = URL.createObjectURL(new Blob([table.csv(shown, report)], { type: 'text/csv' }));
  table.element('a', { href: url, download: 'usage-by-' + shown.by + '-' + report.from.slice(0, 10) + '.csv' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function theme() {
  const root = document.documentElement, redraw = () => report && render(report);
  for (const input of $('theme').querySelectorAll('input')) {
    input.checked = input.value === (root.dataset.theme ?? 'system');
    input.addEventListener('change', () => {
      if (input.value === 'system') delete root.dataset.theme;
      else root.dataset.theme = input.value;
      try { localStorage.setItem('rpkai-theme', input.value); } catch { /* for this time only */ }
      redraw();
    });
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

async function start() {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  wire();
  controls();
  if (code) {
    // Out of the address before anything else: it is good once, and not to be kept.
    history.replaceState(null, '', location.pathname + location.search);
    if (!(await gateway.signIn(code))) signedOut('This link was already used or is older than a minute. In your terminal, run:');
  }
  refresh();
}

start();
