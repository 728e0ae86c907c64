/** What a figure has to keep to, in its own unit; `the other` is what was measured beside it in the same run. */
export type Bar =
  | { readonly kind: 'most' | 'least'; readonly limit: number }
  /** At most so much more than the other. */
  | { readonly kind: 'beyond'; readonly limit: number }
  /** At most so many percent more than the other. */
  | { readonly kind: 'percent-beyond'; readonly limit: number }
  /** At most so much of the other, 1 being all of it. */
  | { readonly kind: 'share'; readonly limit: number }
  | { readonly kind: 'no-more' };

/** What figures are given in. */
export type Unit = 'ms' | 's' | 'MB' | 'calls' | 'deploys';

const digits: Readonly<Record<Unit, number>> = { ms: 0, s: 2, MB: 2, calls: 0, deploys: 0 };

/** A value as people read it. */
export const valueText = (value: number, unit: Unit): string => `${value.toFixed(digits[unit])} ${unit}`;

/** The rule in words. */
export const barText = (bar: Bar, unit: Unit): string => {
  switch (bar.kind) {
    case 'most':
      return `at most ${bar.limit} ${unit}`;
    case 'least':
      return `at least ${bar.limit} ${unit}`;
    case 'beyond':
      return `at most ${bar.limit} ${unit} more`;
    case 'percent-beyond':
      return `at most ${bar.limit} % more`;
    case 'share':
      return `at most ${bar.limit} of it`;
    case 'no-more':
      return 'no more';
  }
};

/** Whether a value keeps to a bar. Throws where the bar speaks of another value and there is none. */
export const isKept = (bar: Bar, ours: number, other: number | undefined): boolean => {
  if (bar.kind === 'most') return ours <= bar.limit;
  if (bar.kind === 'least') return ours >= bar.limit;
  if (other === undefined) throw new Error(`the bar '${bar.kind}' speaks of another value: measure one beside ours`);
  if (bar.kind === 'no-more') return ours <= other;
  if (bar.kind === 'share') return ours <= other * bar.limit;
  return ours - other <= (bar.kind === 'beyond' ? bar.limit : (other * bar.limit) / 100);
};
