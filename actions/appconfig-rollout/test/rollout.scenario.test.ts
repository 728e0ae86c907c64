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
import { MINUTE, onStage, type Stage } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };
const CHECK = 'arn:aws:lambda:eu-west-1:123456789012:function:check';

const idOf = async (stage: Stage, tenant: string): Promise<string> => {
  const { Items = [] } = await stage.other.send(new ListApplicationsCommand({}));
  return Items.find(({ Name }) => Name === tenant)?.Id ?? '';
};

const placeOf = async (stage: Stage, tenant: string, environment: string) => {
  const ApplicationId = await idOf(stage, tenant);
  const { Items = [] } = await stage.other.send(new ListEnvironmentsCommand({ ApplicationId }));
  return { ApplicationId, EnvironmentId: Items.find(({ Name }) => Name === environment)?.Id ?? '' };
};

/** Somebody else deploys something of their own in an environment. */
const deployForeign = async (stage: Stage, tenant: string, environment: string) => {
  const place = await placeOf(stage, tenant, environment);
  const { ApplicationId } = place;
  const { Id: ConfigurationProfileId } = await stage.other.send(
    new CreateConfigurationProfileCommand({ ApplicationId, Name: 'Foreign', LocationUri: 'hosted' }),
  );
  const key = { ApplicationId, ConfigurationProfileId };
  const { VersionNumber } = await stage.other.send(
    new CreateHostedConfigurationVersionCommand({
      ...key,
      Content: Buffer.from('{}'),
      ContentType: 'application/json',
    }),
  );
  const { DeploymentNumber } = await stage.other.send(
    new StartDeploymentCommand({
      ...place,
      ConfigurationProfileId,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: 'AppConfig.AllAtOnce',
    }),
  );
  const deployment = { ConfigurationProfileId, ConfigurationVersion: String(VersionNumber) };
  return { ...place, ...deployment, DeploymentStrategyId: 'AppConfig.AllAtOnce', DeploymentNumber };
};

describe('a rollout', () => {
  it('creates what is missing, deploys, and gives each environment its own content', () =>
    onStage(async (stage) => {
      const step = await stage.run({ inputs: FAST });
      expect(step.failures).toEqual([]);
      expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', failed: '0', 'rolled-back': '0' });
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
      expect(await stage.served('globex', 'qa', 'Names')).toBe('names: [g]\n');
      expect(step.log).toContain("Created application 'acme'");
      expect(step.log).toMatch(/acme\/dev Limits: bakes \(deployment \d, version dev-[0-9a-f]{24}-0123456789ab\)/);
      expect(step.summary).toContain('✅ AppConfig rollout: 7 changed, 0 unchanged');
      expect(step.summary).toContain('| **acme** |');
      expect(step.summary).toContain('```mermaid');
    }));

  it('changes nothing and writes nothing the second time', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const again = await stage.run({ inputs: FAST, variables: { GITHUB_RUN_ID: '101', GITHUB_SHA: 'f'.repeat(40) } });
      expect(again.writes).toEqual([]);
      expect(again.outputs).toMatchObject({ changed: '0', skipped: '7' });
      expect(again.calls.map(({ operation }) => operation)).not.toContain('GetHostedConfigurationVersion');
      expect(again.log).toContain('acme/dev Limits: unchanged');
    }));

  it('deploys where the meaning has changed, and not where only its form has', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.write({
        'config/tenants/acme/dev/Names.yaml': '# who\nnames:\n  - a\n',
        'config/tenants/acme/qa/Names.yaml': 'names: [a, b]\n',
      });
      const { deployments } = await stage.run({ inputs: FAST });
      const states = deployments.filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names');
      expect(states.map(({ environment, state }) => [environment, state])).toEqual([
        ['dev', 'unchanged'],
        ['qa', 'complete'],
      ]);
    }));

  it('never takes a version made for one environment for another, though they are alike', () =>
    onStage(async (stage) => {
      const { deployments } = await stage.run({ inputs: FAST });
      const labels = deployments
        .filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names')
        .map(({ label }) => label);
      expect(labels.map((label) => label?.split('-')[0])).toEqual(['dev', 'qa']);
      const versions = stage.aws.calls().filter(({ operation }) => operation === 'CreateHostedConfigurationVersion');
      expect(versions).toHaveLength(7);
    }));

  it('deploys again what somebody has reverted', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const place = await placeOf(stage, 'globex', 'dev');
      await stage.other.send(new StopDeploymentCommand({ ...place, DeploymentNumber: 1, AllowRevert: true }));
      const { deployments, writes } = await stage.run({ inputs: FAST });
      expect(deployments.filter(({ state }) => state === 'complete')).toEqual([
        expect.objectContaining({ tenant: 'globex', environment: 'dev', deployment: 2 }),
      ]);
      // The version is there already.
      expect(writes).toEqual(['StartDeployment']);
    }));

  it('runs the deployments of an environment one after another, and environments beside each other', () =>
    onStage(async (stage) => {
      const started = stage.clock.now();
      const { log } = await stage.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
      expect(log).toMatch(/dev +qa\nacme +0\/2 \d+ % +0\/2 \d+ %\nglobex +0\/1 \d+ % +0\/2 \d+ %\n/);
      // Two minutes each, at most two in an environment.
      expect(stage.clock.now() - started).toBeLessThan(2 * 2 * MINUTE * 1.15);
      expect(stage.aws.calls().filter(({ error }) => error === 'ConflictException')).toEqual([]);
    }));

  it('goes through waves in order, with tenants in rings', () =>
    onStage(async (stage) => {
      const { calls, failures } = await stage.run({
        inputs: { ...FAST, waves: 'dev\nqa', rings: 'globex\n*', pause: '1m' },
      });
      expect(failures).toEqual([]);
      const ids = new Map([
        [(await placeOf(stage, 'acme', 'dev')).EnvironmentId, 'acme/dev'],
        [(await placeOf(stage, 'acme', 'qa')).EnvironmentId, 'acme/qa'],
        [(await placeOf(stage, 'globex', 'dev')).EnvironmentId, 'globex/dev'],
        [(await placeOf(stage, 'globex', 'qa')).EnvironmentId, 'globex/qa'],
      ]);
      const started = calls
        .filter(({ operation }) => operation === 'StartDeployment')
        .map(({ input }) => ids.get(String(input['EnvironmentId'])));
      expect([...new Set(started)]).toEqual(['globex/dev', 'acme/dev', 'globex/qa', 'acme/qa']);
    }));

  it('refuses an environment that is in no wave', () =>
    onStage(async (stage) => {
      const { failures, writes } = await stage.run({ inputs: { ...FAST, waves: 'dev' } });
      expect(failures).toEqual(["input 'waves': 'qa' is in none: add it, or a last line '*' for the others"]);
      expect(writes).toEqual([]);
    }));

  it('leaves the last deployment of an environment to bake where that is enough', () =>
    onStage(async (stage) => {
      const { deployments } = await stage.run({ inputs: { ...FAST, 'wait-for': 'deployed' } });
      const acme = deployments.filter(({ tenant, environment }) => tenant === 'acme' && environment === 'dev');
      expect(acme.map(({ state }) => state).sort()).toEqual(['complete', 'deployed']);
    }));

  it('makes a strategy that is given inline, once', () =>
    onStage(async (stage) => {
      const inputs = { strategy: '{ name: quick, duration: 2m, bake: 1m, growth: 50% }' };
      await stage.run({ inputs });
      const again = await stage.run({ inputs });
      const made = stage.aws.calls().filter(({ operation }) => operation === 'CreateDeploymentStrategy');
      expect(made).toHaveLength(1);
      expect(made[0]?.input).toMatchObject({ Name: 'quick', DeploymentDurationInMinutes: 2, GrowthFactor: 50 });
      expect(again.failures).toEqual([]);
    }));
});

describe('somebody else’s deployment', () => {
  const changed = { 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' };

  it('is waited for', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await deployForeign(stage, 'globex', 'dev');
      await stage.write(changed);
      const { failures, log } = await stage.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is under way (BAKING), waiting for its end");
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 30}');
    }));

  it('is stopped where that is asked for', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await deployForeign(stage, 'globex', 'dev');
      await stage.write(changed);
      const { failures, writes } = await stage.run({ inputs: { ...FAST, 'on-conflict': 'stop' } });
      expect(failures).toEqual([]);
      expect(writes).toContain('StopDeployment');
    }));

  it('of what is wanted no more is not taken for what is deployed: its end is waited for', () =>
    onStage(async (stage) => {
      const one = { ...FAST, tenants: 'globex', environments: 'dev' };
      await stage.run({ inputs: one });
      // Another run begins to roll something out, and leaves it growing; then the commit is taken back.
      await stage.write(changed);
      await stage.run({ inputs: { ...one, 'wait-for': 'started' }, variables: { GITHUB_RUN_ID: '101' } });
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 20}' });
      const seen = await stage.run({ inputs: { ...one, mode: 'preview' } });
      expect(seen.deployments).toMatchObject([
        { state: 'planned', reason: 'deployment 2 of it is under way (BAKING)' },
      ]);
      const { failures } = await stage.run({ inputs: one, variables: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      await stage.clock.advance(60 * MINUTE);
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('of the same content is waited for, and not deployed once more', () =>
    onStage(async (stage) => {
      const one = { ...FAST, tenants: 'globex', environments: 'dev' };
      await stage.run({ inputs: { ...one, 'wait-for': 'started' }, variables: { GITHUB_RUN_ID: '101' } });
      const { failures, writes, deployments } = await stage.run({ inputs: one, variables: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      expect(writes).toEqual([]);
      expect(deployments).toMatchObject([{ state: 'unchanged', reason: 'somebody else has deployed the same' }]);
    }));

  it('that begins between the look and the start is not overtaken', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.write(changed);
      const undo = stage.meanwhile(/^POST .*\/deployments$/, async () => {
        undo();
        await deployForeign(stage, 'globex', 'dev');
      });
      const { failures, log, deployments } = await stage.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is under way (BAKING), waiting for its end");
      expect(deployments.find(({ state }) => state === 'complete')).toMatchObject({ deployment: 3 });
    }));

  it('after the other is waited for no longer than conflict-timeout in all', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const { DeploymentNumber: _, ...rest } = await deployForeign(stage, 'globex', 'dev');
      await stage.write(changed);
      // Whenever one has ended, the next one is begun before anybody looks.
      stage.meanwhile(/^GET .*\/deployments$/, () =>
        stage.other.send(new StartDeploymentCommand(rest)).catch(() => undefined),
      );
      const started = stage.clock.now();
      const { failures } = await stage.run({ inputs: { ...FAST, 'conflict-timeout': '25m' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: waited .* as long as the timeout allows/);
      expect(stage.clock.now() - started).toBeLessThan(27 * MINUTE);
    }));

  it('fails the deployment where that is asked for', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await deployForeign(stage, 'globex', 'dev');
      await stage.write(changed);
      const { failures, outputs } = await stage.run({ inputs: { ...FAST, 'on-conflict': 'fail' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: deployment 2 of 'Foreign' is under way/);
      expect(outputs['failed']).toBe('1');
    }));
});

describe('a deployment that fails', () => {
  const alarm = `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors`;
  const ringing = { cloudwatch: { alarms: { errors: { changes: [{ at: '5m', state: 'ALARM' as const }] } } } };
  const monitored = { ...FAST, monitors: alarm };

  it('by an alarm is red, told with its trigger, and stops the rest', () =>
    onStage(async (stage) => {
      const step = await stage.run({ inputs: { ...monitored, waves: 'dev\nqa', pause: '1h', 'keep-versions': '1' } });
      expect(step.log).not.toContain('Pausing');
      expect(step.failures[0]).toMatch(/it was rolled back by a CloudWatch alarm: CloudWatch alarm .*errors/);
      expect(step.outputs['rolled-back']).toBe('2');
      expect(step.deployments.filter(({ environment }) => environment === 'qa').map(({ state }) => state)).toEqual(
        Array(4).fill('not-started'),
      );
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('');
    }, ringing));

  it('takes back what the run has deployed, where that is asked for', () =>
    onStage(
      async (stage) => {
        const step = await stage.run({ inputs: { ...monitored, waves: 'dev\nqa', 'on-failure': 'revert' } });
        expect(step.outputs).toMatchObject({ changed: '0' });
        expect(step.deployments.some(({ state }) => state === 'reverted')).toBe(true);
        for (const tenant of ['acme', 'globex']) expect(await stage.served(tenant, 'dev', 'Limits')).toBe('');
      },
      { cloudwatch: { alarms: { errors: { changes: [{ at: '15m', state: 'ALARM' }] } } } },
    ));

  it('stops only its tenant, where that is asked for', () =>
    onStage(async (stage) => {
      await stage.write({ 'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 15}}}' });
      await stage.write({ 'config/appconfig.yml': 'profiles: {}\n' });
      const { failures, writes, memory } = await stage.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
      // A schema is checked before anything is begun, and told on the line.
      expect(failures[0]).toMatch(/^config\/tenants\/globex\/dev\/Limits.json:1: '\/rate' must be <= 15/);
      expect(writes).toEqual([]);
      expect(memory.log.entries).toContainEqual(
        expect.objectContaining({
          kind: 'error',
          place: { file: 'config/tenants/globex/dev/Limits.json', startLine: 1 },
        }),
      );
    }));

  it('by a validator of the service is told on the line of the file, and stops only its tenant', () => {
    return onStage(
      async (stage) => {
        const settings = `profiles:\n  Limits:\n    validators: [${CHECK}]\n`;
        await stage.write({ 'config/appconfig.yml': settings });
        const { deployments, memory } = await stage.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
        const stateOf = (tenant: string) =>
          deployments.filter((each) => each.tenant === tenant).map(({ profile, state }) => `${profile} ${state}`);
        expect(stateOf('acme')).toEqual(['Limits complete', 'Names complete', 'Limits complete', 'Names complete']);
        expect(stateOf('globex')[0]).toBe('Limits failed');
        expect(memory.log.entries).toContainEqual(
          expect.objectContaining({
            text: 'globex/dev Limits: too fast',
            place: { file: 'config/tenants/globex/dev/Limits.json' },
          }),
        );
      },
      { appconfig: { validators: { [CHECK]: [{ contains: '20', reason: 'too fast' }] } } },
    );
  });

  it('takes back only what its tenant got, where that is asked for', () =>
    onStage(
      async (stage) => {
        await stage.write({ 'config/tenants/globex/dev/Zone.json': '{"zone": "x"}' });
        const settings = `profiles:\n  Zone:\n    validators: [${CHECK}]\n`;
        await stage.write({ 'config/appconfig.yml': settings });
        const { deployments, outputs, failures } = await stage.run({
          inputs: { ...FAST, 'on-failure': 'revert-tenant' },
        });
        const stateOf = (tenant: string) =>
          deployments.filter((each) => each.tenant === tenant).map((each) => `${each.profile} ${each.state}`);
        expect(failures).toHaveLength(1);
        expect(stateOf('acme')).toEqual(['Limits complete', 'Names complete', 'Limits complete', 'Names complete']);
        expect(stateOf('globex')).toEqual(['Limits reverted', 'Zone failed', 'Limits reverted', 'Names reverted']);
        expect(outputs).toMatchObject({ changed: '4', 'rolled-back': '3', failed: '1' });
        expect(await stage.served('globex', 'dev', 'Limits')).toBe('');
        expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      },
      { appconfig: { validators: { [CHECK]: [{ contains: 'x', reason: 'no such zone' }] } } },
    ));

  it('after a revert is told at the version that is deployed again', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' });
      const inputs = { ...FAST, timeout: '1m', 'on-failure': 'revert' };
      const { deployments, outputs } = await stage.run({ inputs, variables: { GITHUB_RUN_ID: '101' } });
      expect(deployments.find(({ state }) => state === 'reverted')).toMatchObject({ profile: 'Limits', version: '1' });
      expect(JSON.parse(outputs['versions'] ?? '{}')).toMatchObject({ 'globex/dev/Limits': '1' });
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('that is lost sight of is unfinished, not failed', () =>
    onStage(
      async (stage) => {
        const { deployments, failures } = await stage.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('AccessDenied');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      { faults: [{ fault: 'error', operation: 'GetDeployment', code: 'AccessDeniedException', status: 403 }] },
    ));

  it('to begin, for all that is known, is accounted for with the number it would have', () =>
    onStage(
      async (stage) => {
        const { deployments, failures } = await stage.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('it is not known whether it has begun');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      { faults: [{ fault: 'reset', operation: 'StartDeployment' }] },
    ));

  it('is overdue, accounted for, and red', () =>
    onStage(async (stage) => {
      const { deployments, failures } = await stage.run({ inputs: { ...FAST, timeout: '2m', profiles: 'Limits' } });
      expect(failures[0]).toMatch(/waited 2m 0\ds for .*as long as the timeout allows/);
      expect(deployments.map(({ state }) => state)).toEqual(Array(4).fill('unfinished'));
    }));

  it('is stopped by a probe that fails twice', () =>
    onStage(async (stage) => {
      const probe = `${stage.aws.url}/_local-aws/nothing-there 200`;
      const { failures, deployments } = await stage.run({
        inputs: { ...FAST, probe, tenants: 'globex', environments: 'dev' },
      });
      expect(failures[0]).toMatch(/^globex\/dev Limits: it was stopped by a probe: .* answered \d+ in place of 200$/);
      expect(deployments.map(({ state }) => state)).toEqual(['rolled-back']);
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('');
    }));

  it('is not followed by the next wave where a probe fails after the pause', () =>
    onStage(
      async (stage) => {
        const inputs = { ...FAST, profiles: 'Limits', waves: 'dev\nqa', pause: '5m', 'probe-alarms': 'errors' };
        const { failures, deployments } = await stage.run({ inputs });
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
    onStage(async (stage) => {
      const { failures } = await stage.run({ inputs: { ...FAST, 'probe-alarms': 'errors' } });
      expect(failures[0]).toContain('it was stopped by a probe: in ALARM: errors');
    }, ringing));
});

describe('the validators of a profile', () => {
  const schema = (most: number) => ({
    'config/schemas/Limits.schema.json': `{"properties": {"rate": {"maximum": ${most}}}}`,
  });
  const one = { ...FAST, tenants: 'globex', environments: 'dev' };

  it('follow the schemas of the tree, where it was made for it', () =>
    onStage(async (stage) => {
      await stage.write(schema(25));
      await stage.run({ inputs: one });
      await stage.write({ ...schema(35), 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' });
      expect((await stage.run({ inputs: one })).failures).toEqual([]);
      await stage.remove('config/schemas');
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 40}' });
      expect((await stage.run({ inputs: one })).failures).toEqual([]);
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 40}');
    }));

  it('stay as they are where somebody else made it', () =>
    onStage(async (stage) => {
      const { Id: ApplicationId } = await stage.other.send(new CreateApplicationCommand({ Name: 'globex' }));
      const validator = { Type: 'JSON_SCHEMA' as const, Content: '{"type": "object"}' };
      const profile = { ApplicationId, Name: 'Limits', LocationUri: 'hosted', Validators: [validator] };
      await stage.other.send(new CreateConfigurationProfileCommand(profile));
      await stage.write(schema(25));
      const { failures, writes, summary } = await stage.run({ inputs: one });
      expect(failures).toEqual([]);
      expect(writes).not.toContain('UpdateConfigurationProfile');
      expect(summary).toContain('the validators of globex/Limits are somebody else');
    }));

  it('are at most two', () =>
    onStage(async (stage) => {
      await stage.write(schema(25));
      await stage.write({ 'config/appconfig.yml': `profiles:\n  Limits:\n    validators: [${CHECK}, ${CHECK}]\n` });
      const { failures, calls } = await stage.run({ inputs: one });
      expect(failures[0]).toBe(
        "profile 'Limits' has a JSON Schema and 2 functions: AppConfig takes at most 2 validators",
      );
      expect(calls).toEqual([]);
    }));
});

describe('strategies', () => {
  it('are one per environment where that is given, and a tree may say its own', () =>
    onStage(async (stage) => {
      await stage.write({ 'config/appconfig.yml': 'environments:\n  qa:\n    strategy: AppConfig.AllAtOnce\n' });
      const strategy = 'dev=AppConfig.Linear50PercentEvery30Seconds\n*=AppConfig.Canary10Percent20Minutes';
      const { calls, failures } = await stage.run({
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
    onStage(
      async (stage) => {
        const started = stage.clock.now();
        const { deployments } = await stage.run({ inputs: { ...FAST, tenants: 'globex', environments: 'dev' } });
        expect(deployments).toMatchObject([{ state: 'unfinished' }]);
        expect(stage.clock.now() - started).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(stage.clock.now() - started).toBeLessThan(17 * MINUTE);
      },
      { faults: [{ fault: 'stale', operation: 'GetDeployment', by: '9m', calls: '20-' }] },
    ));
});
