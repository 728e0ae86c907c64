import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import { isDocument } from '../../wire/json.js';

/** Something that can be listed, and what it has under the names of the criteria by which a list is filtered. */
export interface Listed {
  readonly document: Document;
  readonly criteria: Readonly<Record<string, string>>;
}

/** One kind of thing that Inspector looks at. */
export interface Part {
  coverage(call: Call): readonly Listed[];
  findings(call: Call): readonly Listed[];
}

const COMPARISONS: Readonly<Record<string, (found: string, wanted: string) => boolean>> = {
  EQUALS: (found, wanted) => found === wanted,
  NOT_EQUALS: (found, wanted) => found !== wanted,
  PREFIX: (found, wanted) => found.startsWith(wanted),
};

/** One of the filters of a criterion must fit, and every criterion; an item without the criterion does not fit. */
const passes = ({ criteria }: Listed, filters: Document): boolean =>
  Object.entries(filters).every(([name, wanted]) => {
    const found = criteria[name];
    const list = Array.isArray(wanted) ? wanted.filter(isDocument) : [];
    return list.some(
      ({ comparison, value }) => found !== undefined && COMPARISONS[String(comparison)]?.(found, String(value)),
    );
  });

/** One page of what passes the call's filter. */
export const listing = (call: Call, member: string, items: readonly Listed[], most: number): Reply => {
  const { input } = call;
  const size = Number(input['maxResults'] ?? most);
  if (size < 1 || size > most) return apiError('ValidationException', `maxResults must be from 1 to ${most}`);
  const filters = isDocument(input['filterCriteria']) ? input['filterCriteria'] : {};
  const found = items.filter((item) => passes(item, filters));
  const start = Number(input['nextToken'] ?? 0);
  const nextToken = start + size < found.length ? String(start + size) : undefined;
  return output({ [member]: found.slice(start, start + size).map(({ document }) => document), nextToken });
};
