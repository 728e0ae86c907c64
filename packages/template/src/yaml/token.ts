export type TokenKind =
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'stream-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly kind: TokenKind;
  /** Offset in the text. */
  readonly start: number;
  readonly end: number;
  /** Content of a scalar, name of an anchor or alias, handle and suffix of a tag; empty for all others. */
  readonly value: string;
  /** Whether a scalar has neither quotes nor a block style. */
  readonly isPlain: boolean;
}

/** Handle of a verbatim tag, `!<…>`, or of the tag `!`. */
export const NO_HANDLE = '';

/** A tag token joins handle and suffix with a space, which neither contains. */
export const splitTag = (value: string): readonly [handle: string, suffix: string] => {
  const space = value.indexOf(' ');
  return [value.slice(0, space), value.slice(space + 1)];
};
