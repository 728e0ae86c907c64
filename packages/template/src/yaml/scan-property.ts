import { type Cursor, isBlankOrBreak, isSpaceOrBreak } from './cursor.js';
import { NO_HANDLE } from './token.js';

/** Scans the name of an anchor or alias at the cursor. */
export const scanAnchor = (cursor: Cursor, kind: 'alias' | 'anchor'): string => {
  cursor.take(1);
  const name = cursor.takeUntil((code) => isBlankOrBreak(code) || ':,[]{}/.*&'.includes(String.fromCharCode(code)));
  const next = cursor.peek();
  const isEnd = isBlankOrBreak(next) || '?:,]}%@`'.includes(String.fromCharCode(next));
  if (name !== '' && isEnd) return name;
  throw cursor.createError(`the name of an ${kind} is not valid: use letters, digits, hyphens or underscores`);
};

/** Decodes `%41` in a tag; a malformed escape is kept. */
const decodeTag = (suffix: string): string => {
  try {
    return decodeURIComponent(suffix);
  } catch {
    return suffix;
  }
};

/** Scans a tag at the cursor; the result joins handle and suffix with a space. */
export const scanTag = (cursor: Cursor): string => {
  const start = cursor.offset;
  const text = cursor.takeUntil(isSpaceOrBreak);
  const [, verbatim] = /^!<([^>]+)>$/u.exec(text) ?? [];
  if (verbatim !== undefined) return `${NO_HANDLE} ${decodeTag(verbatim)}`;
  if (text === '!') return `${NO_HANDLE} !`;
  const [, handle = '', suffix = ''] = /^(!(?:[\w-]*!)?)([\w\-;/?:@&=+$,.!~*'()[\]%]+)$/u.exec(text) ?? [];
  if (suffix === '') throw cursor.createError(`'${text}' is not a tag`, start);
  return `${handle} ${decodeTag(suffix)}`;
};
