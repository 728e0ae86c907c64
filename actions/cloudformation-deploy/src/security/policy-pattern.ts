import { isLike } from '@aws-delivery/action-kit/util/wildcard';

/** Whether every text that `text` matches is also matched by `pattern`; `*` and `?` as in IAM. */
export const coversPattern = (pattern: string, text: string): boolean => {
  if (pattern === text) return true;
  // A `?` stands for one character, and a `*` in the text for any number of them.
  if (pattern.includes('?') && text.includes('*')) return false;
  return isLike(text, pattern);
};

/** The texts of a value: a string, a list, or an intrinsic function as JSON. */
export const toTexts = (value: unknown): readonly string[] => {
  if (value === undefined || value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
};
