import { durationText } from './clock.js';
import { type Markdown, raw } from './markdown.js';
import { singleLine } from './untrusted.js';

// Characters with a meaning in Mermaid's grammars, and lookalikes without one. Mermaid's own entity codes (`#58;`) are
// decoded after parsing only in some diagram types and versions; a lookalike is safe in all.
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

// A name that begins like a statement or a date of the gantt grammar would be read as one.
const STATEMENT =
  /^(?:\d|acc|axis|click|call|date|end|excl|gantt|href|incl|section|task|tick|title|today|top|vert|week)/iu;

/** Untrusted text as a name in a Mermaid diagram: one line of at most 60 characters, nothing in it is grammar. */
export const escapeMermaid = (text: string): string => {
  const name = singleLine(text, 60)
    .replace(/[^\p{L}\p{M}\p{N} ._/()+=@!?*,…-]/gu, (found) => LOOKALIKES[found] ?? '·')
    .replace(/-{2,}/gu, '–')
    .replace(/={2,}/gu, '=');
  if (name === '') return '·';
  return STATEMENT.test(name) ? `· ${name}` : name;
};

export interface Bar {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly state: 'done' | 'failed' | 'active';
}

/** More rows than this are no picture any more. */
export const MOST_BARS = 40;

const TAGS: Readonly<Record<Bar['state'], string>> = { done: 'done', failed: 'crit', active: 'active' };

const lengthOf = ({ start, end }: Bar): number => end - start;

const mostTelling = (bars: readonly Bar[]): Bar[] => {
  const weight = (bar: Bar): number => (bar.state === 'failed' ? Number.POSITIVE_INFINITY : lengthOf(bar));
  return [...bars]
    .sort((a, b) => (weight(a) === weight(b) ? 0 : weight(b) - weight(a)))
    .slice(0, MOST_BARS)
    .sort((a, b) => a.start - b.start);
};

const barLine = (bar: Bar): string => {
  const end = Math.max(bar.end, bar.start + 1000);
  return `  ${escapeMermaid(bar.name)} (${durationText(lengthOf(bar))}) :${TAGS[bar.state]}, ${bar.start}, ${end}`;
};

/**
 * A timeline as a Mermaid gantt chart. Of more than 40 bars it shows the failed and the longest, and says so. Bars
 * shorter than a second are drawn a second long, since nothing would be seen of them.
 */
export const timeline = (title: string, bars: readonly Bar[]): Markdown => {
  if (bars.length === 0) return raw('');
  const shown = mostTelling(bars);
  const chart = [
    'gantt',
    `  title ${escapeMermaid(title)}`,
    '  dateFormat x',
    '  axisFormat %H:%M:%S',
    ...shown.map(barLine),
  ];
  const hidden = bars.length - shown.length;
  const remark = hidden === 0 ? '' : `\n\n_${hidden} shorter rows are not drawn._`;
  return raw(`\`\`\`mermaid\n${chart.join('\n')}\n\`\`\`${remark}`);
};
