import { type Html, html } from '@aws-delivery/action-kit/html';

const row = /^ {2}(?<name>.+) :(?:(?<state>\w+), )?(?<start>\d+), (?<end>\d+)$/u;

interface Bar {
  readonly name: string;
  readonly state: string;
  readonly start: number;
  readonly end: number;
}

const barsIn = (source: string): readonly Bar[] =>
  source.split('\n').flatMap((line) => {
    const { name = '', state = 'done', start, end } = row.exec(line)?.groups ?? {};
    return start === undefined || end === undefined ? [] : [{ name, state, start: Number(start), end: Number(end) }];
  });

/** Bars for the Gantt chart of a job summary: GitHub draws Mermaid by script, and this page runs none. */
export const ganttBars = (source: string): Html => {
  const bars = barsIn(source);
  const from = Math.min(...bars.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...bars.map(({ end }) => end)) - from);
  const percent = (part: number): string => ((100 * part) / whole).toFixed(2);
  const rows = bars.map(
    ({ name, state, start, end }) =>
      html`<span>${name}</span><span class="track ${state === 'crit' ? 'failure' : 'success'}"><span class="bar" style="left:${percent(start - from)}%;width:${percent(end - start)}%"></span></span>`,
  );
  return html`<div class="gantt">${rows}</div>`;
};
