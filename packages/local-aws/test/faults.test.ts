import { describe, expect, it } from '@jest/globals';
import type { Call } from '../src/call.js';
import { type Fault, FaultPlan, faultsScenario } from '../src/faults.js';
import { createRandom } from '../src/random.js';

const call = (operation: string, service = 'cloudformation', at = 0): Call => ({
  id: 'c',
  service,
  operation,
  input: {},
  principal: { kind: 'anonymous' },
  region: 'us-east-1',
  at,
  write: false,
  wire: { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) },
});

const KINDS: readonly Fault['fault'][] = ['throttle', 'error', 'reset', 'lost-reply', 'latency', 'stale'];

const run = (faults: unknown, count: number, seed = 'a', made = call('DescribeStacks')): boolean[] => {
  const plan = new FaultPlan(faultsScenario.parse(faults), createRandom(seed));
  return Array.from({ length: count }, () => plan.strike(made, KINDS).length > 0);
};

describe('faults', () => {
  it('strike the same calls for the same seed, others for another', () => {
    const faults = [{ fault: 'throttle', probability: 0.5 }];
    expect(run(faults, 64)).toEqual(run(faults, 64));
    expect(run(faults, 64)).not.toEqual(run(faults, 64, 'b'));
    expect(new Set(run(faults, 64))).toEqual(new Set([true, false]));
  });

  it.each([
    [2, [false, true, false, false]],
    ['2-3', [false, true, true, false]],
    ['3-', [false, false, true, true]],
  ])('strike calls %s', (calls, expected) => {
    expect(run([{ fault: 'reset', calls }], 4)).toEqual(expected);
  });

  it('count only the calls they select', () => {
    const faults = [{ fault: 'reset', service: 'cloudformation', operation: 'Describe*', calls: 1 }];
    expect(run(faults, 1, 'a', call('CreateStack'))).toEqual([false]);
    expect(run(faults, 1, 'a', call('DescribeStacks', 'ecr'))).toEqual([false]);
    expect(run(faults, 1)).toEqual([true]);
  });

  it('start over when they are replaced', () => {
    const plan = new FaultPlan(faultsScenario.parse([{ fault: 'reset', calls: 1 }]), createRandom('a'));
    const strikes = () => plan.strike(call('X'), KINDS).length;
    expect([strikes(), strikes()]).toEqual([1, 0]);
    plan.replace(faultsScenario.parse([{ fault: 'reset', calls: 1 }]));
    expect(strikes()).toBe(1);
  });

  it('throttle what comes above a rate, of all callers together', () => {
    const limited = faultsScenario.parse([{ fault: 'throttle', operation: 'Describe*', above: 2 }]);
    const plan = new FaultPlan(limited, createRandom('a'));
    const at = (...moments: readonly number[]): boolean[] =>
      moments.map((moment) => plan.strike(call('DescribeStacks', 'cloudformation', moment), KINDS).length > 0);
    expect(at(0, 0, 0, 400)).toEqual([false, false, true, true]);
    expect(at(500, 500, 1000)).toEqual([false, true, false]);
    expect(at(60_000, 60_000, 60_000)).toEqual([false, false, true]);
    expect(plan.strike(call('CreateStack', 'cloudformation', 60_000), KINDS)).toEqual([]);
  });

  it('throttle a rate below one call a second', () => {
    const plan = new FaultPlan(faultsScenario.parse([{ fault: 'throttle', above: 0.5 }]), createRandom('a'));
    const at = (moment: number) => plan.strike(call('X', 'cloudformation', moment), KINDS).length;
    expect([0, 1000, 2000, 3000, 4000].map(at)).toEqual([0, 1, 0, 1, 0]);
  });

  it.each([
    [[{ fault: 'explode' }]],
    [[{ fault: 'throttle', above: 0 }]],
    [[{ fault: 'latency' }]],
    [[{ fault: 'reset', calls: 'some' }]],
    [[{ fault: 'latency', by: '3 days' }]],
  ])('refuse %j', (faults) => {
    expect(faultsScenario.safeParse(faults).success).toBe(false);
  });
});
