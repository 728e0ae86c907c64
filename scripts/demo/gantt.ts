import { type Html, html } from '@aws-delivery/action-kit/report/html';

const ROW = /^ {2}(?<name>.+) :(?:(?<state>\w+), )?(?<start>\d+), (?<end>\d+)$/u;

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

/** Renders a Mermaid Gantt chart as HTML, since the report runs no scripts. */
export const renderGanttBars = (source: string): Html => {
  const bars = parseBars(source);
  const from = Math.min(...bars.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...bars.map(({ end }) => end)) - from);
  const formatPercent = (part: number): string => ((100 * part) / whole).toFixed(2);
  const rows = bars.map(
    ({ name, state, start, end }) =>
      html`<span>${name}</span><span class="track ${state === 'crit' ? 'failure' : 'success'}"><span class="bar" style="left:${formatPercent(start - from)}%;width:${formatPercent(end - start)}%"></span></span>`,
  );
  return html`<div class="gantt">${rows}</div>`;
};
