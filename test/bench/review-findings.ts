import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { type MeasuredRun, runMeasured } from '../bundle/measured-run.js';
import { createJob, getActionDirectory } from './account.js';
import { type Benchmark, type BenchmarkContext, computeMedian, type Figure } from './benchmark.js';

const ROUNDS = 3;

/** Numbers of findings, with the limits for a run. */
const SIZES = [
  { count: 10_000, seconds: 5, megabytes: 200 },
  { count: 100_000, seconds: 5, megabytes: 300 },
] as const;

const RULE_COUNT = 50;

const buildResult = (index: number) => {
  const startLine = 1 + (index % 900);
  const uri = `src/module-${index % 200}/App.java`;
  const region = { startLine, startColumn: 3, endLine: startLine, endColumn: 40 };
  return {
    ruleId: `rule-${index % RULE_COUNT}`,
    ruleIndex: index % RULE_COUNT,
    level: 'warning',
    message: { text: `Variable number ${index} is used in a query without being checked first: use a parameter.` },
    locations: [{ physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region } }],
    partialFingerprints: { primaryLocationLineHash: `${(index * 7919).toString(16).padStart(16, '0')}:1` },
    properties: { tags: ['security'], confidence: 'high' },
  };
};

/** A SARIF log with so many findings, of 460 bytes each, in 200 files. */
const buildSarifLog = (count: number): string => {
  const rules = Array.from({ length: RULE_COUNT }, (_, index) => {
    return { id: `rule-${index}`, properties: { 'security-severity': String((index % 10) + 0.5) } };
  });
  const results = Array.from({ length: count }, (_, index) => buildResult(index));
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'bench', rules } }, results }] });
};

/** Runs the gate over the findings of a SARIF file. Throws Error where the step fails. */
const measureReview = async (count: number, context: BenchmarkContext): Promise<MeasuredRun> => {
  const aws = await startLocalAws({ scenario: { region: 'eu-west-1' } });
  await using job = createJob(aws, context);
  writeFileSync(join(context.directory, 'scan.sarif'), buildSarifLog(count));
  const inputs = { 'findings-from': 'sarif', 'sarif-files': 'scan.sarif', 'fail-on': 'none' };
  const run = await runMeasured(job, { action: getActionDirectory(context, 'codeguru-review'), inputs });
  await aws.close();
  if (run.result.conclusion !== 'success') throw new Error(`the gate failed:\n${run.result.log.join('\n')}`);
  return run;
};

/** Time and memory of the review gate over many findings, with all its report files. */
export const reviewFindings: Benchmark = {
  name: 'review-findings',
  measure: async (context) => {
    const figures: Figure[] = [];
    for (const { count, seconds, megabytes } of SIZES) {
      context.log(`${ROUNDS} reviews of ${count} findings`);
      const runs: MeasuredRun[] = [];
      for (let round = 0; round < ROUNDS; round += 1) runs.push(await measureReview(count, context));
      const label = `a review of ${count} findings`;
      figures.push(
        {
          label: `${label}: time`,
          unit: 's',
          value: computeMedian(runs.map(({ milliseconds }) => milliseconds / 1000)),
          budget: { kind: 'max', limit: seconds },
        },
        {
          label: `${label}: size`,
          unit: 'MB',
          value: computeMedian(runs.map((run) => run.megabytes)),
          budget: { kind: 'max', limit: megabytes },
        },
      );
    }
    return figures;
  },
};
