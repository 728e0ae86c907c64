import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { CollectionToken, Token } from './token.js';

interface Size {
  /** Characters of the document after its aliases are expanded. */
  readonly length: number;
  readonly depth: number;
}

/** Bounds of a document after its aliases are expanded. */
export interface TokenLimits {
  readonly length: number;
  readonly depth: number;
}

const measure = (token: Token, sizes: Map<CollectionToken, Size>): Size => {
  if (token.kind === 'scalar') return { length: token.source.length + 2, depth: 0 };
  const known = sizes.get(token);
  if (known !== undefined) return known;
  const children = token.kind === 'list' ? token.items : token.entries.flat();
  let [length, depth] = [2, 0];
  for (const child of children) {
    const size = measure(child, sizes);
    length += size.length;
    depth = Math.max(depth, size.depth);
  }
  const size = { length, depth: depth + 1 };
  sizes.set(token, size);
  return size;
};

/** Throws `invalid-input` for a document that is nested too deep, or too large after its aliases are expanded. */
export const assertWithinLimits = (token: Token, limits: TokenLimits): void => {
  const { length, depth } = measure(token, new Map());
  if (depth > limits.depth)
    throw new DeliveryError('invalid-input', `is nested deeper than ${limits.depth} levels: flatten it`);
  if (length > limits.length)
    throw new DeliveryError(
      'invalid-input',
      `expands to more than ${limits.length} characters through aliases: use fewer aliases`,
    );
};
