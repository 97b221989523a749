// The stacked columns, by Chart.js. Who can't see them reads a step at a time with the arrow keys, or the tables.
/* global Chart */
import * as format from './format.js';

const COLOURS = 8;
const taken = new Map(); // which colour a part has; it keeps it as long as it is shown
const probe = document.getElementById('probe');
let chart, shown, at = -1;

/** The colour of each part: the others are grey, kinds of tokens always have the same. */
export function colours(by, series) {
  const keys = series.filter(part => !part.others).map(part => by + ' ' + part.key);
  for (const key of [...taken.keys()]) if (!keys.includes(key)) taken.delete(key);
  for (const key of keys) {
    if (taken.has(key)) continue;
    let colour = 1;
    while ([...taken.values()].includes(colour)) colour++;
    taken.set(key, colour);
  }
  return part => (part.others || !taken.has(by + ' ' + part.key) ? 'others' : 'c' + Math.min(COLOURS, taken.get(by + ' ' + part.key)));
}

/** Draws a report. */
export function draw(canvas, state, report, colourOf) {
  shown = { state, report };
  const steps = stepsOf(report);
  const datasets = report.series.map(part => ({
    type: 'bar', label: format.name(state.by, part), data: part.values, backgroundColor: colour(colourOf(part)), hoverBackgroundColor: colour(colourOf(part)),
    stack: 'parts', order: 2, borderColor: colour('card'), borderWidth: { top: 0.5 }, borderRadius: 1.5, categoryPercentage: steps.length > 40 ? 0.94 : 0.86, barPercentage: 0.94,
  }));
  if (report.seriesBefore) {
    datasets.push({ type: 'line', label: 'Previous period', data: report.seriesBefore, stack: 'before', order: 1, borderColor: colour('before'), borderWidth: 1.5, borderDash: [3, 3], pointRadius: 0, pointHoverRadius: 0, stepped: 'middle' });
  }
  Object.assign(Chart.defaults.font, { family: getComputedStyle(document.body).fontFamily, size: 12 });
  const data = { labels: steps, datasets };
  const options = optionsOf(state, report);
  if (chart) {
    const looked = chart.getActiveElements()[0]?.index ?? -1;
    Object.assign(chart, { options });
    chart.data = data;
    chart.update('none');
    // What somebody looks at stays when numbers come in.
    point(Math.min(looked, steps.length - 1));
  } else {
    chart = new Chart(canvas, { type: 'bar', data, options, plugins: [cursor] });
  }
}

function optionsOf(state, report) {
  const days = report.stepSeconds > 3600 && report.stepSeconds < 86400; // one label a day
  const grid = { color: colour('grid'), drawTicks: false };
  return {
    animation: false, responsive: true, maintainAspectRatio: false, locale: 'en', interaction: { mode: 'index', intersect: false },
    scales: {
      x: { stacked: true, grid: { display: false }, border: { color: colour('line') }, ticks: { color: colour('quiet'), maxRotation: 0, autoSkip: !days, autoSkipPadding: 24, callback(value) { return days ? dayOf(this.getLabelForValue(value), report.stepSeconds) : format.time(this.getLabelForValue(value), report.stepSeconds); } } },
      y: { stacked: true, beginAtZero: true, grid, border: { display: false }, suggestedMax: state.measure === 'cost' ? 100 : 1, ticks: { color: colour('quiet'), padding: 8, maxTicksLimit: 6, precision: 0, callback: (value, _, all) => format.axis(state.measure, value, all.map(tick => tick.value)) } },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: colour('tip'), titleColor: colour('tip-ink'), bodyColor: colour('tip-ink'), footerColor: colour('tip-ink'), padding: 12, cornerRadius: 8, boxPadding: 5, boxWidth: 9, boxHeight: 9, usePointStyle: false, caretSize: 0,
        filter: item => item.raw > 0, itemSort: (a, b) => (a.dataset.type === 'line') - (b.dataset.type === 'line') || b.raw - a.raw,
        callbacks: {
          title: items => (items.length ? format.range(Number(items[0].label), report.stepSeconds) : ''),
          label: item => ' ' + item.dataset.label + '  ' + format.measured(state.measure, item.raw),
          footer: items => { const parts = items.filter(item => item.dataset.type === 'bar'); return parts.length > 1 ? 'Total  ' + format.measured(state.measure, parts.reduce((sum, item) => sum + item.raw, 0)) : ''; },
        },
      },
    },
  };
}

/** The day, below the step with which it begins here. */
function dayOf(begin, step) {
  const date = new Date(begin * 1000);
  return date.getHours() * 3600 + date.getMinutes() * 60 < step ? date.toLocaleDateString('en', { day: 'numeric', month: 'short' }) : undefined;
}

/** A colour of the style sheet's as a canvas takes it: light-dark() and var() resolved. */
function colour(name) {
  probe.style.color = 'var(--' + name + ')';
  return getComputedStyle(probe).color;
}

/** A band behind the step that is looked at. */
const cursor = {
  id: 'cursor',
  beforeDatasetsDraw(chart) {
    const active = chart.getActiveElements()[0];
    if (!active) return;
    const { left, right, top, bottom } = chart.chartArea, width = (right - left) / chart.data.labels.length;
    chart.ctx.save();
    chart.ctx.fillStyle = colour('band');
    chart.ctx.fillRect(left + active.index * width, top, width, bottom - top);
    chart.ctx.restore();
  },
};

/** When each step begins, in seconds. */
export function stepsOf(report) {
  const from = Date.parse(report.from) / 1000;
  return (report.series[0]?.values ?? report.seriesBefore ?? []).map((_, index) => from + index * report.stepSeconds);
}

/** Lets the arrow keys walk from step to step; `say` hears what is there. */
export function walk(plot, say) {
  plot.addEventListener('keydown', event => {
    const last = (chart?.data.labels.length ?? 0) - 1;
    const to = { ArrowLeft: at < 0 ? last : at - 1, ArrowRight: at + 1, Home: 0, End: last, Escape: -1 }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    at = event.key === 'Escape' ? -1 : Math.max(0, Math.min(last, to));
    point(at);
    say(at < 0 ? '' : words());
  });
  plot.addEventListener('blur', () => {
    at = -1;
    point(at);
    say('');
  });
}

function point(index) {
  if (!chart) return;
  const elements = index < 0 ? [] : chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index }));
  chart.setActiveElements(elements);
  chart.tooltip.setActiveElements(elements, { x: 0, y: 0 });
  chart.update('none');
}

function words() {
  const { state, report } = shown, measure = state.measure;
  const parts = report.series.map(part => [format.name(state.by, part), part.values[at]]).filter(([, value]) => value).sort((a, b) => b[1] - a[1]);
  const total = parts.reduce((sum, [, value]) => sum + value, 0);
  return format.range(stepsOf(report)[at], report.stepSeconds) + ': ' + format.measured(measure, total) + (parts.length > 1 ? ' — ' + parts.map(([name, value]) => name + ' ' + format.measured(measure, value)).join(', ') : parts.length ? ' — ' + parts[0][0] : '');
}
