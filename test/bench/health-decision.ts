import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { type MeasuredRun, runMeasured } from '../bundle/measured-run.js';
import { createJob, getActionDirectory } from './account.js';
import { type Benchmark, type BenchmarkContext, computeMedian } from './benchmark.js';

/** Limits of a decision over many events beyond one over none: `time` in s, `memory` in MB. */
export const DECISION_BUDGETS = {
  time: { kind: 'max-increase', limit: 3 },
  memory: { kind: 'max-increase', limit: 100 },
} as const;
export const EVENT_COUNT = 10_000;
const ROUNDS = 3;

export interface MeasuredDecision extends MeasuredRun {
  /** Calls of DescribeEvents: one for each page. */
  readonly pageCount: number;
}

/** Runs the gate in an account with so many open events. Throws Error where the step fails. */
export const measureDecision = async (context: BenchmarkContext, count: number): Promise<MeasuredDecision> => {
  const events = Array.from({ length: count }, (_, index) => ({
    service: 'RDS',
    region: 'eu-west-1',
    type: `AWS_RDS_ISSUE_${index}`,
  }));
  const aws = await startLocalAws({ scenario: { region: 'eu-west-1', health: { events } } });
  await using job = createJob(aws, context);
  const inputs = { 'on-event': 'warn' };
  const run = await runMeasured(job, { action: getActionDirectory(context, 'health-gate'), inputs });
  const pageCount = aws.calls().filter(({ operation }) => operation === 'DescribeEvents').length;
  await aws.close();
  if (run.result.conclusion !== 'success') throw new Error(`the gate failed:\n${run.result.log.join('\n')}`);
  return { ...run, pageCount };
};

/** Time and memory of the gate's decision over many open events, compared with none. */
export const healthDecision: Benchmark = {
  name: 'health-decision',
  measure: async (context) => {
    context.log(`${ROUNDS} decisions over ${EVENT_COUNT} events, beside none`);
    const [none, many]: [MeasuredRun[], MeasuredRun[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      none.push(await measureDecision(context, 0));
      many.push(await measureDecision(context, EVENT_COUNT));
    }
    const label = `a decision over ${EVENT_COUNT} open events`;
    const computeSeconds = (runs: readonly MeasuredRun[]) =>
      computeMedian(runs.map(({ milliseconds }) => milliseconds / 1000));
    const computeMegabytes = (runs: readonly MeasuredRun[]) => computeMedian(runs.map(({ megabytes }) => megabytes));
    const name = 'over none';
    return [
      {
        label: `${label}: time`,
        unit: 's',
        value: computeSeconds(many),
        reference: { name, value: computeSeconds(none) },
        budget: DECISION_BUDGETS.time,
      },
      {
        label: `${label}: size`,
        unit: 'MB',
        value: computeMegabytes(many),
        reference: { name, value: computeMegabytes(none) },
        budget: DECISION_BUDGETS.memory,
      },
    ];
  },
};
