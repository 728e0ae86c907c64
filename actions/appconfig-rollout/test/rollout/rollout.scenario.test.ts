import {
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateHostedConfigurationVersionCommand,
  ListApplicationsCommand,
  ListEnvironmentsCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };
const VALIDATOR_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:check';

const findApplicationId = async (harness: Harness, tenant: string): Promise<string> => {
  const { Items = [] } = await harness.foreignClient.send(new ListApplicationsCommand({}));
  return Items.find(({ Name }) => Name === tenant)?.Id ?? '';
};

const findEnvironment = async (harness: Harness, tenant: string, environment: string) => {
  const ApplicationId = await findApplicationId(harness, tenant);
  const { Items = [] } = await harness.foreignClient.send(new ListEnvironmentsCommand({ ApplicationId }));
  return { ApplicationId, EnvironmentId: Items.find(({ Name }) => Name === environment)?.Id ?? '' };
};

/** Somebody else deploys something of their own in an environment. */
const deployForeign = async (harness: Harness, tenant: string, environment: string) => {
  const environmentIds = await findEnvironment(harness, tenant, environment);
  const { ApplicationId } = environmentIds;
  const { Id: ConfigurationProfileId } = await harness.foreignClient.send(
    new CreateConfigurationProfileCommand({ ApplicationId, Name: 'Foreign', LocationUri: 'hosted' }),
  );
  const key = { ApplicationId, ConfigurationProfileId };
  const { VersionNumber } = await harness.foreignClient.send(
    new CreateHostedConfigurationVersionCommand({
      ...key,
      Content: Buffer.from('{}'),
      ContentType: 'application/json',
    }),
  );
  const { DeploymentNumber } = await harness.foreignClient.send(
    new StartDeploymentCommand({
      ...environmentIds,
      ConfigurationProfileId,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: 'AppConfig.AllAtOnce',
    }),
  );
  const deployment = { ConfigurationProfileId, ConfigurationVersion: String(VersionNumber) };
  return { ...environmentIds, ...deployment, DeploymentStrategyId: 'AppConfig.AllAtOnce', DeploymentNumber };
};

describe('a rollout', () => {
  it('creates what is missing, deploys, and gives each environment its own content', () =>
    withHarness(async (harness) => {
      const step = await harness.run({ inputs: FAST });
      expect(step.failures).toEqual([]);
      expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', failed: '0', 'rolled-back': '0' });
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
      expect(await harness.readServed('globex', 'qa', 'Names')).toBe('names: [g]\n');
      expect(step.log).toContain("Created application 'acme'");
      expect(step.log).toMatch(/acme\/dev Limits: bakes \(deployment \d, version dev-[0-9a-f]{24}-0123456789ab\)/);
      expect(step.summary).toContain('✅ AppConfig rollout: 7 changed, 0 unchanged');
      expect(step.summary).toContain('| **acme** |');
      expect(step.summary).toContain('```mermaid');
    }));

  it('changes nothing and writes nothing the second time', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const again = await harness.run({ inputs: FAST, env: { GITHUB_RUN_ID: '101', GITHUB_SHA: 'f'.repeat(40) } });
      expect(again.writes).toEqual([]);
      expect(again.outputs).toMatchObject({ changed: '0', skipped: '7' });
      expect(again.calls.map(({ operation }) => operation)).not.toContain('GetHostedConfigurationVersion');
      expect(again.log).toContain('acme/dev Limits: unchanged');
    }));

  it('deploys where the meaning has changed, and not where only its form has', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({
        'config/tenants/acme/dev/Names.yaml': '# who\nnames:\n  - a\n',
        'config/tenants/acme/qa/Names.yaml': 'names: [a, b]\n',
      });
      const { deployments } = await harness.run({ inputs: FAST });
      const states = deployments.filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names');
      expect(states.map(({ environment, state }) => [environment, state])).toEqual([
        ['dev', 'unchanged'],
        ['qa', 'complete'],
      ]);
    }));

  it('never takes a version made for one environment for another, though they are alike', () =>
    withHarness(async (harness) => {
      const { deployments } = await harness.run({ inputs: FAST });
      const labels = deployments
        .filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names')
        .map(({ label }) => label);
      expect(labels.map((label) => label?.split('-')[0])).toEqual(['dev', 'qa']);
      const versions = harness.aws.calls().filter(({ operation }) => operation === 'CreateHostedConfigurationVersion');
      expect(versions).toHaveLength(7);
    }));

  it('deploys again what somebody has reverted', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const environmentIds = await findEnvironment(harness, 'globex', 'dev');
      await harness.foreignClient.send(
        new StopDeploymentCommand({ ...environmentIds, DeploymentNumber: 1, AllowRevert: true }),
      );
      const { deployments, writes } = await harness.run({ inputs: FAST });
      expect(deployments.filter(({ state }) => state === 'complete')).toEqual([
        expect.objectContaining({ tenant: 'globex', environment: 'dev', deployment: 2 }),
      ]);
      // The version is there already.
      expect(writes).toEqual(['StartDeployment']);
    }));

  it('runs the deployments of an environment one after another, and environments beside each other', () =>
    withHarness(async (harness) => {
      const startedAt = harness.clock.now();
      const { log } = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
      expect(log).toMatch(/dev +qa\nacme +0\/2 \d+ % +0\/2 \d+ %\nglobex +0\/1 \d+ % +0\/2 \d+ %\n/);
      // Two minutes each, at most two in an environment.
      expect(harness.clock.now() - startedAt).toBeLessThan(2 * 2 * MINUTE * 1.15);
      expect(harness.aws.calls().filter(({ error }) => error === 'ConflictException')).toEqual([]);
    }));

  it('goes through waves in order, with tenants in rings', () =>
    withHarness(async (harness) => {
      const { calls, failures } = await harness.run({
        inputs: { ...FAST, waves: 'dev\nqa', rings: 'globex\n*', pause: '1m' },
      });
      expect(failures).toEqual([]);
      const ids = new Map([
        [(await findEnvironment(harness, 'acme', 'dev')).EnvironmentId, 'acme/dev'],
        [(await findEnvironment(harness, 'acme', 'qa')).EnvironmentId, 'acme/qa'],
        [(await findEnvironment(harness, 'globex', 'dev')).EnvironmentId, 'globex/dev'],
        [(await findEnvironment(harness, 'globex', 'qa')).EnvironmentId, 'globex/qa'],
      ]);
      const startedAt = calls
        .filter(({ operation }) => operation === 'StartDeployment')
        .map(({ input }) => ids.get(String(input['EnvironmentId'])));
      expect([...new Set(startedAt)]).toEqual(['globex/dev', 'acme/dev', 'globex/qa', 'acme/qa']);
    }));

  it('refuses an environment that is in no wave', () =>
    withHarness(async (harness) => {
      const { failures, writes } = await harness.run({ inputs: { ...FAST, waves: 'dev' } });
      expect(failures).toEqual(["input 'waves': 'qa' is in none: add it, or a last line '*' for the others"]);
      expect(writes).toEqual([]);
    }));

  it('leaves the last deployment of an environment to bake where that is enough', () =>
    withHarness(async (harness) => {
      const { deployments } = await harness.run({ inputs: { ...FAST, 'wait-for': 'deployed' } });
      const acme = deployments.filter(({ tenant, environment }) => tenant === 'acme' && environment === 'dev');
      expect(acme.map(({ state }) => state).sort()).toEqual(['complete', 'deployed']);
    }));

  it('makes a strategy that is given inline, once', () =>
    withHarness(async (harness) => {
      const inputs = { strategy: '{ name: quick, duration: 2m, bake: 1m, growth: 50% }' };
      await harness.run({ inputs });
      const again = await harness.run({ inputs });
      const made = harness.aws.calls().filter(({ operation }) => operation === 'CreateDeploymentStrategy');
      expect(made).toHaveLength(1);
      expect(made[0]?.input).toMatchObject({ Name: 'quick', DeploymentDurationInMinutes: 2, GrowthFactor: 50 });
      expect(again.failures).toEqual([]);
    }));
});

describe('somebody else’s deployment', () => {
  const changed = { 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' };

  it('is waited for', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, log } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is under way (BAKING), waiting for its end");
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 30}');
    }));

  it('is stopped where that is asked for', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, writes } = await harness.run({ inputs: { ...FAST, 'on-conflict': 'stop' } });
      expect(failures).toEqual([]);
      expect(writes).toContain('StopDeployment');
    }));

  it('of what is wanted no more is not taken for what is deployed: its end is waited for', () =>
    withHarness(async (harness) => {
      const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };
      await harness.run({ inputs: oneEnvironment });
      // Another run begins to roll something out, and leaves it growing; then the commit is taken back.
      await harness.write(changed);
      await harness.run({ inputs: { ...oneEnvironment, 'wait-for': 'started' }, env: { GITHUB_RUN_ID: '101' } });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 20}' });
      const seen = await harness.run({ inputs: { ...oneEnvironment, mode: 'preview' } });
      expect(seen.deployments).toMatchObject([
        { state: 'planned', reason: 'deployment 2 of it is under way (BAKING)' },
      ]);
      const { failures } = await harness.run({ inputs: oneEnvironment, env: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      await harness.clock.advance(60 * MINUTE);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('of the same content is waited for, and not deployed once more', () =>
    withHarness(async (harness) => {
      const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };
      await harness.run({ inputs: { ...oneEnvironment, 'wait-for': 'started' }, env: { GITHUB_RUN_ID: '101' } });
      const { failures, writes, deployments } = await harness.run({
        inputs: oneEnvironment,
        env: { GITHUB_RUN_ID: '102' },
      });
      expect(failures).toEqual([]);
      expect(writes).toEqual([]);
      expect(deployments).toMatchObject([{ state: 'unchanged', reason: 'somebody else has deployed the same' }]);
    }));

  it('that begins between the look and the start is not overtaken', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write(changed);
      const undo = harness.onBeforeCall(/^POST .*\/deployments$/, async () => {
        undo();
        await deployForeign(harness, 'globex', 'dev');
      });
      const { failures, log, deployments } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is under way (BAKING), waiting for its end");
      expect(deployments.find(({ state }) => state === 'complete')).toMatchObject({ deployment: 3 });
    }));

  it('after the other is waited for no longer than conflict-timeout in all', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { DeploymentNumber: _, ...rest } = await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      // Whenever one has ended, the next one is begun before anybody looks.
      harness.onBeforeCall(/^GET .*\/deployments$/, () =>
        harness.foreignClient.send(new StartDeploymentCommand(rest)).catch(() => undefined),
      );
      const startedAt = harness.clock.now();
      const { failures } = await harness.run({ inputs: { ...FAST, 'conflict-timeout': '25m' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: waited .* as long as the timeout allows/);
      expect(harness.clock.now() - startedAt).toBeLessThan(27 * MINUTE);
    }));

  it('fails the deployment where that is asked for', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, outputs } = await harness.run({ inputs: { ...FAST, 'on-conflict': 'fail' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: deployment 2 of 'Foreign' is under way/);
      expect(outputs['failed']).toBe('1');
    }));
});

describe('a deployment that fails', () => {
  const alarm = `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors`;
  const ringing = { cloudwatch: { alarms: { errors: { changes: [{ at: '5m', state: 'ALARM' as const }] } } } };
  const monitored = { ...FAST, monitors: alarm };

  it('by an alarm is red, told with its trigger, and stops the rest', () =>
    withHarness(async (harness) => {
      const step = await harness.run({ inputs: { ...monitored, waves: 'dev\nqa', pause: '1h', 'keep-versions': '1' } });
      expect(step.log).not.toContain('Pausing');
      expect(step.failures[0]).toMatch(/it was rolled back by a CloudWatch alarm: CloudWatch alarm .*errors/);
      expect(step.outputs['rolled-back']).toBe('2');
      expect(step.deployments.filter(({ environment }) => environment === 'qa').map(({ state }) => state)).toEqual(
        Array(4).fill('not-started'),
      );
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
    }, ringing));

  it('takes back what the run has deployed, where that is asked for', () =>
    withHarness(
      async (harness) => {
        const step = await harness.run({ inputs: { ...monitored, waves: 'dev\nqa', 'on-failure': 'revert' } });
        expect(step.outputs).toMatchObject({ changed: '0' });
        expect(step.deployments.some(({ state }) => state === 'reverted')).toBe(true);
        for (const tenant of ['acme', 'globex']) expect(await harness.readServed(tenant, 'dev', 'Limits')).toBe('');
      },
      { cloudwatch: { alarms: { errors: { changes: [{ at: '15m', state: 'ALARM' }] } } } },
    ));

  it('stops only its tenant, where that is asked for', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 15}}}' });
      await harness.write({ 'config/appconfig.yml': 'profiles: {}\n' });
      const { failures, writes, recorded } = await harness.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
      // A schema is checked before anything is begun, and told on the line.
      expect(failures[0]).toMatch(/^config\/tenants\/globex\/dev\/Limits.json:1: '\/rate' must be <= 15/);
      expect(writes).toEqual([]);
      expect(recorded.log.entries).toContainEqual(
        expect.objectContaining({
          kind: 'error',
          properties: { file: 'config/tenants/globex/dev/Limits.json', startLine: 1 },
        }),
      );
    }));

  it('by a validator of the service is told on the line of the file, and stops only its tenant', () => {
    return withHarness(
      async (harness) => {
        const settings = `profiles:\n  Limits:\n    validators: [${VALIDATOR_ARN}]\n`;
        await harness.write({ 'config/appconfig.yml': settings });
        const { deployments, recorded } = await harness.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
        const listStates = (tenant: string) =>
          deployments.filter((each) => each.tenant === tenant).map(({ profile, state }) => `${profile} ${state}`);
        expect(listStates('acme')).toEqual(['Limits complete', 'Names complete', 'Limits complete', 'Names complete']);
        expect(listStates('globex')[0]).toBe('Limits failed');
        expect(recorded.log.entries).toContainEqual(
          expect.objectContaining({
            message: 'globex/dev Limits: too fast',
            properties: { file: 'config/tenants/globex/dev/Limits.json' },
          }),
        );
      },
      { appconfig: { validators: { [VALIDATOR_ARN]: [{ contains: '20', reason: 'too fast' }] } } },
    );
  });

  it('takes back only what its tenant got, where that is asked for', () =>
    withHarness(
      async (harness) => {
        await harness.write({ 'config/tenants/globex/dev/Zone.json': '{"zone": "x"}' });
        const settings = `profiles:\n  Zone:\n    validators: [${VALIDATOR_ARN}]\n`;
        await harness.write({ 'config/appconfig.yml': settings });
        const { deployments, outputs, failures } = await harness.run({
          inputs: { ...FAST, 'on-failure': 'revert-tenant' },
        });
        const listStates = (tenant: string) =>
          deployments.filter((each) => each.tenant === tenant).map((each) => `${each.profile} ${each.state}`);
        expect(failures).toHaveLength(1);
        expect(listStates('acme')).toEqual(['Limits complete', 'Names complete', 'Limits complete', 'Names complete']);
        expect(listStates('globex')).toEqual(['Limits reverted', 'Zone failed', 'Limits reverted', 'Names reverted']);
        expect(outputs).toMatchObject({ changed: '4', 'rolled-back': '3', failed: '1' });
        expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
        expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      },
      { appconfig: { validators: { [VALIDATOR_ARN]: [{ contains: 'x', reason: 'no such zone' }] } } },
    ));

  it('after a revert is told at the version that is deployed again', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' });
      const inputs = { ...FAST, timeout: '1m', 'on-failure': 'revert' };
      const { deployments, outputs } = await harness.run({ inputs, env: { GITHUB_RUN_ID: '101' } });
      expect(deployments.find(({ state }) => state === 'reverted')).toMatchObject({ profile: 'Limits', version: '1' });
      expect(JSON.parse(outputs['versions'] ?? '{}')).toMatchObject({ 'globex/dev/Limits': '1' });
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('that is lost sight of is unfinished, not failed', () =>
    withHarness(
      async (harness) => {
        const { deployments, failures } = await harness.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('AccessDenied');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      { faults: [{ fault: 'error', operation: 'GetDeployment', code: 'AccessDeniedException', status: 403 }] },
    ));

  it('to begin, for all that is known, is accounted for with the number it would have', () =>
    withHarness(
      async (harness) => {
        const { deployments, failures } = await harness.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('it is not known whether it has begun');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      { faults: [{ fault: 'reset', operation: 'StartDeployment' }] },
    ));

  it('is overdue, accounted for, and red', () =>
    withHarness(async (harness) => {
      const { deployments, failures } = await harness.run({ inputs: { ...FAST, timeout: '2m', profiles: 'Limits' } });
      expect(failures[0]).toMatch(/waited 2m 0\ds for .*as long as the timeout allows/);
      expect(deployments.map(({ state }) => state)).toEqual(Array(4).fill('unfinished'));
    }));

  it('is stopped by a probe that fails twice', () =>
    withHarness(async (harness) => {
      const probe = `${harness.aws.url}/_local-aws/nothing-there 200`;
      const { failures, deployments } = await harness.run({
        inputs: { ...FAST, probe, tenants: 'globex', environments: 'dev' },
      });
      expect(failures[0]).toMatch(/^globex\/dev Limits: it was stopped by a probe: .* answered \d+ in place of 200$/);
      expect(deployments.map(({ state }) => state)).toEqual(['rolled-back']);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
    }));

  it('is not followed by the next wave where a probe fails after the pause', () =>
    withHarness(
      async (harness) => {
        const inputs = { ...FAST, profiles: 'Limits', waves: 'dev\nqa', pause: '5m', 'probe-alarms': 'errors' };
        const { failures, deployments } = await harness.run({ inputs });
        expect(failures[0]).toMatch(
          /^(?:acme|globex)\/qa Limits: not begun, since a probe of .*\/dev failed: in ALARM: errors/,
        );
        expect(deployments.map(({ environment, state }) => `${environment} ${state}`).sort()).toEqual([
          'dev complete',
          'dev complete',
          'qa not-started',
          'qa not-started',
        ]);
      },
      { cloudwatch: { alarms: { errors: { changes: [{ at: '12m', state: 'ALARM' }] } } } },
    ));

  it('is stopped by an alarm among the probes', () =>
    withHarness(async (harness) => {
      const { failures } = await harness.run({ inputs: { ...FAST, 'probe-alarms': 'errors' } });
      expect(failures[0]).toContain('it was stopped by a probe: in ALARM: errors');
    }, ringing));
});

describe('the validators of a profile', () => {
  const createSchema = (maximum: number) => ({
    'config/schemas/Limits.schema.json': `{"properties": {"rate": {"maximum": ${maximum}}}}`,
  });
  const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };

  it('follow the schemas of the tree, where it was made for it', () =>
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

  it('stay as they are where somebody else made it', () =>
    withHarness(async (harness) => {
      const { Id: ApplicationId } = await harness.foreignClient.send(new CreateApplicationCommand({ Name: 'globex' }));
      const validator = { Type: 'JSON_SCHEMA' as const, Content: '{"type": "object"}' };
      const profile = { ApplicationId, Name: 'Limits', LocationUri: 'hosted', Validators: [validator] };
      await harness.foreignClient.send(new CreateConfigurationProfileCommand(profile));
      await harness.write(createSchema(25));
      const { failures, writes, summary } = await harness.run({ inputs: oneEnvironment });
      expect(failures).toEqual([]);
      expect(writes).not.toContain('UpdateConfigurationProfile');
      expect(summary).toContain('the validators of globex/Limits are somebody else');
    }));

  it('are at most two', () =>
    withHarness(async (harness) => {
      await harness.write(createSchema(25));
      await harness.write({
        'config/appconfig.yml': `profiles:\n  Limits:\n    validators: [${VALIDATOR_ARN}, ${VALIDATOR_ARN}]\n`,
      });
      const { failures, calls } = await harness.run({ inputs: oneEnvironment });
      expect(failures[0]).toBe(
        "profile 'Limits' has a JSON Schema and 2 functions: AppConfig takes at most 2 validators",
      );
      expect(calls).toEqual([]);
    }));
});

describe('strategies', () => {
  it('are one per environment where that is given, and a tree may say its own', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'environments:\n  qa:\n    strategy: AppConfig.AllAtOnce\n' });
      const strategy = 'dev=AppConfig.Linear50PercentEvery30Seconds\n*=AppConfig.Canary10Percent20Minutes';
      const { calls, failures } = await harness.run({
        inputs: { strategy, tenants: 'globex', environments: 'dev, qa, prod' },
      });
      expect(failures).toEqual([]);
      const used = calls.flatMap(({ operation, input }) =>
        operation === 'StartDeployment' ? [input['DeploymentStrategyId']] : [],
      );
      expect(used.sort()).toEqual([
        'AppConfig.AllAtOnce',
        'AppConfig.AllAtOnce',
        'AppConfig.Canary10Percent20Minutes',
        'AppConfig.Linear50PercentEvery30Seconds',
      ]);
    }));

  it('give a deployment the time they need, and a margin', () =>
    withHarness(
      async (harness) => {
        const startedAt = harness.clock.now();
        const { deployments } = await harness.run({ inputs: { ...FAST, tenants: 'globex', environments: 'dev' } });
        expect(deployments).toMatchObject([{ state: 'unfinished' }]);
        expect(harness.clock.now() - startedAt).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(harness.clock.now() - startedAt).toBeLessThan(17 * MINUTE);
      },
      { faults: [{ fault: 'stale', operation: 'GetDeployment', by: '9m', calls: '20-' }] },
    ));
});
