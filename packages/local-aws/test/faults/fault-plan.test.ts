import { describe, expect, it } from '@jest/globals';
import type { ApiCall } from '../../src/api-call.js';
import { type Fault, FaultPlan, faultsScenario } from '../../src/faults/fault-plan.js';
import { createRandom } from '../../src/random.js';
import { createCall } from '../fixtures.js';

const createServiceCall = (operation: string, service = 'cloudformation', at = 0): ApiCall =>
  createCall({ service, operation, at });

const KINDS: readonly Fault['fault'][] = ['throttle', 'error', 'reset', 'lost-reply', 'latency', 'stale'];

const selectRun = (
  faults: unknown,
  count: number,
  seed = 'a',
  target = createServiceCall('DescribeStacks'),
): boolean[] => {
  const plan = new FaultPlan(faultsScenario.parse(faults), createRandom(seed));
  return Array.from({ length: count }, () => plan.selectFaults(target, KINDS).length > 0);
};

describe('FaultPlan', () => {
  it('selects the same calls for the same seed and others for another seed', () => {
    const faults = [{ fault: 'throttle', probability: 0.5 }];
    expect(selectRun(faults, 64)).toEqual(selectRun(faults, 64));
    expect(selectRun(faults, 64)).not.toEqual(selectRun(faults, 64, 'b'));
    expect(new Set(selectRun(faults, 64))).toEqual(new Set([true, false]));
  });

  it.each([
    [2, [false, true, false, false]],
    ['2-3', [false, true, true, false]],
    ['3-', [false, false, true, true]],
  ])('applies a fault to calls %s', (calls, expected) => {
    expect(selectRun([{ fault: 'reset', calls }], 4)).toEqual(expected);
  });

  it('counts only calls that match the rule', () => {
    const faults = [{ fault: 'reset', service: 'cloudformation', operation: 'Describe*', calls: 1 }];
    expect(selectRun(faults, 1, 'a', createServiceCall('CreateStack'))).toEqual([false]);
    expect(selectRun(faults, 1, 'a', createServiceCall('DescribeStacks', 'ecr'))).toEqual([false]);
    expect(selectRun(faults, 1)).toEqual([true]);
  });

  it('restarts counting when the faults are replaced', () => {
    const plan = new FaultPlan(faultsScenario.parse([{ fault: 'reset', calls: 1 }]), createRandom('a'));
    const countFaults = () => plan.selectFaults(createServiceCall('X'), KINDS).length;
    expect([countFaults(), countFaults()]).toEqual([1, 0]);
    plan.replace(faultsScenario.parse([{ fault: 'reset', calls: 1 }]));
    expect(countFaults()).toBe(1);
  });

  it('throttles the calls of all callers beyond a rate', () => {
    const limited = faultsScenario.parse([{ fault: 'throttle', operation: 'Describe*', above: 2 }]);
    const plan = new FaultPlan(limited, createRandom('a'));
    const selectAt = (...moments: readonly number[]): boolean[] =>
      moments.map(
        (moment) => plan.selectFaults(createServiceCall('DescribeStacks', 'cloudformation', moment), KINDS).length > 0,
      );
    expect(selectAt(0, 0, 0, 400)).toEqual([false, false, true, true]);
    expect(selectAt(500, 500, 1000)).toEqual([false, true, false]);
    expect(selectAt(60_000, 60_000, 60_000)).toEqual([false, false, true]);
    expect(plan.selectFaults(createServiceCall('CreateStack', 'cloudformation', 60_000), KINDS)).toEqual([]);
  });

  it('supports a rate below one call a second', () => {
    const plan = new FaultPlan(faultsScenario.parse([{ fault: 'throttle', above: 0.5 }]), createRandom('a'));
    const countAt = (moment: number) =>
      plan.selectFaults(createServiceCall('X', 'cloudformation', moment), KINDS).length;
    expect([0, 1000, 2000, 3000, 4000].map(countAt)).toEqual([0, 1, 0, 1, 0]);
  });

  it.each([
    [[{ fault: 'explode' }]],
    [[{ fault: 'throttle', above: 0 }]],
    [[{ fault: 'latency' }]],
    [[{ fault: 'reset', calls: 'some' }]],
    [[{ fault: 'latency', by: '3 days' }]],
  ])('rejects %j', (faults) => {
    expect(faultsScenario.safeParse(faults).success).toBe(false);
  });
});
