import {
  DeleteApplicationCommand,
  DeleteConfigurationProfileCommand,
  DeleteEnvironmentCommand,
  DeleteHostedConfigurationVersionCommand,
  ListHostedConfigurationVersionsCommand,
  ListTagsForResourceCommand,
  ValidateConfigurationCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, withLab } from './lab.js';

describe('a hosted version', () => {
  it('is made under the lock of the latest one', () =>
    withLab({}, async (lab) => {
      expect(await lab.version('{}', { latest: 0 })).toBe(1);
      await expect(lab.version('{}', { latest: 0 })).rejects.toMatchObject({ name: 'ConflictException' });
      expect(await lab.version('{}', { latest: 1 })).toBe(2);
    }));

  it('is found and deployed by its label, which is there once', () =>
    withLab({}, async (lab) => {
      await lab.version('{"a":1}', { label: 'dev-1' });
      await lab.version('{"a":2}', { label: 'qa-1' });
      await expect(lab.version('{}', { label: 'qa-1' })).rejects.toMatchObject({ name: 'ConflictException' });
      const { Items } = await lab.client.send(
        new ListHostedConfigurationVersionsCommand({ ...lab.key, VersionLabel: 'dev*' }),
      );
      expect(Items?.map(({ VersionNumber }) => VersionNumber)).toEqual([1]);
      await lab.start('qa-1');
      lab.pass(10 * MINUTE);
      expect(await lab.served()).toBe('{"a":2}');
    }));

  it('is refused past the quota, with the limit in the error', () =>
    withLab({ scenario: { appconfig: { limits: { kilobytes: 1 } } } }, async (lab) => {
      await expect(lab.version('x'.repeat(2048))).rejects.toMatchObject({
        name: 'PayloadTooLargeException',
        Limit: 1,
        Size: 2,
      });
    }));

  it('is refused where feature flags break their own constraints', () =>
    withLab({ type: 'AWS.AppConfig.FeatureFlags' }, async (lab) => {
      const flags = { a: { name: 'A', attributes: { limit: { constraints: { type: 'number', required: true } } } } };
      const content = (value: object) => JSON.stringify({ version: '1', flags, values: { a: value } });
      await expect(lab.version(content({ enabled: true, limit: 'x' }))).rejects.toMatchObject({
        name: 'BadRequestException',
        Reason: 'InvalidConfiguration',
        Details: { InvalidConfiguration: [{ Location: 'limit', Reason: "'limit' is not of type number" }] },
      });
      expect(await lab.version(content({ enabled: true, limit: 1 }))).toBe(1);
    }));
});

describe('a validator', () => {
  const schema = { type: 'object', properties: { limit: { type: 'number', maximum: 10 } } };

  it('of a schema refuses a deployment, and says where', () =>
    withLab({ validators: [{ Type: 'JSON_SCHEMA', Content: JSON.stringify(schema) }] }, async (lab) => {
      const version = await lab.version('{"limit": 11}');
      await expect(lab.start(version)).rejects.toMatchObject({
        Details: { InvalidConfiguration: [{ Constraint: 'maximum', Location: '/limit' }] },
      });
      await expect(
        lab.client.send(new ValidateConfigurationCommand({ ...lab.key, ConfigurationVersion: String(version) })),
      ).rejects.toMatchObject({ name: 'BadRequestException' });
    }));

  it('of a function answers as the scenario says', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
    const scenario = { appconfig: { validators: { [arn]: [{ contains: 'bad', reason: 'no bad words' }] } } };
    await withLab({ scenario, validators: [{ Type: 'LAMBDA', Content: arn }] }, async (lab) => {
      await expect(lab.start(await lab.version('{"a":"bad"}'))).rejects.toThrow('no bad words');
      expect(await lab.start(await lab.version('{"a":"good"}'))).toBe(1);
    });
  });
});

describe('the data plane', () => {
  it('serves the newest complete version, and nothing of a growing one to those it has not reached', () =>
    withLab({}, async (lab) => {
      await lab.start(await lab.version('{"a":1}'));
      lab.pass(10 * MINUTE);
      const strategy = await lab.strategy(100, 0, 50);
      await lab.start(await lab.version('{"a":2}'), { DeploymentStrategyId: strategy });
      expect(await lab.served()).toBe('{"a":1}');
      lab.pass(50 * MINUTE);
      const seen = new Set<string>();
      for (let client = 0; client < 20; client += 1) seen.add(await lab.served());
      expect([...seen].sort()).toEqual(['{"a":1}', '{"a":2}']);
    }));
});

describe('what is deleted', () => {
  it('goes in order: environment, versions, profile, application', () =>
    withLab({}, async (lab) => {
      const version = await lab.version('{}');
      const application = new DeleteApplicationCommand(lab.key);
      const profile = new DeleteConfigurationProfileCommand(lab.key);
      await expect(lab.client.send(application)).rejects.toThrow('still has');
      await lab.client.send(new DeleteEnvironmentCommand(lab.place));
      await expect(lab.client.send(profile)).rejects.toThrow('still has hosted');
      await lab.client.send(new DeleteHostedConfigurationVersionCommand({ ...lab.key, VersionNumber: version }));
      await lab.client.send(profile);
      await lab.client.send(application);
      await expect(lab.version('{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }));

  it('is protected for a while after it was read', () =>
    withLab({ scenario: { appconfig: { deletionProtection: '60m' } } }, async (lab) => {
      await lab.start(await lab.version('{}'));
      lab.pass(2 * HOUR);
      await lab.served();
      await expect(lab.client.send(new DeleteEnvironmentCommand(lab.place))).rejects.toThrow('protected from deletion');
      lab.pass(HOUR + 1);
      await lab.client.send(new DeleteEnvironmentCommand(lab.place));
    }));

  it('leaves no tags to be read of what never had any', () =>
    withLab({}, async (lab) => {
      const ResourceArn = `arn:aws:appconfig:eu-west-1:123456789012:application/${lab.key.ApplicationId}`;
      const { Tags } = await lab.client.send(new ListTagsForResourceCommand({ ResourceArn }));
      expect(Tags).toEqual({});
    }));
});
