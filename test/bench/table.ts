import type { Figure, SkippedFigure } from './benchmark.js';
import { formatBudget, formatValue, isWithinBudget } from './budget.js';

const formatVerdict = ({ budget, value, reference }: Figure): string =>
  isWithinBudget(budget, value, reference?.value) ? 'yes' : '**no**';

const renderCells = (figure: Figure | SkippedFigure): readonly string[] => {
  if ('reason' in figure) return [figure.label, '', '', '', `skipped: ${figure.reason}`];
  const { label, unit, value, reference, budget } = figure;
  const referenceCell = reference === undefined ? '' : `${formatValue(reference.value, unit)} (${reference.name})`;
  return [label, formatValue(value, unit), referenceCell, formatBudget(budget, unit), formatVerdict(figure)];
};

const renderRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Renders the figures as a Markdown table. */
export const renderTable = (figures: readonly (Figure | SkippedFigure)[]): string =>
  [['what', 'ours', 'the other', 'bar', 'met?'], Array.from({ length: 5 }, () => '---'), ...figures.map(renderCells)]
    .map(renderRow)
    .join('\n');

/** The figures that exceed their budgets; skipped ones do not count. */
export const findMissed = (figures: readonly (Figure | SkippedFigure)[]): readonly Figure[] =>
  figures.flatMap((figure) =>
    'reason' in figure || isWithinBudget(figure.budget, figure.value, figure.reference?.value) ? [] : [figure],
  );
