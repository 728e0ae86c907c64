import { barText, isKept, valueText } from './bar.js';
import type { Figure, Skipped } from './bench.js';

const verdictOf = ({ bar, ours, other }: Figure): string => (isKept(bar, ours, other?.value) ? 'yes' : '**no**');

const cellsOf = (line: Figure | Skipped): readonly string[] => {
  if ('skipped' in line) return [line.what, '', '', '', `skipped: ${line.skipped}`];
  const { what, unit, ours, other, bar } = line;
  const beside = other === undefined ? '' : `${valueText(other.value, unit)} (${other.name})`;
  return [what, valueText(ours, unit), beside, barText(bar, unit), verdictOf(line)];
};

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The figures as one Markdown table. */
export const tableOf = (lines: readonly (Figure | Skipped)[]): string =>
  [['what', 'ours', 'the other', 'bar', 'met?'], Array.from({ length: 5 }, () => '---'), ...lines.map(cellsOf)]
    .map(rowOf)
    .join('\n');

/** The figures that do not keep to their bars; what is skipped misses none. */
export const missedOf = (lines: readonly (Figure | Skipped)[]): readonly Figure[] =>
  lines.flatMap((line) => ('skipped' in line || isKept(line.bar, line.ours, line.other?.value) ? [] : [line]));
