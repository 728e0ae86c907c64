import {
  CreateConfigurationProfileCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  DeleteHostedConfigurationVersionCommand,
  ListConfigurationProfilesCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
  UpdateConfigurationProfileCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, withHarness } from '../harness.js';

const HOUR = 60 * MINUTE;
const FAST = { strategy: 'AppConfig.AllAtOnce' };
const LIST_DEPLOYMENTS = /^GET .*\/deployments(?:\?|$)/;
const LIST_VERSIONS = /^GET .*\/hostedconfigurationversions(?:\?|$)/;
const LIST_PROFILES = /^GET .*\/configurationprofiles(?:\?|$)/;

/** The ids of a profile of globex. */
const findProfile = async (harness: Harness, profile: string) => {
  const { ApplicationId } = await harness.findEnvironment('globex', 'dev');
  const { Items = [] } = await harness.foreignClient.send(new ListConfigurationProfilesCommand({ ApplicationId }));
  return { ApplicationId, ConfigurationProfileId: Items.find(({ Name }) => Name === profile)?.Id };
};

const listVersionNumbers = async (harness: Harness): Promise<readonly (number | undefined)[]> => {
  const command = new ListHostedConfigurationVersionsCommand(await findProfile(harness, 'Limits'));
  return ((await harness.foreignClient.send(command)).Items ?? []).map(({ VersionNumber }) => VersionNumber);
};

const setRate = (harness: Harness, rate: number) =>
  harness.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });

describe('a server that omits fields', () => {
  it.each([
    ['ConfigurationProfileId of deployments', LIST_DEPLOYMENTS, ['ConfigurationProfileId']],
    ['labels and times of deployments', LIST_DEPLOYMENTS, ['VersionLabel', 'CompletedAt', 'StartedAt', 'Type']],
    ['labels of versions', LIST_VERSIONS, ['VersionLabel']],
    ['types and validators of profiles', LIST_PROFILES, ['Type', 'ValidatorTypes', 'LocationUri']],
  ])('(%s) gets no write from a second run', (_label, at, fields) =>
    withHarness(async (harness) => {
      harness.omitFields(at, fields);
      const first = await harness.run({ inputs: FAST });
      expect(first.failures).toEqual([]);
      expect(first.outputs).toMatchObject({ changed: '7' });
      const second = await harness.run({ inputs: FAST });
      expect(second.outputs).toMatchObject({ changed: '0', skipped: '7' });
      expect(second.writes).toEqual([]);
    }),
  );

  it('(ConfigurationProfileId) gets a revert of every profile, each with its label', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({
        'config/tenants/globex/qa/Limits.json': '{"rate": 30}',
        'config/tenants/globex/qa/Names.yaml': 'names: [h]\n',
      });
      const before = await harness.run({ inputs: { mode: 'preview', tenants: 'globex', environments: 'qa' } });
      await harness.run({ inputs: FAST, env: { GITHUB_RUN_ID: '101' } });
      harness.omitFields(LIST_DEPLOYMENTS, ['ConfigurationProfileId', 'CompletedAt']);
      const { deployments, failures } = await harness.run({ inputs: { mode: 'revert', 'run-id': '101' } });
      expect(failures).toEqual([]);
      const sort = (results: typeof deployments) =>
        results.map(({ profile, label }) => [profile, label]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
      expect(sort(deployments)).toEqual(sort(before.deployments));
    }));

  it('(CompletedAt) gets no revert of deployments that are too old', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      harness.omitFields(LIST_DEPLOYMENTS, ['CompletedAt']);
      await harness.clock.advance(73 * HOUR);
      const { failures, writes } = await harness.run({ inputs: { mode: 'revert' } });
      expect(failures[0]).toMatch(/^no deployment of this action can be reverted/);
      expect(writes).toEqual([]);
    }));

  it.each([
    ['ids', ['ConfigurationProfileId']],
    ['times', ['CompletedAt']],
    ['ids, times and labels', ['ConfigurationProfileId', 'CompletedAt', 'VersionLabel']],
  ])('(%s) loses no version that another environment has deployed', (_label, fields) =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev' };
      await setRate(harness, 1);
      await harness.run({ inputs: { ...inputs, environments: 'dev, qa' } });
      for (const rate of [2, 3]) {
        await setRate(harness, rate);
        await harness.run({ inputs });
      }
      await harness.clock.advance(80 * HOUR);
      harness.omitFields(LIST_DEPLOYMENTS, fields);
      await harness.run({ inputs: { ...inputs, 'keep-versions': '1' } });
      const qa = await harness.run({ inputs: { ...inputs, environments: 'qa' } });
      expect(qa.deployments.find(({ profile }) => profile === 'Limits')).toMatchObject({ state: 'unchanged' });
    }),
  );

  it('(ConfigurationProfileId) loses no version of a renamed profile', () =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev' };
      for (const rate of [1, 2]) {
        await setRate(harness, rate);
        await harness.run({ inputs });
      }
      const { EnvironmentId } = await harness.findEnvironment('globex', 'dev');
      const limits = await findProfile(harness, 'Limits');
      const { ApplicationId } = limits;
      const client = harness.foreignClient;
      // Limits is deployed in another environment, under a name that another profile has by now.
      const { Id: other } = await client.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'other' }));
      await client.send(
        new StartDeploymentCommand({
          ...limits,
          EnvironmentId: other,
          ConfigurationVersion: '1',
          DeploymentStrategyId: 'AppConfig.AllAtOnce',
        }),
      );
      await harness.clock.advance(80 * HOUR);
      expect(EnvironmentId).toBeDefined();
      await client.send(new UpdateConfigurationProfileCommand({ ...limits, Name: 'Old' }));
      await client.send(
        new CreateConfigurationProfileCommand({ ApplicationId, Name: 'Limits', LocationUri: 'hosted' }),
      );
      await client.send(new UpdateConfigurationProfileCommand({ ...limits, Name: 'Old' }));
      harness.omitFields(LIST_DEPLOYMENTS, ['ConfigurationProfileId']);
      await harness.write({ 'config/template/Old.json': '{"rate": 9}' });
      await harness.run({ inputs: { ...inputs, 'keep-versions': '1' } });
      const versions = await client.send(new ListHostedConfigurationVersionsCommand(limits));
      expect((versions.Items ?? []).map(({ VersionNumber }) => VersionNumber)).toContain(1);
    }));
});

describe('a deployed version', () => {
  it('that was deleted differs, and the rest of the tree is compared', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const limits = await findProfile(harness, 'Limits');
      const { ApplicationId, EnvironmentId } = await harness.findEnvironment('globex', 'dev');
      const client = harness.foreignClient;
      const { VersionNumber } = await client.send(
        new CreateHostedConfigurationVersionCommand({
          ...limits,
          Content: Buffer.from('{"rate": 20}'),
          ContentType: 'application/json',
        }),
      );
      await client.send(
        new StartDeploymentCommand({
          ApplicationId,
          EnvironmentId,
          ConfigurationProfileId: limits.ConfigurationProfileId,
          ConfigurationVersion: String(VersionNumber),
          DeploymentStrategyId: 'AppConfig.AllAtOnce',
        }),
      );
      await harness.clock.advance(HOUR);
      await client.send(new DeleteHostedConfigurationVersionCommand({ ...limits, VersionNumber }));
      const { deployments, failures } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(deployments.filter(({ state }) => state !== 'unchanged')).toMatchObject([
        { tenant: 'globex', environment: 'dev', profile: 'Limits', state: 'complete' },
      ]);
      expect(await listVersionNumbers(harness)).not.toContain(VersionNumber);
    }));

  it('of this action that was deleted by hand is deployed again', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const limits = await findProfile(harness, 'Limits');
      const client = harness.foreignClient;
      for (const VersionNumber of await listVersionNumbers(harness))
        await client.send(new DeleteHostedConfigurationVersionCommand({ ...limits, VersionNumber }));
      const { deployments, failures } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      const deployed = deployments.filter(({ state }) => state !== 'unchanged');
      expect(deployed.map(({ tenant, profile, state }) => [tenant, profile, state])).toEqual([
        ['globex', 'Limits', 'complete'],
        ['globex', 'Limits', 'complete'],
      ]);
      expect((await harness.run({ inputs: FAST })).writes).toEqual([]);
    }));

  it('that cannot be read fails its profile, by name, and no other', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/acme/qa/Names.yaml': 'names: [b]\n' });
      harness.omitFields(LIST_DEPLOYMENTS, ['VersionLabel']);
      harness.aws.setFaults([
        {
          fault: 'error',
          operation: 'GetHostedConfigurationVersion',
          code: 'AccessDeniedException',
          status: 403,
          calls: '1',
        },
      ]);
      const { deployments, failures, log } = await harness.run({ inputs: FAST });
      const failed = deployments.filter(({ state }) => state === 'failed');
      expect(failed).toHaveLength(1);
      const [{ tenant, environment, profile } = { tenant: '', environment: '', profile: '' }] = failed;
      const message = `${tenant}/${environment} ${profile}: GetHostedConfigurationVersion: AccessDeniedException`;
      expect(failures[0]).toContain(message);
      expect(log).toContain(message);
      const others = deployments.filter(({ state }) => state !== 'failed');
      expect(others).toHaveLength(6);
      expect(others.every(({ state }) => state === 'unchanged' || state === 'complete')).toBe(true);
    }));

  it('of an environment that cannot be read fails the profiles of this environment', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      harness.aws.setFaults([
        { fault: 'error', operation: 'ListDeployments', code: 'AccessDeniedException', status: 403, calls: '1' },
      ]);
      const { deployments, failures } = await harness.run({ inputs: FAST });
      const failed = deployments.filter(({ state }) => state === 'failed');
      expect(new Set(failed.map(({ tenant, environment }) => `${tenant}/${environment}`)).size).toBe(1);
      expect(failures[0]).toContain('ListDeployments: AccessDeniedException');
      expect(deployments.filter(({ state }) => state === 'unchanged').length).toBe(7 - failed.length);
    }));
});
