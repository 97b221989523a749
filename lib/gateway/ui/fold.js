// A long table, folded: its first rows, and the others as one that says how many they are and what they come to.
import { count } from './format.js';
import { element, inputs } from './table.js';

const FIRST = 20;
/** A table is not folded for the sake of a few rows. */
const MOST = 25;
let open = '';

/** What is shown of these rows: all of them where they are few or were asked for. */
export function shown(rows, by) {
  return rows.length <= MOST || open === by ? rows : rows.slice(0, FIRST);
}

/** The row below them that folds and unfolds; none where there is nothing to fold. */
export function row(rows, by, columns, show, again) {
  if (rows.length <= MOST) return [];
  const isOpen = open === by, rest = rows.slice(FIRST);
  const name = element('span', { className: 'key' }, isOpen ? 'Show the first ' + FIRST + ' only' : rest.at(-1).others ? count(rest.length - 1) + ' more, and all others' : count(rest.length) + ' more');
  const button = element('button', { type: 'button', className: 'plain choose fold' }, element('span', { className: 'swatch others' }), name);
  button.dataset.at = 'fold';
  button.setAttribute('aria-expanded', String(isOpen));
  button.setAttribute('aria-controls', 'rows');
  if (!isOpen) button.title = 'Show all ' + count(rows.length);
  button.addEventListener('click', () => {
    open = isOpen ? '' : by;
    const table = button.closest('table');
    again();
    // To the first of those that came, or back to where they went.
    (isOpen ? table.querySelector('.fold') : table.querySelectorAll('tbody tr')[FIRST].querySelector('button') ?? table.querySelector('.fold')).focus();
  });
  const cells = isOpen ? columns.map(() => element('td', {})) : columns.map(column => element('td', {}, show(column, sum(rest))));
  return [element('tr', {}, element('th', { scope: 'row' }, button), ...cells)];
}

/** What rows come to together; how slow they were can't be summed. */
function sum(rows) {
  const all = rows.map(({ latency, firstByte, ...numbers }) => numbers).reduce(plus);
  all.cacheHitRatio = inputs(all) ? all.tokens.cached_input / inputs(all) : 0;
  return all;
}

function plus(one, other) {
  return Object.fromEntries(Object.keys(one).map(key => [key, typeof one[key] === 'object' ? plus(one[key], other[key]) : typeof one[key] === 'number' ? one[key] + other[key] : one[key]]));
}
