import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { type MeasuredRun, runMeasured } from '../bundle/measured-run.js';
import { createJob, getActionDirectory } from './account.js';
import { type Benchmark, type BenchmarkContext, computeMedian } from './benchmark.js';

const FINDING_COUNT = 10_000;
const ROUNDS = 3;
const BUDGETS = { time: { kind: 'max', limit: 5 }, memory: { kind: 'max', limit: 200 } } as const;

/** A SARIF log with so many findings in one file, of 50 rules. */
const buildSarifLog = (count: number): string => {
  const results = Array.from({ length: count }, (_, index) => ({
    ruleId: `rule-${index % 50}`,
    message: { text: `Finding ${index}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'App.java' }, region: { startLine: 1 + index } } }],
  }));
  const runs = [{ tool: { driver: { name: 'bench', rules: [] } }, results }];
  return JSON.stringify({ version: '2.1.0', runs });
};

/** Runs the gate over the findings of a SARIF file. Throws Error where the step fails. */
const measureReview = async (context: BenchmarkContext): Promise<MeasuredRun> => {
  const aws = await startLocalAws({ scenario: { region: 'eu-west-1' } });
  await using job = createJob(aws, context);
  writeFileSync(join(context.directory, 'scan.sarif'), buildSarifLog(FINDING_COUNT));
  const inputs = { 'findings-from': 'sarif', 'sarif-files': 'scan.sarif', 'fail-on': 'none' };
  const run = await runMeasured(job, { action: getActionDirectory(context, 'codeguru-review'), inputs });
  await aws.close();
  if (run.result.conclusion !== 'success') throw new Error(`the gate failed:\n${run.result.log.join('\n')}`);
  return run;
};

/** Time and memory of the review gate over many findings. */
export const reviewFindings: Benchmark = {
  name: 'review-findings',
  measure: async (context) => {
    context.log(`${ROUNDS} reviews of ${FINDING_COUNT} findings`);
    const runs: MeasuredRun[] = [];
    for (let round = 0; round < ROUNDS; round += 1) runs.push(await measureReview(context));
    const label = `a review of ${FINDING_COUNT} findings`;
    const seconds = computeMedian(runs.map(({ milliseconds }) => milliseconds / 1000));
    const megabytes = computeMedian(runs.map((run) => run.megabytes));
    return [
      { label: `${label}: time`, unit: 's', value: seconds, budget: BUDGETS.time },
      { label: `${label}: size`, unit: 'MB', value: megabytes, budget: BUDGETS.memory },
    ];
  },
};
