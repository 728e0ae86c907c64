import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { type MeasuredRun, runMeasured } from '../bundle/measured-run.js';
import { actionFolder, openJob } from './account.js';
import { type Bench, type Ground, median } from './bench.js';

const bars = { time: { kind: 'beyond', limit: 3 }, memory: { kind: 'beyond', limit: 100 } } as const;
const events = 10_000;
const rounds = 3;

const decide = async (ground: Ground, count: number): Promise<MeasuredRun> => {
  const many = Array.from({ length: count }, (_, index) => ({
    service: 'RDS',
    region: 'eu-west-1',
    type: `AWS_RDS_ISSUE_${index}`,
  }));
  const aws = await startLocalAws({ scenario: { region: 'eu-west-1', health: { events: many } } });
  await using job = openJob(aws, ground);
  const inputs = { 'on-event': 'warn' };
  const run = await runMeasured(job, { action: actionFolder(ground, 'health-gate'), inputs });
  await aws.close();
  if (run.result.conclusion !== 'success') throw new Error(`the gate failed:\n${run.result.log.join('\n')}`);
  return run;
};

/** What it takes the gate to decide over many open events, beside none. */
export const healthDecision: Bench = {
  name: 'health-decision',
  measure: async (ground) => {
    ground.say(`${rounds} decisions over ${events} events, beside none`);
    const [none, many]: [MeasuredRun[], MeasuredRun[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      none.push(await decide(ground, 0));
      many.push(await decide(ground, events));
    }
    const what = `a decision over ${events} open events`;
    const seconds = (runs: readonly MeasuredRun[]) => median(runs.map(({ milliseconds }) => milliseconds / 1000));
    const size = (runs: readonly MeasuredRun[]) => median(runs.map(({ megabytes }) => megabytes));
    const name = 'over none';
    return [
      { what: `${what}: time`, unit: 's', ours: seconds(many), other: { name, value: seconds(none) }, bar: bars.time },
      { what: `${what}: size`, unit: 'MB', ours: size(many), other: { name, value: size(none) }, bar: bars.memory },
    ];
  },
};
