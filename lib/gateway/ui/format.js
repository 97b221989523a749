// Numbers, times and names as people read them.

const DOLLAR = 100_000_000;
const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const bigMoney = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const tinyMoney = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2, maximumFractionDigits: 8 });

/** Microcents as dollars. */
export function dollars(microcents) {
  const value = microcents / DOLLAR;
  if (value === 0) return '$0.00';
  return (value < 0.01 ? tinyMoney : value < 100_000 ? money : bigMoney).format(value);
}

/** Exactly, for a file. */
export function exactDollars(microcents) {
  return (BigInt(microcents) / BigInt(DOLLAR)) + '.' + String(BigInt(microcents) % BigInt(DOLLAR)).padStart(8, '0');
}

export const count = number => whole.format(number);
export const short = number => (number < 10_000 ? whole.format(number) : compact.format(number));

export function measured(measure, value) {
  return measure === 'cost' ? dollars(value) : short(value);
}

/** On an axis: cents only where there are some. */
export function axis(measure, value, all) {
  return measure === 'cost' && all.every(each => each % DOLLAR === 0) ? bigMoney.format(value / DOLLAR) : measured(measure, value);
}

export function percent(ratio) {
  return ratio > 0 && ratio < 0.001 ? '<0.1 %' : (ratio * 100).toFixed(ratio < 0.1 && ratio > 0 ? 1 : 0) + ' %';
}

/** How much more or less than before. */
export function change(now, before) {
  if (!before) return now ? { text: 'new', way: 'up' } : { text: '', way: 'same' };
  const ratio = now / before - 1;
  if (Math.abs(ratio) < 0.005) return { text: '±0 %', way: 'same' };
  const size = Math.abs(ratio);
  return { text: (ratio > 0 ? '▲ ' : '▼ ') + (size >= 10 ? '×' + short(Math.round(now / before)) : (size * 100).toFixed(0) + ' %'), way: ratio > 0 ? 'up' : 'down' };
}

export function duration(ms) {
  return ms < 1000 ? ms + ' ms' : ms < 60_000 ? (ms / 1000).toFixed(ms < 10_000 ? 1 : 0) + ' s' : (ms / 60_000).toFixed(1) + ' min';
}

/** Steps of a day or more are UTC's, shorter ones this machine's. */
export function time(seconds, step, long) {
  const date = new Date(seconds * 1000);
  if (step >= 86400) return date.toLocaleDateString('en', { timeZone: 'UTC', day: 'numeric', month: 'short', ...(long && { weekday: 'short', year: 'numeric' }) });
  const clock = date.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return long ? date.toLocaleDateString('en', { weekday: 'short', day: 'numeric', month: 'short' }) + ' ' + clock : clock;
}

/** From when to when one step is. */
export function range(seconds, step) {
  if (step === 86400) return time(seconds, step, true) + ' UTC';
  if (step > 86400) return time(seconds, step) + ' – ' + time(seconds + step - 86400, step, true) + ' UTC';
  return time(seconds, step, true) + '–' + time(seconds + step, step);
}

const KINDS = { input: 'Input', cached_input: 'Cached input', cache_write_5m: 'Cache write, 5 min', cache_write_1h: 'Cache write, 1 h', output: 'Output' };

/** A row's name; the rest of them has none, and neither has what did not say. */
export function name(by, row) {
  if (row.others) return 'All others';
  if (by === 'kind') return KINDS[row.key] ?? row.key;
  return row.key === '' ? 'no ' + by : row.key;
}
