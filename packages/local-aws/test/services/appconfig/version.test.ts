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
import { HOUR, MINUTE, withFixture } from './fixture.js';

describe('a hosted version', () => {
  it('is created only if LatestVersionNumber is current', () =>
    withFixture({}, async (fixture) => {
      expect(await fixture.createVersion('{}', { latest: 0 })).toBe(1);
      await expect(fixture.createVersion('{}', { latest: 0 })).rejects.toMatchObject({ name: 'ConflictException' });
      expect(await fixture.createVersion('{}', { latest: 1 })).toBe(2);
    }));

  it('is found and deployed by its unique label', () =>
    withFixture({}, async (fixture) => {
      await fixture.createVersion('{"a":1}', { label: 'dev-1' });
      await fixture.createVersion('{"a":2}', { label: 'qa-1' });
      await expect(fixture.createVersion('{}', { label: 'qa-1' })).rejects.toMatchObject({ name: 'ConflictException' });
      const { Items } = await fixture.client.send(
        new ListHostedConfigurationVersionsCommand({ ...fixture.profileRef, VersionLabel: 'dev*' }),
      );
      expect(Items?.map(({ VersionNumber }) => VersionNumber)).toEqual([1]);
      await fixture.start('qa-1');
      fixture.advance(10 * MINUTE);
      expect(await fixture.getServedContent()).toBe('{"a":2}');
    }));

  it('is rejected beyond the size quota, with the limit in the error', () =>
    withFixture({ scenario: { appconfig: { limits: { kilobytes: 1 } } } }, async (fixture) => {
      await expect(fixture.createVersion('x'.repeat(2048))).rejects.toMatchObject({
        name: 'PayloadTooLargeException',
        Limit: 1,
        Size: 2,
      });
    }));

  it('is rejected if feature flags violate their constraints', () =>
    withFixture({ type: 'AWS.AppConfig.FeatureFlags' }, async (fixture) => {
      const flags = { a: { name: 'A', attributes: { limit: { constraints: { type: 'number', required: true } } } } };
      const content = (value: object) => JSON.stringify({ version: '1', flags, values: { a: value } });
      await expect(fixture.createVersion(content({ enabled: true, limit: 'x' }))).rejects.toMatchObject({
        name: 'BadRequestException',
        Reason: 'InvalidConfiguration',
        Details: { InvalidConfiguration: [{ Location: 'limit', Reason: "'limit' is not of type number" }] },
      });
      expect(await fixture.createVersion(content({ enabled: true, limit: 1 }))).toBe(1);
    }));
});

describe('a validator', () => {
  const schema = { type: 'object', properties: { limit: { type: 'number', maximum: 10 } } };

  it('with a JSON schema rejects a deployment and names the location', () =>
    withFixture({ validators: [{ Type: 'JSON_SCHEMA', Content: JSON.stringify(schema) }] }, async (fixture) => {
      const version = await fixture.createVersion('{"limit": 11}');
      await expect(fixture.start(version)).rejects.toMatchObject({
        Details: { InvalidConfiguration: [{ Constraint: 'maximum', Location: '/limit' }] },
      });
      await expect(
        fixture.client.send(
          new ValidateConfigurationCommand({ ...fixture.profileRef, ConfigurationVersion: String(version) }),
        ),
      ).rejects.toMatchObject({ name: 'BadRequestException' });
    }));

  it('with a Lambda function responds as the scenario defines', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
    const scenario = { appconfig: { validators: { [arn]: [{ contains: 'bad', reason: 'no bad words' }] } } };
    await withFixture({ scenario, validators: [{ Type: 'LAMBDA', Content: arn }] }, async (fixture) => {
      await expect(fixture.start(await fixture.createVersion('{"a":"bad"}'))).rejects.toThrow('no bad words');
      expect(await fixture.start(await fixture.createVersion('{"a":"good"}'))).toBe(1);
    });
  });
});

describe('the data plane', () => {
  it('serves the newest complete version until a deployment reaches the client', () =>
    withFixture({}, async (fixture) => {
      await fixture.start(await fixture.createVersion('{"a":1}'));
      fixture.advance(10 * MINUTE);
      const strategy = await fixture.createStrategy(100, 0, 50);
      await fixture.start(await fixture.createVersion('{"a":2}'), { DeploymentStrategyId: strategy });
      expect(await fixture.getServedContent()).toBe('{"a":1}');
      fixture.advance(50 * MINUTE);
      const seen = new Set<string>();
      for (let client = 0; client < 20; client += 1) seen.add(await fixture.getServedContent());
      expect([...seen].sort()).toEqual(['{"a":1}', '{"a":2}']);
    }));
});

describe('deletion', () => {
  it('requires the order environment, versions, profile, application', () =>
    withFixture({}, async (fixture) => {
      const version = await fixture.createVersion('{}');
      const application = new DeleteApplicationCommand(fixture.profileRef);
      const profile = new DeleteConfigurationProfileCommand(fixture.profileRef);
      await expect(fixture.client.send(application)).rejects.toThrow('still has');
      await fixture.client.send(new DeleteEnvironmentCommand(fixture.environmentRef));
      await expect(fixture.client.send(profile)).rejects.toThrow('still has hosted');
      await fixture.client.send(
        new DeleteHostedConfigurationVersionCommand({ ...fixture.profileRef, VersionNumber: version }),
      );
      await fixture.client.send(profile);
      await fixture.client.send(application);
      await expect(fixture.createVersion('{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }));

  it('is rejected for a period after the configuration was read', () =>
    withFixture({ scenario: { appconfig: { deletionProtection: '60m' } } }, async (fixture) => {
      await fixture.start(await fixture.createVersion('{}'));
      fixture.advance(2 * HOUR);
      await fixture.getServedContent();
      await expect(fixture.client.send(new DeleteEnvironmentCommand(fixture.environmentRef))).rejects.toThrow(
        'protected from deletion',
      );
      fixture.advance(HOUR + 1);
      await fixture.client.send(new DeleteEnvironmentCommand(fixture.environmentRef));
    }));

  it('returns no tags for a resource without tags', () =>
    withFixture({}, async (fixture) => {
      const ResourceArn = `arn:aws:appconfig:eu-west-1:123456789012:application/${fixture.profileRef.ApplicationId}`;
      const { Tags } = await fixture.client.send(new ListTagsForResourceCommand({ ResourceArn }));
      expect(Tags).toEqual({});
    }));
});
