import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { DECISION_BUDGETS, EVENT_COUNT, measureDecision } from '../bench/health-decision.js';

const action = join(root, 'actions', 'health-gate');
const incident = { service: 'RDS', region: 'eu-west-1' };
const { memory } = DECISION_BUDGETS;
const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' };

describe('the bundle of health-gate', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'home-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const startJob = (aws: LocalAws): Job =>
    new Job({
      workspace: join(home, 'work'),
      baseEnv: { PATH: process.env['PATH'] ?? '', HOME: home },
      env: { ...keys, AWS_ENDPOINT_URL: aws.url },
    });

  it('waits until an incident is over', async () => {
    // AWS's time runs 60 times faster than real time; the gate polls once a second at first.
    await using aws = await startAws({ clock: { scale: 60 }, health: { events: [{ ...incident, ends: '2m' }] } });
    await using job = startJob(aws.local);
    const inputs = { 'on-event': 'wait', 'stable-for': '1s' };
    const { conclusion, outputs, summary, log } = await job.run({ action, inputs });
    expect(conclusion).toBe('success');
    expect(outputs).toMatchObject({ verdict: 'passed', source: 'health-api' });
    expect(Number(outputs['waited-seconds'])).toBeGreaterThanOrEqual(2);
    expect(summary).toContain('Blockers during this run');
    expect(log.join('\n')).toContain('Blocked by RDS in eu-west-1');
    await job.finish();
  });

  it('retries after connection resets', async () => {
    await using aws = await startAws({ faults: [{ fault: 'reset', service: 'health', calls: '1-2' }] });
    await using job = startJob(aws.local);
    const { conclusion, outputs } = await job.run({ action });
    expect(conclusion).toBe('success');
    expect(outputs['verdict']).toBe('passed');
    await job.finish();
  });

  it('writes the evidence file when it fails, and loads the chunks for calendars and alarms on demand', async () => {
    const ssm = { calendars: { freeze: { state: 'CLOSED' as const } } };
    const cloudwatch = { alarms: { errors: { state: 'ALARM' as const } } };
    await using aws = await startAws({ ssm, cloudwatch });
    await using job = startJob(aws.local);
    const { conclusion, outputs } = await job.run({ action, inputs: { calendars: 'freeze', alarms: 'errors' } });
    expect(conclusion).toBe('failure');
    expect(outputs['verdict']).toBe('blocked');
    const evidence = JSON.parse(await readFile(outputs['evidence-file'] ?? '', 'utf8'));
    expect(evidence).toMatchObject({ version: 1, verdict: 'blocked', holdCount: 2 });
    await job.finish();
  });

  it(`decides over ${EVENT_COUNT} open events with at most ${memory.limit} MB more than over none`, async () => {
    const context = { root, directory: home, awsCli: undefined, programs: {}, log: () => undefined };
    const none = await measureDecision(context, 0);
    const many = await measureDecision(context, EVENT_COUNT);
    expect(many.result.outputs).toMatchObject({ verdict: 'blocked', 'event-count': String(EVENT_COUNT) });
    expect(many.pageCount).toBe(100);
    expect(many.megabytes - none.megabytes).toBeLessThan(memory.limit);
  });
});

const startAws = async (scenario: Exclude<NonNullable<Parameters<typeof startLocalAws>[0]>['scenario'], string>) => {
  const local = await startLocalAws({ scenario: { region: 'eu-west-1', ...scenario } });
  return { local, [Symbol.asyncDispose]: () => local.close() };
};
