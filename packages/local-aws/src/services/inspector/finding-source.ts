import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { readDocument, readDocuments } from '../../protocols/document.js';

/** An item of a list operation, with its values for filter criteria. */
export interface ListedItem {
  readonly document: Document;
  readonly criteria: Readonly<Record<string, string>>;
}

/** A kind of resource that Inspector covers. */
export interface FindingSource {
  listCoverage(call: ApiCall): readonly ListedItem[];
  listFindings(call: ApiCall): readonly ListedItem[];
}

const COMPARISONS: Readonly<Record<string, (actual: string, expected: string) => boolean>> = {
  EQUALS: (actual, expected) => actual === expected,
  NOT_EQUALS: (actual, expected) => actual !== expected,
  PREFIX: (actual, expected) => actual.startsWith(expected),
};

/**
 * Whether an item matches every criterion in at least one of its filters. An item without the criterion does not match.
 */
const matchesFilters = ({ criteria }: ListedItem, filters: Document): boolean =>
  Object.entries(filters).every(([name, filterList]) => {
    const actual = criteria[name];
    return readDocuments(filterList).some(
      ({ comparison, value }) => actual !== undefined && COMPARISONS[String(comparison)]?.(actual, String(value)),
    );
  });

/** One page of the items that match the call's filter criteria. */
export const listMatching = (
  call: ApiCall,
  member: string,
  items: readonly ListedItem[],
  maxSize: number,
): Document => {
  const filters = readDocument(call.input['filterCriteria']);
  const page = {
    items: member,
    token: 'nextToken',
    size: 'maxResults',
    defaultSize: maxSize,
    range: [1, maxSize],
  } as const;
  const matching = items.filter((item) => matchesFilters(item, filters));
  return paginate(call, matching, page, ({ document }) => document);
};
