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

const renderBar = (bar: GanttBar): string => {
  const end = Math.max(bar.end, bar.start + 1000);
  return `  ${escapeMermaid(bar.name)} (${formatDuration(getDuration(bar))}) :${TAGS[bar.state]}, ${bar.start}, ${end}`;
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
    '  axisFormat %H:%M:%S',
    ...shown.map(renderBar),
  ];
  const hidden = bars.length - shown.length;
  const notice = hidden === 0 ? '' : `\n\n_Not shown: ${pluralize(hidden, 'shorter row')}._`;
  return raw(`\`\`\`mermaid\n${chart.join('\n')}\n\`\`\`${notice}`);
};
