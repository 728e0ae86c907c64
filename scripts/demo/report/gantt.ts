import { type Html, html } from '@aws-delivery/action-kit/report/html';

const ROW = /^ {2}(?<name>.+) :(?:(?<state>\w+), )?(?<start>\d+), (?<end>\d+)$/u;

/** Labels of the axis: few enough not to overlap at any width. */
const AXIS_LABELS = 3;

interface Bar {
  readonly name: string;
  readonly state: string;
  readonly start: number;
  readonly end: number;
}

const parseBars = (source: string): readonly Bar[] =>
  source.split('\n').flatMap((line) => {
    const { name = '', state = 'done', start, end } = ROW.exec(line)?.groups ?? {};
    return start === undefined || end === undefined ? [] : [{ name, state, start: Number(start), end: Number(end) }];
  });

/** Time from the start of the chart, as minutes and seconds. */
const formatOffset = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** Renders a Mermaid Gantt chart as HTML, since the report runs no scripts. The axis has the first, middle and last time. */
export const renderGanttBars = (source: string): Html => {
  const bars = parseBars(source);
  const from = Math.min(...bars.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...bars.map(({ end }) => end)) - from);
  const formatPercent = (part: number): string => ((100 * part) / whole).toFixed(2);
  const rows = bars.map(
    ({ name, state, start, end }) =>
      html`<span>${name}${state === 'crit' ? ' – failed' : ''}</span><span class="track ${state === 'crit' ? 'failure' : 'success'}"><span class="bar" style="left:${formatPercent(start - from)}%;width:${formatPercent(end - start)}%"></span></span>`,
  );
  const labels = Array.from(
    { length: AXIS_LABELS },
    (_, index) => html`<span>${formatOffset((whole * index) / (AXIS_LABELS - 1))}</span>`,
  );
  return html`<div class="gantt">${rows}<span class="axis-name">min:s</span><span class="axis">${labels}</span></div>`;
};
