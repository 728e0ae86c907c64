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

  it('with an inline definition matches an existing one of the same name and growth', () => {
    expect(planStrategy({ kind: 'inline', name: 'careful', growth }, entries)).toEqual({
      kind: 'present',
      id: 'abc1234',
      name: 'careful',
      growth,
    });
  });

  it('with an inline definition is absent under a new name', () => {
    expect(planStrategy({ kind: 'inline', name: 'new', growth }, entries)).toEqual({
      kind: 'absent',
      name: 'new',
      growth,
    });
  });

  it.each([{ durationMinutes: 31 }, { bakeMinutes: 0 }, { growthFactor: 25 }, { growthType: 'EXPONENTIAL' as const }])(
    'with an inline definition is rejected if an existing one of its name differs in %j',
    (changes) => {
      const spec = { kind: 'inline', name: 'careful', growth: { ...growth, ...changes } } as const;
      expect(() => planStrategy(spec, entries)).toThrow(
        "strategy 'careful' exists with a different duration, bake time, growth factor or type",
      );
    },
  );
});
