/** What a figure has to keep to, in its own unit; `the other` is what was measured beside it in the same run. */
export type Budget =
  | { readonly kind: 'max' | 'min'; readonly limit: number }
  /** At most so much more than the other. */
  | { readonly kind: 'max-increase'; readonly limit: number }
  /** At most so many percent more than the other. */
  | { readonly kind: 'max-increase-percent'; readonly limit: number }
  /** At most so much of the other, 1 being all of it. */
  | { readonly kind: 'max-share'; readonly limit: number }
  | { readonly kind: 'no-increase' };

/** What figures are given in. */
export type Unit = 'ms' | 's' | 'MB' | 'calls' | 'deploys';

const FRACTION_DIGITS: Readonly<Record<Unit, number>> = { ms: 0, s: 2, MB: 2, calls: 0, deploys: 0 };

/** A value as people read it. */
export const formatValue = (value: number, unit: Unit): string => `${value.toFixed(FRACTION_DIGITS[unit])} ${unit}`;

/** The rule in words. */
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

/** Whether a value keeps to a bar. Throws where the bar speaks of another value and there is none. */
export const isWithinBudget = (budget: Budget, value: number, reference: number | undefined): boolean => {
  if (budget.kind === 'max') return value <= budget.limit;
  if (budget.kind === 'min') return value >= budget.limit;
  if (reference === undefined)
    throw new Error(`the bar '${budget.kind}' speaks of another value: measure one beside ours`);
  if (budget.kind === 'no-increase') return value <= reference;
  if (budget.kind === 'max-share') return value <= reference * budget.limit;
  return value - reference <= (budget.kind === 'max-increase' ? budget.limit : (reference * budget.limit) / 100);
};
