import { describe, expect, it } from '@jest/globals';
import { planStrategy } from '../../src/plan/strategy-plan.js';

const growth = { durationMinutes: 30, bakeMinutes: 10, growthFactor: 20, growthType: 'LINEAR' as const };

describe('a strategy', () => {
  const entries = [
    { id: 'AppConfig.AllAtOnce', name: 'AppConfig.AllAtOnce', growth },
    { id: 'abc1234', name: 'careful', growth },
    { id: 'def1234', name: 'twice', growth },
    { id: 'ghi1234', name: 'twice', growth },
  ];

  it.each(['AppConfig.AllAtOnce', 'AllAtOnce', 'abc1234', 'careful'])('is found by %s', (name) => {
    expect(planStrategy({ kind: 'named', name }, entries).kind).toBe('present');
  });

  it('is rejected if several have its name', () => {
    expect(() => planStrategy({ kind: 'named', name: 'twice' }, entries)).toThrow('(def1234, ghi1234): rename');
  });

  it('matches an existing one of equal growth, and is rejected for a different one', () => {
    expect(planStrategy({ kind: 'inline', name: 'careful', growth }, entries)).toMatchObject({ id: 'abc1234' });
    expect(planStrategy({ kind: 'inline', name: 'new', growth }, entries)).toEqual({
      kind: 'absent',
      name: 'new',
      growth,
    });
    const other = { ...growth, growthFactor: 10 };
    expect(() => planStrategy({ kind: 'inline', name: 'careful', growth: other }, entries)).toThrow('grows otherwise');
  });
});
