/** A limit in the figure's unit; relative ones refer to the reference value of the same run. */
export type Budget =
  | { readonly kind: 'max' | 'min'; readonly limit: number }
  /** At most so much more than the reference. */
  | { readonly kind: 'max-increase'; readonly limit: number }
  /** At most so many percent more than the reference. */
  | { readonly kind: 'max-increase-percent'; readonly limit: number }
  /** At most this fraction of the reference: 1 is all of it. */
  | { readonly kind: 'max-share'; readonly limit: number }
  | { readonly kind: 'no-increase' };

export type Unit = 'ms' | 's' | 'MB' | 'calls' | 'deploys';

const FRACTION_DIGITS: Readonly<Record<Unit, number>> = { ms: 0, s: 2, MB: 2, calls: 0, deploys: 0 };

/** Formats a value with its unit, such as `12.34 s`. */
export const formatValue = (value: number, unit: Unit): string => `${value.toFixed(FRACTION_DIGITS[unit])} ${unit}`;

/** Formats a budget for the table, such as `at most 150 MB`. */
export const formatBudget = (budget: Budget, unit: Unit): string => {
  switch (budget.kind) {
    case 'max':
      return `at most ${budget.limit} ${unit}`;
    case 'min':
      return `at least ${budget.limit} ${unit}`;
    case 'max-increase':
      return `at most ${budget.limit} ${unit} more`;
    case 'max-increase-percent':
      return `at most ${budget.limit} % more`;
    case 'max-share':
      return `at most ${budget.limit} of it`;
    case 'no-increase':
      return 'no more';
  }
};

/** Whether a value is within its budget. Throws Error for a relative budget without a reference. */
export const isWithinBudget = (budget: Budget, value: number, reference: number | undefined): boolean => {
  if (budget.kind === 'max') return value <= budget.limit;
  if (budget.kind === 'min') return value >= budget.limit;
  if (reference === undefined) throw new Error(`the budget '${budget.kind}' needs a reference value`);
  if (budget.kind === 'no-increase') return value <= reference;
  if (budget.kind === 'max-share') return value <= reference * budget.limit;
  return value - reference <= (budget.kind === 'max-increase' ? budget.limit : (reference * budget.limit) / 100);
};
