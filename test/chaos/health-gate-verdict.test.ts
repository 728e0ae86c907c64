import { NOW } from '../../actions/health-gate/test/fixtures.js';
import { Harness, type RunResult } from '../../actions/health-gate/test/harness.js';
import { runWithSeeds } from './fault-injection.js';
import { createErrorSchedule } from './fault-schedule.js';

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

/** Incidents and the minute at which they end; `buildScenario` adds 150 old events, which fill several pages. */
const TEST_CASES = [
  { name: 'an incident that stays', to: Infinity },
  { name: 'an incident that ends late', to: 12 },
  { name: 'an incident that ends early', to: 5 },
] as const;

const buildScenario = ({ to }: (typeof TEST_CASES)[number]) => {
  const ends = Number.isFinite(to) ? { ends: `${to}m` } : {};
  const others = Array.from({ length: 150 }, () => ({ service: 'RDS', region: 'eu-west-1', age: '100h' }));
  return {
    health: { events: [...others, { service: 'RDS', region: 'eu-west-1', ...ends }] },
    ssm: { calendars: { freeze: {} } },
    cloudwatch: { alarms: { errors: {} } },
  };
};

/** The time of the last observation in minutes after the start. */
const getLastObservation = async (harness: Harness, step: RunResult): Promise<number> => {
  const { lastLookAt } = await harness.readEvidence(step);
  return (Date.parse(String(lastLookAt)) - NOW) / MINUTE;
};

for (const testCase of TEST_CASES) {
  runWithSeeds({
    name: `under ${testCase.name}, passed is said only after a complete look without it`,
    seeds: 8,
    runSeed: async (random) => {
      const faults = createErrorSchedule(random, operations);
      const harness = await Harness.open({ ...buildScenario(testCase), faults });
      const step = await harness.run({ inputs });
      const { outputs, recorded } = step;
      const verdict = String(outputs['verdict']);
      const isTrue = recorded.failures.length === (verdict === 'passed' ? 0 : 1);
      const isTimely = verdict !== 'passed' || (await getLastObservation(harness, step)) >= testCase.to;
      await harness.close();
      const isKnown = ['passed', 'blocked', 'unknown'].includes(verdict);
      return isKnown && isTrue && isTimely ? undefined : { faults, verdict, failures: recorded.failures };
    },
  });
}

runWithSeeds({
  name: 'with nothing in the way, a policy that lets pass says so',
  seeds: 8,
  runSeed: async (random) => {
    const faults = createErrorSchedule(random, operations);
    const harness = await Harness.open({ faults });
    const { calls, outputs, summary } = await harness.run({
      inputs: { 'on-unavailable': 'proceed', 'on-no-support-plan': 'proceed' },
    });
    await harness.close();
    const hasResponse = calls.some(({ operation, verdict }) => operation === 'DescribeEvents' && verdict === 'allowed');
    const isByPolicy = summary.includes('passed by policy despite incomplete data');
    return outputs['verdict'] === 'passed' && isByPolicy !== hasResponse ? undefined : { faults, outputs, summary };
  },
});
