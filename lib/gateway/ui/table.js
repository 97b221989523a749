// The tables: the parts of the total, and the chart's numbers; and the parts as a file.
import * as fold from './fold.js';
import * as format from './format.js';
import { MEASURES, DIMENSIONS } from './state.js';
import { stepsOf } from './chart.js';

/** A column: its name, what it sorts by, what it shows. */
const COLUMNS = [
  { id: 'cost', name: 'Spend', value: row => row.cost.total, show: spend },
  { id: 'change', name: 'Change', compared: true, value: (row, measure) => share(row, measure) - share(row.before, measure), show: changed },
  { id: 'requests', name: 'Requests', notKinds: true, value: row => row.requests, show: row => format.count(row.requests) },
  { id: 'tokens', name: 'Tokens', value: row => row.tokens.total, show: row => number(row.tokens.total) },
  { id: 'input', name: 'Input', notKinds: true, value: row => row.tokens.input, show: row => number(row.tokens.input) },
  { id: 'cached', name: 'Cached', notKinds: true, value: row => row.tokens.cached_input, show: row => number(row.tokens.cached_input) },
  { id: 'output', name: 'Output', notKinds: true, value: row => row.tokens.output, show: row => number(row.tokens.output) },
  { id: 'hits', name: 'Cache hits', notKinds: true, value: row => row.cacheHitRatio, show: row => (inputs(row) ? format.percent(row.cacheHitRatio) : '–') },
  { id: 'p50', name: 'Median', notKinds: true, value: row => row.latency?.p50 ?? -1, show: row => (row.latency ? format.duration(row.latency.p50) : '–') },
  { id: 'p95', name: 'p95', notKinds: true, value: row => row.latency?.p95 ?? -1, show: row => (row.latency ? format.duration(row.latency.p95) : '–') },
  { id: 'failed', name: 'Errors', notKinds: true, value: row => row.failed, show: row => (row.failed ? format.count(row.failed) : '–') },
];

let sorted = { id: '', down: true };

export const inputs = row => row.tokens.total - row.tokens.output;

/** Whether the demo model answered all of it. */
export const isFree = row => row.free > 0 && row.free === row.requests;
/** Whether nothing is known of what was used. */
export const isUnmeasured = row => row.unmeasured > 0 && row.unmeasured === row.requests;
/** Whether tokens were used that have no price, and nothing that has one. */
export const isUnpriced = row => row.unpriced > 0 && row.cost.total === 0;

/** How many requests have no known cost, in words; nothing where there are none. */
export function unknown(row) {
  const requests = number => format.count(number) + (number === 1 ? ' request' : ' requests');
  const unmeasured = row.unmeasured ? format.count(row.unmeasured) + ' not measured' : '';
  const unpriced = row.unpriced - row.unmeasured;
  const estimated = row.estimated ? format.count(row.estimated) + ' estimated' : '';
  return [unpriced > 0 ? requests(unpriced) + ' unpriced' : '', unmeasured, estimated].filter(part => part).join(', ');
}

/** What stands in the place of a cost that is not known. */
export const noCost = row => (isUnmeasured(row) ? 'not measured' : 'unpriced');

/** Draws the parts. */
export function rows(table, state, report, colourOf, choose) {
  const columns = COLUMNS.filter(column => !(column.compared && !report.total.before) && !(column.notKinds && state.by === 'kind'));
  const focused = table.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
  const again = () => rows(table, state, report, colourOf, choose);
  const head = element('tr', {}, heading(DIMENSIONS[state.by], 'name', again), ...columns.map(column => heading(column.name, column.id, again)));
  // All the others together would make every bar a dot.
  const most = Math.max(1, ...report.rows.filter(row => !row.others).map(row => share(row, state.measure)));
  const drawn = new Set(report.series.map(part => (part.others ? '\0' : part.key)));
  const ordered = order(report.rows, columns, state);
  const body = fold.shown(ordered, state.by).map(row => {
    const isDrawn = drawn.has(row.others ? '\0' : row.key);
    const swatch = element('span', { className: 'swatch ' + (isDrawn ? colourOf(row) : 'others') });
    const name = element('span', { className: 'key' }, format.name(state.by, row));
    const canChoose = !row.others && state.by !== 'kind';
    const label = canChoose ? element('button', { type: 'button', className: 'plain choose', title: 'Show only ' + format.name(state.by, row), onclick: () => choose(row.key) }, swatch, name) : element('span', { className: 'choose' }, swatch, name);
    if (canChoose) label.dataset.at = 'row ' + row.key;
    const bar = element('meter', { className: colourOf(row), min: 0, max: most, value: share(row, state.measure) });
    bar.setAttribute('aria-hidden', 'true');
    const first = element('th', { scope: 'row' }, label, ...(row.others ? [] : [bar]));
    return element('tr', {}, first, ...columns.map(column => element('td', {}, column.show(row, state.measure))));
  });
  const total = element('tr', {}, element('th', { scope: 'row' }, element('span', { className: 'choose' }, 'Total')), ...columns.map(column => element('td', {}, column.show(report.total, state.measure))));
  table.replaceChildren(element('caption', { className: 'hidden' }, 'Usage by ' + DIMENSIONS[state.by].toLowerCase()), element('thead', {}, head), element('tbody', {}, ...body, ...fold.row(ordered, state.by, columns, (column, rest) => column.show(rest, state.measure), again)), element('tfoot', {}, total));
  if (focused) [...table.querySelectorAll('[data-at]')].find(control => control.dataset.at === focused)?.focus();
}

function order(all, columns, state) {
  const column = columns.find(column => column.id === sorted.id);
  const value = column?.value ?? (row => share(row, state.measure)), way = sorted.down ? -1 : 1;
  const compare = sorted.id === 'name' ? (a, b) => -way * a.key.localeCompare(b.key) : (a, b) => way * (value(a, state.measure) - value(b, state.measure));
  return all.filter(row => !row.others).sort(compare).concat(all.filter(row => row.others));
}

function heading(name, id, again) {
  const button = element('button', { type: 'button', className: 'plain', onclick() { sorted = { id, down: sorted.id === id ? !sorted.down : true }; again(); } }, name);
  button.dataset.at = 'head ' + id;
  const cell = element('th', { scope: 'col' }, button);
  if (sorted.id === id) cell.setAttribute('aria-sort', (sorted.down !== (id === 'name')) ? 'descending' : 'ascending');
  return cell;
}

const share = (row, measure) => (measure === 'cost' ? row.cost.total : measure === 'requests' ? row.requests : row.tokens.total);

function spend(row) {
  if (isUnpriced(row)) return element('span', { className: 'unpriced', title: isUnmeasured(row) ? 'The answers did not report their usage' : 'No price is known for this usage' }, noCost(row));
  if (isFree(row)) return element('span', { title: 'The demo model answered, which costs nothing' }, 'free');
  const exactly = '$' + format.exactDollars(row.cost.total);
  if (!row.unpriced) return element('span', { title: exactly + (row.estimated ? ', of which ' + format.count(row.estimated) + ' requests are estimated' : '') }, (row.estimated ? '~' : '') + format.dollars(row.cost.total));
  return element('span', { className: 'at-least', title: exactly + ', and ' + unknown(row) }, element('span', { className: 'hidden' }, 'at least '), element('span', { ariaHidden: 'true' }, '≥ '), format.dollars(row.cost.total));
}

function changed(row, measure) {
  if (measure === 'cost' && isUnpriced(row)) return '–';
  const before = share(row.before, measure), { text, way } = format.change(share(row, measure), before);
  return element('span', { className: 'change ' + way, title: 'before: ' + format.measured(measure, before) }, text || '–');
}

function number(value) {
  return element('span', { title: format.count(value) }, format.short(value));
}

/** Draws the chart's numbers, the latest step first. */
export function points(table, state, report) {
  const steps = stepsOf(report), compared = report.seriesBefore;
  const column = name => element('th', { scope: 'col' }, name);
  const head = element('tr', {}, column('Time'), ...report.series.map(part => column(format.name(state.by, part))), column('Total'), ...(compared ? [column('Previous period')] : []));
  const cell = value => element('td', {}, format.measured(state.measure, value));
  const body = steps.map((begin, at) => element('tr', {}, element('th', { scope: 'row' }, format.range(begin, report.stepSeconds)), ...report.series.map(part => cell(part.values[at])),
    cell(report.series.reduce((sum, part) => sum + part.values[at], 0)), ...(compared ? [cell(compared[at])] : [])));
  table.replaceChildren(element('caption', { className: 'hidden' }, MEASURES[state.measure] + ' over time'), element('thead', {}, head), element('tbody', {}, ...body.reverse()));
}

/** The parts as CSV (RFC 4180), amounts exact. No cell begins like a formula. */
export function csv(state, report) {
  const cell = value => { const text = String(value); const safe = /^[=+\-@\t\r]/.test(text) && isNaN(text) ? "'" + text : text; return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe; };
  const names = ['from', 'to', state.by, 'requests', 'failed', 'unpriced_requests', 'unmeasured_requests', 'estimated_requests', 'input', 'cached_input', 'cache_write_5m', 'cache_write_1h', 'output', 'reasoning', 'tokens', 'cost_usd', ...(report.total.before ? ['cost_usd_before'] : [])];
  const lines = report.rows.map(row => [report.from, report.to, row.others ? 'others' : row.key, row.requests, row.failed, row.unpriced, row.unmeasured, row.estimated, row.tokens.input, row.tokens.cached_input, row.tokens.cache_write_5m, row.tokens.cache_write_1h,
    row.tokens.output, row.tokens.reasoning, row.tokens.total, isUnpriced(row) ? '' : format.exactDollars(row.cost.total), ...(report.total.before ? [format.exactDollars(row.before.cost.total)] : [])]);
  return [names, ...lines].map(line => line.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** An element with these properties and children. Texts are texts: nothing here is parsed. */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
