import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSarif } from '../../actions/codeguru-review/test/sarif-log.js';
import { root } from '../../scripts/command.mjs';

const action = join(root, 'actions', 'codeguru-review');
const BUCKET = 'codeguru-reviewer-shop';
const REGION = 'eu-west-1';
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

describe('the bundle of codeguru-review', () => {
  let aws: LocalAws;
  let workspace: string;

  const start = async (takes: string): Promise<void> => {
    const recommendations = [{ file: 'src/App.java', severity: 'Critical' as const }];
    const associations = [{ name: 'shop', bucket: BUCKET }];
    aws = await startLocalAws({
      scenario: {
        'codeguru-reviewer': { associations, review: { takes, recommendations } },
        iam: { accessKeys: { test: 'test' } },
      },
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    await createS3({ region: REGION, endpoint: aws.url, credentials, forcePathStyle: true }).createBucket(BUCKET);
  };

  beforeEach(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'review-')));
    writeFileSync(join(workspace, 'App.java'), 'class App {}\n');
    for (const args of [
      ['init', '--quiet'],
      ['add', 'App.java'],
    ])
      execFileSync('git', args, { cwd: workspace });
  });
  afterEach(async () => {
    await aws.close();
    rmSync(workspace, { recursive: true });
  });

  const startJob = (): Job =>
    new Job({
      workspace,
      env: { AWS_ENDPOINT_URL: aws.url, AWS_REGION: REGION, ...KEYS },
      github: { repository: 'octocat/shop' },
    });
  const listOperations = (): readonly string[] => aws.calls().map(({ operation }) => operation);

  it('fails on findings of a review, and deletes its upload', async () => {
    await start('0s');
    await using job = startJob();
    const { conclusion, outputs, summary } = await job.run({ action, inputs: {} });
    expect([conclusion, outputs['verdict']]).toEqual(['failure', 'blocked']);
    expect(summary).toContain('Code review: blocked');
    expect(readFileSync(outputs['html-file'] ?? '', 'utf8')).toContain('<title>Code review: blocked</title>');
    const [post] = await job.finish();
    expect([post?.conclusion, listOperations().at(-1)]).toEqual(['success', 'DeleteObject']);
  });

  it('deletes its upload in the post step after main was killed', async () => {
    await start('1h');
    await using job = startJob();
    const step = await job.start({ action, inputs: {} });
    await step.waitForLine(/^Started code review of all code/u);
    step.kill();
    await step.result;
    expect(listOperations()).not.toContain('DeleteObject');
    const [post] = await job.finish();
    expect(post?.log.join('\n')).toContain(`removed 1 uploaded archive from bucket ${BUCKET}`);
    expect(listOperations().at(-1)).toBe('DeleteObject');
  });

  it('retries after a connection reset', async () => {
    await start('0s');
    aws.setFaults([{ fault: 'reset', service: 'codeguru-reviewer', calls: 1 }]);
    await using job = startJob();
    expect((await job.run({ action, inputs: { 'fail-on': 'none' } })).conclusion).toBe('success');
    await job.finish();
  });

  it('reads 10,000 findings within 200 MB', async () => {
    await start('0s');
    const results = Array.from({ length: 10_000 }, (_, index) => ({ file: 'App.java', rule: `rule-${index % 50}` }));
    writeFileSync(join(workspace, 'scan.sarif'), buildSarif({ results }));
    const script = `
      process.on('exit', () => process.stderr.write('KILOBYTES ' + process.resourceUsage().maxRSS));
      await import(${JSON.stringify(pathToFileURL(join(action, 'dist', 'main.js')))});
    `;
    const env = {
      PATH: process.env['PATH'],
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: workspace,
      'INPUT_SARIF-FILES': 'scan.sarif',
    };
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    });
    expect(stdout).toContain('10000 failing findings (10000 high)');
    const [, kilobytes = '0'] = /KILOBYTES (\d+)/u.exec(stderr) ?? [];
    expect(Number(kilobytes)).toBeGreaterThan(0);
    expect(Number(kilobytes)).toBeLessThan(200 * 1000);
  });
});
