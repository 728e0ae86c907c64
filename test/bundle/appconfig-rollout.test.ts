import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { AppConfigClient, ListDeploymentsCommand } from '@aws-sdk/client-appconfig';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';

const action = join(root, 'actions', 'appconfig-rollout');

describe('the bundle of appconfig-rollout', () => {
  let aws: LocalAws;
  let home: string;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    // AWS's time runs 60 times faster than real time.
    aws = await startLocalAws({ scenario: { region: 'eu-west-1', clock: { scale: 60 } } });
    await cp(join(root, 'examples', 'appconfig'), join(home, 'work', 'config'), { recursive: true });
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

  const listStarted = () =>
    aws.calls().filter(({ operation, error }) => operation === 'StartDeployment' && error === undefined);

  /** The states of all deployments in the environments of this run. */
  const readStates = async (): Promise<readonly string[]> => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new AppConfigClient({ endpoint: aws.url, region: 'eu-west-1', credentials });
    const environments = new Map(
      listStarted().map(({ input: { ApplicationId, EnvironmentId } }) => [
        String(EnvironmentId),
        { ApplicationId: String(ApplicationId), EnvironmentId: String(EnvironmentId) },
      ]),
    );
    const states: string[] = [];
    for (const environment of environments.values()) {
      const { Items = [] } = await client.send(new ListDeploymentsCommand(environment));
      states.push(...Items.map(({ State = '' }) => State));
    }
    client.destroy();
    return states;
  };

  it('rolls out a tree with schemas and flags, and its post step makes no call', async () => {
    await using job = startJob();
    const inputs = { tree: 'config', strategy: '{ duration: 1m, growth: 50 }' };
    const { conclusion, outputs, summary } = await job.run({ action, inputs });
    expect(conclusion).toBe('success');
    expect(outputs).toMatchObject({ changed: '12', failed: '0' });
    expect(summary).toContain('```mermaid');
    const before = aws.calls().length;
    const [post] = await job.finish();
    expect(post?.conclusion).toBe('success');
    expect(aws.calls().length).toBe(before);
  });

  it('rejects content that violates its schema, and loads the validator on demand', async () => {
    await writeFile(join(home, 'work', 'config', 'template', 'ThrottlingLimits.json'), '{"burst": 1}');
    await using job = startJob();
    const { conclusion, annotations } = await job.run({ action, inputs: { tree: 'config' } });
    expect(conclusion).toBe('failure');
    expect(annotations[0]?.message).toContain("must have required property 'requestsPerSecond'");
    expect(listStarted()).toEqual([]);
    await job.finish();
  });

  describe.each([
    ['stop', /^(?:ROLLED_BACK|COMPLETE)$/],
    ['revert', /^(?:ROLLED_BACK|REVERTED)$/],
    ['leave', /^(?:DEPLOYING|BAKING|COMPLETE)$/],
  ])('applies on-cancel in the post step after main was killed: %s', (policy, state) => {
    // The first start, one of several, and the first that follows another in its environment.
    it.each([
      ['CreateEnvironment', 1],
      ['StartDeployment', 1],
      ['StartDeployment', 2],
      ['StartDeployment', 3],
    ])('at %s %d', async (operation, count) => {
      await using job = startJob();
      const strategy = '{ duration: 1m, growth: 50 }';
      const inputs = { tree: 'config', tenants: 'acme', strategy, 'on-cancel': policy };
      const step = await job.start({ action, inputs });
      while (aws.calls().filter((call) => call.operation === operation).length < count) await setTimeout(5);
      step.kill();
      await step.result;
      const from = aws.calls().length;
      const [post] = await job.finish();
      expect(post?.log.join('\n')).toContain(`applying on-cancel: ${policy}`);
      expect(post?.log.join('\n')).not.toContain('could not be settled');
      const states = await readStates();
      expect(states.length).toBeGreaterThanOrEqual(operation === 'StartDeployment' ? count : 0);
      for (const each of states) expect(each).toMatch(state);
      const isLeft = policy === 'leave';
      expect(
        aws
          .calls()
          .slice(from)
          .some(({ operation: name }) => name === 'StopDeployment'),
      ).toBe(!isLeft && states.some((each) => each !== 'COMPLETE'));
    });
  });
});
