// What is shown, kept in the address, so that it can be shared and the browser's back button works.

const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** The windows: how many steps, and how long each is in seconds. */
export const WINDOWS = {
  '1h': { name: '1 hour', steps: 60, step: MINUTE, every: 3 },
  '6h': { name: '6 hours', steps: 72, step: 5 * MINUTE, every: 4 },
  '24h': { name: '24 hours', steps: 48, step: 30 * MINUTE, every: 5 },
  '7d': { name: '7 days', steps: 56, step: 3 * HOUR, every: 15 },
  '30d': { name: '30 days', steps: 30, step: DAY, every: 30 },
  '90d': { name: '90 days', steps: 90, step: DAY, every: 60 },
  '1y': { name: '1 year', steps: 52, step: 7 * DAY, every: 60 },
  custom: { name: 'Custom', every: 30 },
};
export const DIMENSIONS = { provider: 'Provider', model: 'Model', user: 'User', agent: 'Agent', session: 'Session', kind: 'Token kind' };
export const MEASURES = { cost: 'Spend', requests: 'Requests', tokens: 'Tokens' };
export const FILTERS = ['provider', 'model', 'user', 'agent', 'session'];

const ONE_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What a query string asks for; what it says wrong is the default. */
export function read(search) {
  const query = new URLSearchParams(search);
  const one = (name, among, otherwise) => (query.get(name) in among ? query.get(name) : otherwise);
  const state = { window: one('window', WINDOWS, '24h'), by: one('by', DIMENSIONS, 'model'), measure: one('measure', MEASURES, 'cost'), compare: query.get('compare') !== 'no', only: {} };
  if (state.window === 'custom') {
    state.from = query.get('from');
    state.to = query.get('to');
    if (!(ONE_DAY.test(state.from) && ONE_DAY.test(state.to) && state.from <= state.to && !isNaN(Date.parse(state.from)) && !isNaN(Date.parse(state.to)))) state.window = '24h';
  }
  for (const name of FILTERS) if (query.has(name)) state.only[name] = query.get(name);
  return consistent(state);
}

/** No request is of one kind of token. */
export function consistent(state) {
  return state.by === 'kind' && state.measure === 'requests' ? { ...state, measure: 'tokens' } : state;
}

/** The query string that says so, defaults left out. */
export function write(state) {
  const query = new URLSearchParams();
  if (state.window !== '24h') query.set('window', state.window);
  if (state.window === 'custom') for (const end of ['from', 'to']) query.set(end, state[end]);
  if (state.by !== 'model') query.set('by', state.by);
  if (state.measure !== 'cost') query.set('measure', state.measure);
  if (!state.compare) query.set('compare', 'no');
  for (const [name, value] of Object.entries(state.only)) query.set(name, value);
  const text = query.toString();
  return text ? '?' + text : location.pathname;
}

/** The time that is asked for: its ends and the length of a step, in seconds. Steps begin at full minutes, hours or UTC days. */
export function span(state, now = Date.now() / 1000) {
  if (state.window === 'custom') {
    const from = Date.parse(state.from) / 1000, end = Date.parse(state.to) / 1000 + DAY, days = (end - from) / DAY;
    const step = days <= 2 ? HOUR : days <= 14 ? 3 * HOUR : days <= 120 ? DAY : days <= 800 ? 7 * DAY : 30 * DAY;
    return { from, to: Math.max(Math.min(end, Math.ceil(now)), from + step), step };
  }
  const { steps, step } = WINDOWS[state.window];
  const aligned = Math.floor(now / Math.min(step, DAY)) * Math.min(step, DAY) + Math.min(step, DAY);
  return { from: aligned - steps * step, to: Math.ceil(now), step };
}

/** The words of the question. */
export function question(state) {
  const { from, to, step } = span(state);
  const query = new URLSearchParams({ by: state.by, measure: state.measure, compare: state.compare, from: iso(from), to: iso(to), step: step % 3600 ? step / 60 + 'm' : step / 3600 + 'h' });
  for (const [name, value] of Object.entries(state.only)) query.set(name, value);
  return query;
}

function iso(seconds) {
  return new Date(seconds * 1000).toISOString();
}
