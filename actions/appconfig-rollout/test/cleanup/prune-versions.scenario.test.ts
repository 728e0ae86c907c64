import {
  CreateHostedConfigurationVersionCommand,
  ListConfigurationProfilesCommand,
  ListHostedConfigurationVersionsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, type RunResult, withHarness } from '../harness.js';

const HOUR = 60 * MINUTE;
const INPUTS = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'dev', 'keep-versions': '1' };

/** Deploys a version of globex's Limits to dev. */
const deploy = async (
  harness: Harness,
  rate: number,
  inputs: Readonly<Record<string, string>> = {},
): Promise<RunResult> => {
  await harness.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
  return harness.run({ inputs: { ...INPUTS, ...inputs } });
};

const findProfile = async (harness: Harness) => {
  const { ApplicationId } = await harness.findEnvironment('globex', 'dev');
  const { Items = [] } = await harness.foreignClient.send(new ListConfigurationProfilesCommand({ ApplicationId }));
  return { ApplicationId, ConfigurationProfileId: Items.find(({ Name }) => Name === 'Limits')?.Id };
};

/** Numbers of the versions of globex's Limits, newest first. */
const listVersions = async (harness: Harness): Promise<readonly (number | undefined)[]> => {
  const command = new ListHostedConfigurationVersionsCommand(await findProfile(harness));
  const { Items = [] } = await harness.foreignClient.send(command);
  return Items.map(({ VersionNumber }) => VersionNumber);
};

describe('pruning', () => {
  it('keeps the latest versions, deployed ones, and those that a revert may need', () =>
    withHarness(async (harness) => {
      for (const rate of [1, 2, 3]) await deploy(harness, rate);
      await harness.clock.advance(60 * HOUR);
      await deploy(harness, 3);
      expect(await listVersions(harness)).toEqual([3, 2, 1]);
      await harness.clock.advance(20 * HOUR);
      await deploy(harness, 3);
      expect(await listVersions(harness)).toEqual([3]);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 3}');
    }));

  it('keeps versions of another owner', () =>
    withHarness(async (harness) => {
      await deploy(harness, 1);
      await harness.foreignClient.send(
        new CreateHostedConfigurationVersionCommand({
          ...(await findProfile(harness)),
          Content: Buffer.from('{"rate": 99}'),
          ContentType: 'application/json',
        }),
      );
      await deploy(harness, 3);
      await harness.clock.advance(80 * HOUR);
      await deploy(harness, 3);
      expect(await listVersions(harness)).toEqual([3, 2]);
    }));

  it('keeps the deployed version after a later deployment was rolled back', () =>
    withHarness(async (harness) => {
      await deploy(harness, 1);
      await deploy(harness, 2, { 'wait-for': 'started' });
      const environmentIds = await harness.findEnvironment('globex', 'dev');
      await harness.foreignClient.send(new StopDeploymentCommand({ ...environmentIds, DeploymentNumber: 2 }));
      await harness.clock.advance(80 * HOUR);
      const { failures, log, deployments, writes } = await deploy(harness, 1);
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([{ state: 'unchanged', version: '1' }]);
      expect(log).not.toContain('cannot delete old versions');
      expect(writes).toEqual([]);
      expect(await listVersions(harness)).toEqual([2, 1]);
    }));

  it('keeps the version that another environment has deployed', () =>
    withHarness(async (harness) => {
      await deploy(harness, 1, { environments: 'dev, qa' });
      for (const rate of [2, 3]) await deploy(harness, rate);
      await harness.clock.advance(80 * HOUR);
      await deploy(harness, 3);
      const { deployments } = await harness.run({ inputs: { ...INPUTS, environments: 'qa' } });
      expect(deployments.find(({ profile }) => profile === 'Limits')).toMatchObject({ state: 'unchanged' });
    }));

  it('ignores profiles that are not part of the run', () =>
    withHarness(async (harness) => {
      for (const rate of [1, 2]) await deploy(harness, rate);
      await harness.clock.advance(80 * HOUR);
      const inputs = { ...INPUTS, environments: 'qa', profiles: 'Names' };
      expect((await harness.run({ inputs })).failures).toEqual([]);
      expect(await listVersions(harness)).toEqual([2, 1]);
    }));
});
