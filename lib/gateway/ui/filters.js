// What the report is narrowed to: a list to take away from, and a form to add to it.
import * as format from './format.js';
import { DIMENSIONS, FILTERS } from './state.js';
import { element } from './table.js';

/** Shows the filters. */
export function chips(list, only, remove) {
  const entries = Object.entries(only);
  list.hidden = entries.length === 0;
  list.replaceChildren(...entries.map(([by, value]) => {
    const button = element('button', { type: 'button', onclick: () => remove(by) }, element('span', { className: 'quiet' }, DIMENSIONS[by] + ' '), element('strong', {}, format.name(by, { key: value })), element('span', { className: 'cross' }, '×'));
    button.setAttribute('aria-label', 'Remove the filter ' + DIMENSIONS[by] + ' ' + format.name(by, { key: value }));
    return element('li', {}, button);
  }));
}

/** Makes the form work: `values` finds what can be chosen, `add` hears what was. */
export function form(popover, opener, values, add) {
  const by = popover.querySelector('#filter-by'), value = popover.querySelector('#filter-value'), submit = popover.querySelector('button');
  const fill = async () => {
    submit.disabled = true;
    value.replaceChildren(element('option', {}, '…'));
    const found = await values(by.value).catch(() => []);
    value.replaceChildren(...found.map(row => element('option', { value: row.key }, format.name(by.value, row))));
    submit.disabled = found.length === 0;
    if (!found.length) value.replaceChildren(element('option', {}, 'nothing in this period'));
  };
  by.addEventListener('change', fill);
  popover.addEventListener('toggle', event => {
    if (event.newState !== 'open') return;
    const box = opener.getBoundingClientRect();
    popover.style.top = box.bottom + scrollY + 8 + 'px';
    popover.style.left = Math.max(12, Math.min(box.left + scrollX, innerWidth - popover.offsetWidth - 12)) + 'px';
    fill();
    by.focus();
  });
  popover.addEventListener('submit', event => {
    event.preventDefault();
    popover.hidePopover();
    add(by.value, value.value);
    opener.focus();
  });
}

/** The dimensions that can be filtered by, less those that already are. */
export function offer(by, only, hidden) {
  const kept = by.value;
  by.replaceChildren(...FILTERS.filter(name => !(name in only) && !hidden.includes(name)).map(name => element('option', { value: name }, DIMENSIONS[name])));
  if ([...by.options].some(option => option.value === kept)) by.value = kept;
}
