import { describe, expect, it } from '@jest/globals';
import { paginate } from '../src/pagination.js';

describe('a list', () => {
  it('is read to its end, which may be said by an empty token', async () => {
    const pagesByToken: Readonly<Record<string, { items: readonly number[]; next: string }>> = {
      '': { items: [1, 2], next: 'a' },
      a: { items: [], next: 'b' },
      b: { items: [3], next: '' },
    };
    expect(await paginate(async (token = '') => pagesByToken[token] ?? { items: [], next: undefined })).toEqual([
      1, 2, 3,
    ]);
  });

  it('that goes round is an error, not an endless wait', async () => {
    const result = paginate(async (token) => ({ items: [1], next: token === 'a' ? 'b' : 'a' }));
    await expect(result).rejects.toThrow("a list leads back to its own page 'a'");
  });
});
