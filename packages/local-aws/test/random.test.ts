import { describe, expect, it } from '@jest/globals';
import { createRandom } from '../src/random.js';

describe('createRandom', () => {
  it('gives the same values for the same seed and others for another seed', () => {
    expect(createRandom('a').uuid()).toBe(createRandom('a').uuid());
    expect(createRandom('a').uuid()).not.toBe(createRandom('b').uuid());
  });

  it('gives forks that are independent of their parent', () => {
    const alone = createRandom('a').fork('sts').hex(8);
    const parent = createRandom('a');
    parent.hex(100);
    expect(parent.fork('sts').hex(8)).toBe(alone);
  });

  it("generates ids in AWS's formats", () => {
    const random = createRandom('a');
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.upper(16)).toMatch(/^[A-Z2-7]{16}$/);
    expect(random.lower(7)).toMatch(/^[a-z0-9]{7}$/);
    expect(random.number()).toBeLessThan(1);
  });
});
