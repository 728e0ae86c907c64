import { NOW } from '../../actions/health-gate/test/helpers/event.js';
import { Stage, type Step } from '../../actions/health-gate/test/helpers/stage.js';
import { undergo } from './ordeal.js';
import { refusalsOn } from './schedule.js';

const MINUTE = 60_000;

const operations = [
  'DescribeEvents',
  'DescribeEventDetails',
  'DescribeAffectedEntities',
  'GetCalendarState',
  'DescribeAlarms',
  '*',
];

const inputs = { 'on-event': 'wait', timeout: '20m', calendars: 'freeze', alarms: 'errors', 'max-age': '2d' };

/** What stands in the way, and until which minute; 150 old events besides make several pages. */
const worlds = [
  { name: 'an incident that stays', to: Infinity },
  { name: 'an incident that ends late', to: 12 },
  { name: 'an incident that ends early', to: 5 },
] as const;

const worldOf = ({ to }: (typeof worlds)[number]) => {
  const ends = Number.isFinite(to) ? { ends: `${to}m` } : {};
  const others = Array.from({ length: 150 }, () => ({ service: 'RDS', region: 'eu-west-1', age: '100h' }));
  return {
    health: { events: [...others, { service: 'RDS', region: 'eu-west-1', ...ends }] },
    ssm: { calendars: { freeze: {} } },
    cloudwatch: { alarms: { errors: {} } },
  };
};

/** When the last look was, in minutes after the start. */
const lastAnswerAt = async (stage: Stage, step: Step): Promise<number> => {
  const { lastLookAt } = await stage.evidence(step);
  return (Date.parse(String(lastLookAt)) - NOW) / MINUTE;
};

for (const world of worlds) {
  undergo({
    name: `under ${world.name}, passed is said only after a complete look without it`,
    seeds: 8,
    play: async (random) => {
      const faults = refusalsOn(random, operations);
      const stage = await Stage.open({ ...worldOf(world), faults });
      const step = await stage.run({ inputs });
      const { outputs, memory } = step;
      const verdict = String(outputs['verdict']);
      const isTrue = memory.failures.length === (verdict === 'passed' ? 0 : 1);
      const isTimely = verdict !== 'passed' || (await lastAnswerAt(stage, step)) >= world.to;
      await stage.close();
      const isKnown = ['passed', 'blocked', 'unknown'].includes(verdict);
      return isKnown && isTrue && isTimely ? undefined : { faults, verdict, failures: memory.failures };
    },
  });
}

undergo({
  name: 'with nothing in the way, a policy that lets pass says so',
  seeds: 8,
  play: async (random) => {
    const faults = refusalsOn(random, operations);
    const stage = await Stage.open({ faults });
    const { calls, outputs, summary } = await stage.run({
      inputs: { 'on-unavailable': 'proceed', 'on-no-support-plan': 'proceed' },
    });
    await stage.close();
    const isAnswered = calls.some(({ operation, verdict }) => operation === 'DescribeEvents' && verdict === 'allowed');
    const isByPolicy = summary.includes('passed by policy, not by an answer');
    return outputs['verdict'] === 'passed' && isByPolicy !== isAnswered ? undefined : { faults, outputs, summary };
  },
});
