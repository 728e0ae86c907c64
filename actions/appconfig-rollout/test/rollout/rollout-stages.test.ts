import { describe, expect, it } from '@jest/globals';
import type { EnvironmentPlan } from '../../src/plan/rollout-plan.js';
import { buildStages } from '../../src/rollout/rollout-stages.js';

const growth = { durationMinutes: 0, bakeMinutes: 0, growthFactor: 100, growthType: 'LINEAR' } as const;

const createPlan = (name: string): EnvironmentPlan => {
  const [tenant = '', environment = ''] = name.split('/');
  const strategy = { kind: 'absent', name: 's', growth } as const;
  return { tenant, environment, application: undefined, entry: undefined, strategy, profiles: [] };
};

const listStages = (names: readonly string[], waves: readonly string[][], rings: readonly string[][]) =>
  buildStages(names.map(createPlan), { waves, rings }).map((stage) =>
    stage.map(({ tenant, environment }) => `${tenant}/${environment}`),
  );

describe('the stages of a rollout', () => {
  it('contain the first environments of all tenants before the second ones', () => {
    expect(listStages(['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'c/2'], [], [])).toEqual([
      ['a/1', 'b/1', 'c/1', 'a/2', 'c/2', 'a/3'],
    ]);
  });

  it('are waves in order, then rings in order, with explicit names before patterns', () => {
    const names = ['a/prod', 'a/dev', 'eu-1/dev', 'eu-1/prod', 'canary/dev', 'canary/prod', 'a/qa'];
    expect(listStages(names, [['dev'], ['*'], ['prod']], [['canary'], ['eu-*'], ['*']])).toEqual([
      ['canary/dev'],
      ['eu-1/dev'],
      ['a/dev'],
      ['a/qa'],
      ['canary/prod'],
      ['eu-1/prod'],
      ['a/prod'],
    ]);
  });
});
