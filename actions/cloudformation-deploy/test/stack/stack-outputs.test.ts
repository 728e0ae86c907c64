import { describe, expect, it } from '@jest/globals';
import { isMaskedOutput } from '../../src/stack/stack-outputs.js';

describe('isMaskedOutput', () => {
  it.each([
    ['Password', ['Password'], true],
    ['DbPassword', ['Password'], false],
    ['SecretKey', ['Secret*'], true],
    ['Anything', [], false],
  ])('is, for %s with mask-outputs %j, %s', (name, maskedOutputs, expected) => {
    expect(isMaskedOutput(name, { comment: 'none', maskedOutputs })).toBe(expected);
  });
});
