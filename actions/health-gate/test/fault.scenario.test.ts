import { createRandom } from '@aws-delivery/local-aws/random';
import { describe, expect, it } from '@jest/globals';
import { NOW } from './helpers/event.js';
import { Stage, type StageOptions, type Step } from './helpers/stage.js';

const MINUTE = 60_000;

type Faults = NonNullable<StageOptions['faults']>;

/** A schedule of faults from a seed: throttling, errors of every kind, on some operations, at some calls. */
const schedule = (seed: number): Faults => {
  const random = createRandom(`faults ${seed}`);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random.number() * values.length)];
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  };
  const operations = [
    'DescribeEvents',
    'DescribeEventDetails',
    'DescribeAffectedEntities',
    'GetCalendarState',
    'DescribeAlarms',
    '*',
  ];
  const codes = [
    { code: 'InternalFailure', status: 500 },
    { code: 'ServiceUnavailable', status: 503 },
    { code: 'InvalidPaginationToken', status: 400 },
    { code: 'AccessDeniedException', status: 403 },
    { code: 'ExpiredTokenException', status: 403 },
    { code: 'ValidationException', status: 400 },
    { code: 'SubscriptionRequiredException', status: 400 },
  ];
  return Array.from({ length: 1 + Math.floor(random.number() * 4) }, () => {
    const from = 1 + Math.floor(random.number() * 30);
    const selection = {
      operation: pick(operations),
      calls: `${from}-${from + Math.floor(random.number() * 40)}`,
      probability: pick([0.3, 0.7, 1]),
    };
    return random.number() < 0.3
      ? { fault: 'throttle' as const, ...selection }
      : { fault: 'error' as const, ...pick(codes), ...selection };
  });
};

const seeds = Array.from({ length: 8 }, (_, index) => index);

const inputs = { 'on-event': 'wait', timeout: '20m', calendars: 'freeze', alarms: 'errors' };

/** What stands in the way, and until which minute; 150 old events besides make several pages. */
const worlds = [
  { name: 'an incident that stays', to: Infinity },
  { name: 'an incident that ends late', to: 12 },
  { name: 'an incident that ends early', to: 5 },
] as const;

const open = ({ to }: (typeof worlds)[number], seed: number): Promise<Stage> => {
  const ends = Number.isFinite(to) ? { ends: `${to}m` } : {};
  const others = Array.from({ length: 150 }, () => ({ service: 'RDS', region: 'eu-west-1', age: '100h' }));
  return Stage.open({
    faults: schedule(seed),
    health: { events: [...others, { service: 'RDS', region: 'eu-west-1', ...ends }] },
    ssm: { calendars: { freeze: {} } },
    cloudwatch: { alarms: { errors: {} } },
  });
};

/** When the last look was, in minutes after the start. */
const lastAnswerAt = async (stage: Stage, step: Step): Promise<number> => {
  const { lastLookAt } = await stage.evidence(step);
  return (Date.parse(String(lastLookAt)) - NOW) / MINUTE;
};

describe.each(worlds)('under any faults, with $name,', (world) => {
  it.each(seeds)('passed is said only after a complete look without it (seed %i)', async (seed) => {
    const stage = await open(world, seed);
    const step = await stage.run({ inputs: { ...inputs, 'max-age': '2d' } });
    const verdict = step.outputs['verdict'];
    expect(['passed', 'blocked', 'unknown']).toContain(verdict);
    expect(step.memory.failures).toHaveLength(verdict === 'passed' ? 0 : 1);
    if (verdict === 'passed') expect(await lastAnswerAt(stage, step)).toBeGreaterThanOrEqual(world.to);
    await stage.close();
  });
});

describe('under any faults, with nothing in the way,', () => {
  it.each(seeds)('a policy that lets pass says so (seed %i)', async (seed) => {
    const stage = await Stage.open({ faults: schedule(seed) });
    const step = await stage.run({ inputs: { 'on-unavailable': 'proceed', 'on-no-support-plan': 'proceed' } });
    await stage.close();
    expect(step.outputs['verdict']).toBe('passed');
    const answered = step.calls.some(
      ({ operation, verdict }) => operation === 'DescribeEvents' && verdict === 'allowed',
    );
    const byPolicy = step.summary.includes('passed by policy, not by an answer');
    expect(byPolicy).toBe(!answered);
  });
});
