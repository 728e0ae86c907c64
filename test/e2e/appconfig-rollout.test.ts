import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';

const obstacle = findToolObstacle(['act']);
const workflow = 'examples/workflows/configuration.yml';
const role = 'arn:aws:iam::123456789012:role/deliver';
const owner = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };

/** The demo's account at 60 times real time, with root keys to read the served configuration. */
const scenario = () => {
  const document = parseDocument(buildAccountScenario(root, { scale: 60 }));
  document.setIn(['iam', 'accessKeys'], { [owner.accessKeyId]: owner.secretAccessKey });
  return document.toJS();
};

declareUnless(obstacle, describe)('appconfig-rollout under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ scenario: scenario() });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const runWorkflow = (changes: Readonly<Record<string, string>> = {}): Promise<ActResult> =>
    act.run({
      files: { ...readFiles('examples/appconfig', workflow), ...changes },
      workflow,
      env: aws.createEnv(),
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: role,
        CONFIGURATION_STRATEGY: 'Linear50PercentEvery30Seconds',
      },
    });

  const readServed = async (tenant: string, environment: string, profile: string): Promise<string> => {
    const client = new AppConfigDataClient({ endpoint: aws.url, region: 'eu-west-1', credentials: owner });
    const { InitialConfigurationToken } = await client.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier: tenant,
        EnvironmentIdentifier: environment,
        ConfigurationProfileIdentifier: profile,
      }),
    );
    const { Configuration } = await client.send(
      new GetLatestConfigurationCommand({ ConfigurationToken: InitialConfigurationToken }),
    );
    client.destroy();
    return Buffer.from(Configuration ?? []).toString();
  };

  const readContent = async (tenant: string, environment: string) => ({
    users: parse(await readServed(tenant, environment, 'AllowList')).users.length,
    rate: JSON.parse(await readServed(tenant, environment, 'ThrottlingLimits')).requestsPerSecond,
    variants: JSON.parse(await readServed(tenant, environment, 'FeatureFlags')).values.checkout._variants?.length ?? 0,
  });

  const listWritesSince = (from: number): readonly string[] =>
    aws
      .calls()
      .slice(from)
      .flatMap(({ service, write, operation }) => (service === 'appconfig' && write ? [operation] : []));

  it('deploys a tree with different content for each environment; the second run writes nothing', async () => {
    const first = await runWorkflow();
    expect(first.output).toContain('AppConfig rollout: 12 changed, 0 unchanged');
    expect(first.findStep('configuration').outputs).toMatchObject({ changed: '12', failed: '0', 'rolled-back': '0' });
    expect(first.exitCode).toBe(0);
    expect(await readContent('acme', 'dev')).toEqual({ users: 2, rate: 50, variants: 0 });
    expect(await readContent('acme', 'qa')).toEqual({ users: 1, rate: 20, variants: 0 });
    expect(await readContent('globex', 'dev')).toEqual({ users: 1, rate: 50, variants: 2 });
    expect(await readContent('globex', 'qa')).toEqual({ users: 2, rate: 50, variants: 0 });

    const from = aws.calls().length;
    const second = await runWorkflow();
    expect(second.findStep('configuration').outputs).toMatchObject({ changed: '0', skipped: '12', failed: '0' });
    expect(second.exitCode).toBe(0);
    expect(listWritesSince(from)).toEqual([]);
  });

  it('deploys to one environment when one file changed, with the role’s permissions', async () => {
    const from = aws.calls().length;
    const limits = '{"requestsPerSecond": 30, "burst": 60}';
    const third = await runWorkflow({
      [join('examples', 'appconfig', 'tenants', 'acme', 'qa', 'ThrottlingLimits.json')]: limits,
    });
    expect(third.findStep('configuration').outputs).toMatchObject({ changed: '1', skipped: '11' });
    expect(listWritesSince(from).filter((name) => name === 'StartDeployment')).toHaveLength(1);
    expect(await readContent('acme', 'qa')).toMatchObject({ rate: 30 });
    expect(await readContent('acme', 'dev')).toMatchObject({ rate: 50 });
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });
});
