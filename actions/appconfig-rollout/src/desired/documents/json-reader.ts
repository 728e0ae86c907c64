import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isLosslessNumber, parse } from 'lossless-json';
import type { Token } from './token.js';

const createString = (text: string): Token => ({
  kind: 'scalar',
  style: 'double',
  source: JSON.stringify(text),
  text,
  value: text,
  tag: undefined,
});

const createPlain = (source: string, value: unknown): Token => ({
  kind: 'scalar',
  style: 'plain',
  source,
  text: source,
  value,
  tag: undefined,
});

const toToken = (value: unknown): Token => {
  if (typeof value === 'string') return createString(value);
  if (isLosslessNumber(value)) return createPlain(value.value, Number(value.value));
  if (Array.isArray(value)) return { kind: 'list', items: value.map(toToken), tag: undefined };
  if (typeof value !== 'object' || value === null) return createPlain(String(value), value);
  const entries = Object.entries(value).map(([key, item]) => [createString(key), toToken(item)] as const);
  return { kind: 'map', entries, tag: undefined };
};

/** Reads JSON; numbers keep their digits. Throws `invalid-input` for other text and for duplicate keys. */
export const readJson = (text: string): Token => {
  if (text.startsWith('\uFEFF'))
    throw new DeliveryError(
      'invalid-input',
      'starts with a byte order mark, which JSON does not allow: save the file without it',
    );
  try {
    return toToken(parse(text));
  } catch (cause) {
    throw new DeliveryError('invalid-input', `is not valid JSON: ${errorMessage(cause)}`, { cause });
  }
};
