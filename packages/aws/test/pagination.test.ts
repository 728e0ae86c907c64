import { describe, expect, it } from '@jest/globals';
import { paginate } from '../src/pagination.js';

describe('paginate', () => {
  it('collects all pages until the token is empty or absent', async () => {
    const pagesByToken: Readonly<Record<string, { items: readonly number[]; next: string }>> = {
      '': { items: [1, 2], next: 'a' },
      a: { items: [], next: 'b' },
      b: { items: [3], next: '' },
    };
    expect(await paginate(async (token = '') => pagesByToken[token] ?? { items: [], next: undefined })).toEqual([
      1, 2, 3,
    ]);
  });

  it('throws when a token repeats', async () => {
    const result = paginate(async (token) => ({ items: [1], next: token === 'a' ? 'b' : 'a' }));
    await expect(result).rejects.toThrow("the list returned page token 'a' twice");
  });
});
