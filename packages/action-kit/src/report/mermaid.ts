import { formatDuration, pluralize } from '../util/format.js';
import { toSingleLine } from '../util/sanitize.js';
import { type Markdown, raw } from './markdown.js';

// Characters with a meaning in Mermaid's grammars, and lookalikes without one. Mermaid decodes its entity codes (`#58;`)
// after parsing only in some diagram types and versions; lookalikes are safe in all.
const LOOKALIKES: Readonly<Record<string, string>> = {
  ':': '∶',
  ';': ',',
  '#': '＃',
  '%': '％',
  '"': '″',
  '`': '′',
  '<': '‹',
  '>': '›',
  '&': '＆',
  '{': '(',
  '}': ')',
  '[': '(',
  ']': ')',
  '|': '¦',
  '\\': '/',
  $: '＄',
};

// The gantt grammar reads names that start with these as statements or dates.
const STATEMENT =
  /^(?:\d|acc|axis|click|call|date|end|excl|gantt|href|incl|section|task|tick|title|today|top|vert|week)/iu;

/** Untrusted text as a name in a Mermaid diagram: one line of at most 60 characters, free of Mermaid syntax. */
export const escapeMermaid = (text: string): string => {
  const name = toSingleLine(text, 60)
    .replace(/[^\p{L}\p{M}\p{N} ._/()+=@!?*,…-]/gu, (found) => LOOKALIKES[found] ?? '·')
    .replace(/-{2,}/gu, '–')
    .replace(/={2,}/gu, '=');
  if (name === '') return '·';
  return STATEMENT.test(name) ? `· ${name}` : name;
};

export interface GanttBar {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly state: 'done' | 'failed' | 'active';
}

/** Charts with more bars are unreadable. */
export const MAX_BARS = 40;

const TAGS: Readonly<Record<GanttBar['state'], string>> = { done: 'done', failed: 'crit', active: 'active' };

const getDuration = ({ start, end }: GanttBar): number => end - start;

const selectBars = (bars: readonly GanttBar[]): GanttBar[] => {
  const getWeight = (bar: GanttBar): number => (bar.state === 'failed' ? Number.POSITIVE_INFINITY : getDuration(bar));
  return [...bars]
    .sort((a, b) => (getWeight(a) === getWeight(b) ? 0 : getWeight(b) - getWeight(a)))
    .slice(0, MAX_BARS)
    .sort((a, b) => a.start - b.start);
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Intervals of the axis; each divides the next larger unit, as Mermaid requires. */
const TICK_INTERVALS: readonly (readonly [count: number, unit: string, unitMs: number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => [count, 'second', SECOND_MS] as const),
  ...[1, 2, 5, 10, 15, 30].map((count) => [count, 'minute', MINUTE_MS] as const),
  ...[1, 2, 3, 6, 12].map((count) => [count, 'hour', HOUR_MS] as const),
];

/** More labels overlap on narrow pages. */
const MAX_TICKS = 6;

/** Statements of an axis whose labels do not overlap: by default Mermaid draws up to twenty of them. */
const renderAxis = (bars: readonly GanttBar[]): readonly string[] => {
  const start = Math.min(...bars.map((bar) => bar.start));
  const span = Math.max(...bars.map((bar) => Math.max(bar.end, bar.start + SECOND_MS))) - start;
  const interval = TICK_INTERVALS.find(([count, , unitMs]) => span / (count * unitMs) <= MAX_TICKS);
  const [count, unit, unitMs] = interval ?? [Math.ceil(span / DAY_MS / MAX_TICKS), 'day', DAY_MS];
  const format = { [SECOND_MS]: '%H:%M:%S', [DAY_MS]: '%m-%d' }[unitMs] ?? '%H:%M';
  return [`  axisFormat ${format}`, `  tickInterval ${count}${unit}`];
};

const renderBar = (bar: GanttBar): string => {
  // Mermaid rejects fractions of milliseconds.
  const [start, end] = [bar.start, Math.max(bar.end, bar.start + SECOND_MS)].map(Math.round);
  return `  ${escapeMermaid(bar.name)} (${formatDuration(getDuration(bar))}) :${TAGS[bar.state]}, ${start}, ${end}`;
};

/**
 * A Mermaid gantt chart. Of more than 40 bars it shows the failed and the longest, with a notice. Bars are at least one
 * second long, to be visible.
 */
export const renderGantt = (title: string, bars: readonly GanttBar[]): Markdown => {
  if (bars.length === 0) return raw('');
  const shown = selectBars(bars);
  const chart = [
    'gantt',
    `  title ${escapeMermaid(title)}`,
    '  dateFormat x',
    ...renderAxis(shown),
    ...shown.map(renderBar),
  ];
  const hidden = bars.length - shown.length;
  const notice = hidden === 0 ? '' : `\n\n_Not shown: ${pluralize(hidden, 'shorter row')}._`;
  return raw(`\`\`\`mermaid\n${chart.join('\n')}\n\`\`\`${notice}`);
};
