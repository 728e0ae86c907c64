import { describe, expect, it } from '@jest/globals';
import { hasErrorCode } from '../../src/util/error-code.js';

const createError = (fields: Record<string, unknown>): Error => Object.assign(new Error('failed'), fields);

describe('hasErrorCode', () => {
  it.each([
    ['in name', { name: 'AccessDenied' }, true],
    ['with the suffix', { name: 'AccessDeniedException' }, true],
    ['in Code despite another name', { name: 'SomethingElse', Code: 'AccessDenied' }, true],
    ['with a namespace', { name: 'aws.protocols#AccessDeniedException' }, true],
    ['but not as a part of another', { name: 'AccessDeniedForNow' }, false],
  ])('finds a code %s', (_, fields, expected) => {
    expect(hasErrorCode(createError(fields), 'AccessDenied')).toBe(expected);
    expect(hasErrorCode(createError(fields), 'AccessDeniedException')).toBe(expected);
  });

  it('matches any of several codes, and nothing but errors', () => {
    expect(hasErrorCode(createError({ name: 'NoSuchBucket' }), 'NotFound', 'NoSuchBucket')).toBe(true);
    expect(hasErrorCode('AccessDenied', 'AccessDenied')).toBe(false);
  });
});
