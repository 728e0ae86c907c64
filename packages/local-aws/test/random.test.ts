import { describe, expect, it } from '@jest/globals';
import { createRandom } from '../src/random.js';

describe('random', () => {
  it('gives the same ids for the same seed, others for another', () => {
    expect(createRandom('a').uuid()).toBe(createRandom('a').uuid());
    expect(createRandom('a').uuid()).not.toBe(createRandom('b').uuid());
  });

  it('keeps a fork apart from its parent', () => {
    const alone = createRandom('a').fork('sts').hex(8);
    const parent = createRandom('a');
    parent.hex(100);
    expect(parent.fork('sts').hex(8)).toBe(alone);
  });

  it('makes ids of the shapes AWS uses', () => {
    const random = createRandom('a');
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.upper(16)).toMatch(/^[A-Z2-7]{16}$/);
    expect(random.lower(7)).toMatch(/^[a-z0-9]{7}$/);
    expect(random.number()).toBeLessThan(1);
  });
});
