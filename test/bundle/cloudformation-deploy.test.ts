import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, scenario } from '../../actions/cloudformation-deploy/test/harness.js';
import { root } from '../../scripts/command.mjs';

const action = join(root, 'actions', 'cloudformation-deploy');

describe('the bundle of cloudformation-deploy', () => {
  let aws: LocalAws;
  let home: string;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    await mkdir(join(home, 'work'));
    const { cloudformation } = scenario;
    const durations = { create: '500ms', update: '5s', delete: '300ms', changeSet: '100ms' };
    aws = await startLocalAws({ scenario: { ...scenario, cloudformation: { ...cloudformation, durations } } });
  });
  afterEach(async () => {
    await aws.close();
    await rm(home, { recursive: true });
  });

  const startJob = (): Job => {
    const baseEnv = { PATH: process.env['PATH'] ?? '', HOME: home };
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = aws.createEnv({ keys: true });
    return new Job({ workspace: join(home, 'work'), baseEnv, env });
  };
  const writeTemplate = async (modes: Parameters<typeof renderThings>[0]): Promise<string> => {
    await writeFile(join(home, 'work', 'template.json'), renderThings(modes));
    return 'template.json';
  };
  const readStatus = async (): Promise<string | undefined> => {
    const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };
    const client = new CloudFormationClient({ endpoint: aws.url, region: 'eu-central-1', credentials });
    const response = await client.send(new DescribeStacksCommand({ StackName: 'shop' })).catch(() => undefined);
    client.destroy();
    return response?.Stacks?.[0]?.StackStatus;
  };
  const waitForTerminal = async (): Promise<string | undefined> => {
    for (;;) {
      const status = await readStatus();
      if (status === undefined || !status.endsWith('_IN_PROGRESS')) return status;
      await setTimeout(200);
    }
  };

  it('deploys, and its post step makes no call', async () => {
    await using job = startJob();
    const { conclusion, outputs, summary } = await job.run({
      action,
      inputs: { name: 'shop', template: await writeTemplate({ A: 'good' }) },
    });
    expect(conclusion).toBe('success');
    expect(outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(summary).toContain('```mermaid');
    const before = aws.calls().length;
    const [post] = await job.finish();
    expect(post?.conclusion).toBe('success');
    expect(aws.calls().length).toBe(before);
  });

  it('cancels the update in the post step after main was killed', async () => {
    await using job = startJob();
    await job.run({ action, inputs: { name: 'shop', template: await writeTemplate({ A: 'good' }) } });
    const inputs = { name: 'shop', template: await writeTemplate({ A: 'better' }), 'on-cancel': 'cancel-update' };
    const step = await job.start({ action, inputs });
    await step.waitForLine(/UPDATE_IN_PROGRESS +A /u);
    step.kill();
    await step.result;
    await job.finish();
    expect(await waitForTerminal()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('deletes change set and stack of a preview that was killed', async () => {
    aws.setFaults([{ fault: 'latency', by: '3s', operation: 'DescribeChangeSet' }]);
    await using job = startJob();
    const step = await job.start({
      action,
      inputs: { name: 'shop', template: await writeTemplate({ A: 'good' }), mode: 'preview' },
    });
    while (!aws.calls().some(({ operation }) => operation === 'CreateChangeSet')) await setTimeout(50);
    step.kill();
    await step.result;
    expect(await readStatus()).toBe('REVIEW_IN_PROGRESS');
    aws.setFaults([]);
    await job.finish();
    expect(await waitForTerminal()).toBeUndefined();
  });
});
