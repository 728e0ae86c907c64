import type { Content } from '../desired/documents/content.js';
import { parseDocuments } from '../desired/documents/document.js';
import type { Token } from '../desired/documents/token.js';
import { compareLines, compareText, compareTokens, type Difference } from './difference.js';

const parseContent = ({ text, format }: Content): readonly Token[] =>
  format === 'text' ? [] : parseDocuments(text, format).map(({ root }) => root);

const compareDocuments = (before: readonly Token[], after: readonly Token[]): readonly Difference[] => {
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, index) =>
    compareTokens(before[index], after[index], count > 1 ? `document ${index + 1}` : ''),
  ).flat();
};

/** Compares two contents key by key, or line by line for text; undefined: there is none before. */
export const compareContents = (before: Content | undefined, after: Content): readonly Difference[] => {
  if (before === undefined)
    return after.format === 'text'
      ? compareText(undefined, JSON.stringify(after.text))
      : compareDocuments([], parseContent(after));
  if (before.format === 'text' || after.format === 'text') return compareLines(before.text, after.text);
  const typeChange: readonly Difference[] =
    before.contentType === after.contentType
      ? []
      : [{ kind: 'changed', path: 'content type', before: before.contentType, after: after.contentType }];
  const differences = compareDocuments(parseContent(before), parseContent(after));
  if (differences.length > 0 || typeChange.length > 0) return [...typeChange, ...differences];
  return before.digest === after.digest ? [] : compareLines(before.text, after.text);
};
