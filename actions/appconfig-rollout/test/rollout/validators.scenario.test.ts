import { CreateApplicationCommand, CreateConfigurationProfileCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

const VALIDATOR_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:check';

describe('the validators of a profile', () => {
  const createSchema = (maximum: number) => ({
    'config/schemas/Limits.schema.json': `{"properties": {"rate": {"maximum": ${maximum}}}}`,
  });
  const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };

  it('follow the schemas of the tree for a profile created for it', () =>
    withHarness(async (harness) => {
      await harness.write(createSchema(25));
      await harness.run({ inputs: oneEnvironment });
      await harness.write({ ...createSchema(35), 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' });
      expect((await harness.run({ inputs: oneEnvironment })).failures).toEqual([]);
      await harness.remove('config/schemas');
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 40}' });
      expect((await harness.run({ inputs: oneEnvironment })).failures).toEqual([]);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 40}');
    }));

  it('stay unchanged for a profile of another owner', () =>
    withHarness(async (harness) => {
      const { Id: ApplicationId } = await harness.foreignClient.send(new CreateApplicationCommand({ Name: 'globex' }));
      const validator = { Type: 'JSON_SCHEMA' as const, Content: '{"type": "object"}' };
      const profile = { ApplicationId, Name: 'Limits', LocationUri: 'hosted', Validators: [validator] };
      await harness.foreignClient.send(new CreateConfigurationProfileCommand(profile));
      await harness.write(createSchema(25));
      const { failures, writes, summary } = await harness.run({ inputs: oneEnvironment });
      expect(failures).toEqual([]);
      expect(writes).not.toContain('UpdateConfigurationProfile');
      expect(summary).toContain('Validators of globex/Limits not changed: this action did not create the profile');
    }));

  it('are limited to two', () =>
    withHarness(async (harness) => {
      await harness.write(createSchema(25));
      await harness.write({
        'config/appconfig.yml': `profiles:\n  Limits:\n    validators: [${VALIDATOR_ARN}, ${VALIDATOR_ARN}]\n`,
      });
      const { failures, calls } = await harness.run({ inputs: oneEnvironment });
      expect(failures[0]).toBe(
        "profile 'Limits' has a JSON Schema and 2 functions: remove one, because AppConfig allows at most 2 validators",
      );
      expect(calls).toEqual([]);
    }));

  it('reject content that violates a schema before anything starts', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 15}}}' });
      await harness.write({ 'config/appconfig.yml': 'profiles: {}\n' });
      const { failures, writes, recorded } = await harness.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
      expect(failures[0]).toMatch(/^config\/tenants\/globex\/dev\/Limits.json:1: '\/rate' must be <= 15/);
      expect(writes).toEqual([]);
      expect(recorded.log.entries).toContainEqual(
        expect.objectContaining({
          kind: 'error',
          properties: { file: 'config/tenants/globex/dev/Limits.json', startLine: 1 },
        }),
      );
    }));

  it('of a newer draft is checked here, and not sent to AppConfig', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/schemas/Limits.schema.json':
          '{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"rate": {"exclusiveMaximum": 15}}}',
      });
      const failed = await harness.run({ inputs: { mode: 'preview' } });
      expect(failed.failures[0]).toContain("config/tenants/globex/dev/Limits.json:1: '/rate' must be < 15");
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 14}' });
      const { failures, calls } = await harness.run({ inputs: { strategy: 'AppConfig.AllAtOnce' } });
      expect(failures).toEqual([]);
      const created = calls.filter(({ operation }) => operation === 'CreateConfigurationProfile');
      expect(created.map(({ input }) => Object(input).Validators)).toEqual(created.map(() => []));
    }));

  it('with a pattern that takes too long is left to AppConfig, with a warning', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/schemas/Limits.schema.json': '{"properties": {"name": {"pattern": "^(a+)+$"}}}',
        'config/template/Limits.json': `{"rate": 10, "name": "${'a'.repeat(60)}!"}`,
      });
      const { failures, log } = await harness.run({ inputs: { mode: 'preview' } });
      expect(failures).toEqual([]);
      expect(log).toContain("Pattern '^(a+)+$' takes too long to match, so only AppConfig validates it");
    }));
});
