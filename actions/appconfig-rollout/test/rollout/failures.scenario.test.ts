import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

const VALIDATOR_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:check';

describe('a failed deployment', () => {
  const alarm = `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors`;
  const ringing = { cloudwatch: { alarms: { errors: { changes: [{ at: '5m', state: 'ALARM' as const }] } } } };
  const monitored = { ...FAST, monitors: alarm };

  it('fails the step, names the alarm and stops the rollout after a rollback by an alarm', () =>
    withHarness(async (harness) => {
      const step = await harness.run({ inputs: { ...monitored, waves: 'dev\nqa', pause: '1h', 'keep-versions': '1' } });
      expect(step.log).not.toContain('Pausing');
      expect(step.failures[0]).toMatch(/^[^:]*: rolled back by a CloudWatch alarm: CloudWatch alarm .*errors/);
      expect(step.outputs['rolled-back']).toBe('2');
      expect(step.deployments.filter(({ environment }) => environment === 'qa').map(({ state }) => state)).toEqual(
        Array(4).fill('not-started'),
      );
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
    }, ringing));

  it('reverts the deployments of the run with on-failure: revert', () =>
    withHarness(
      async (harness) => {
        const step = await harness.run({ inputs: { ...monitored, waves: 'dev\nqa', 'on-failure': 'revert' } });
        expect(step.outputs).toMatchObject({ changed: '0' });
        expect(step.deployments.some(({ state }) => state === 'reverted')).toBe(true);
        for (const tenant of ['acme', 'globex']) expect(await harness.readServed(tenant, 'dev', 'Limits')).toBe('');
      },
      { cloudwatch: { alarms: { errors: { changes: [{ at: '15m', state: 'ALARM' }] } } } },
    ));

  it('annotates the file of a validator’s violation and stops its tenant with on-failure: stop-tenant', () => {
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

  it('reverts only deployments of its tenant with on-failure: revert-tenant', () =>
    withHarness(
      async (harness) => {
        // Names in dev delays the failure of Zone until all other deployments have started.
        await harness.write({
          'config/tenants/globex/dev/Names.yaml': 'names: [g]\n',
          'config/tenants/globex/dev/Zone.json': '{"zone": "x"}',
        });
        const settings = `profiles:\n  Zone:\n    validators: [${VALIDATOR_ARN}]\n`;
        await harness.write({ 'config/appconfig.yml': settings });
        const { deployments, outputs, failures } = await harness.run({
          inputs: { ...FAST, 'on-failure': 'revert-tenant' },
        });
        const listStates = (tenant: string) =>
          deployments.filter((each) => each.tenant === tenant).map((each) => `${each.profile} ${each.state}`);
        expect(failures).toHaveLength(1);
        expect(listStates('acme')).toEqual(['Limits complete', 'Names complete', 'Limits complete', 'Names complete']);
        expect(listStates('globex')).toEqual([
          'Limits reverted',
          'Names reverted',
          'Zone failed',
          'Limits reverted',
          'Names reverted',
        ]);
        expect(outputs).toMatchObject({ changed: '4', 'rolled-back': '4', failed: '1' });
        expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
        expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      },
      { appconfig: { validators: { [VALIDATOR_ARN]: [{ contains: 'x', reason: 'no such zone' }] } } },
    ));

  it('reports the version in effect after a revert', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' });
      const inputs = { ...FAST, timeout: '1m', 'on-failure': 'revert' };
      const { deployments, outputs } = await harness.run({ inputs, env: { GITHUB_RUN_ID: '101' } });
      expect(deployments.find(({ state }) => state === 'reverted')).toMatchObject({ profile: 'Limits', version: '1' });
      expect(JSON.parse(outputs['versions'] ?? '{}')).toMatchObject({ 'globex/dev/Limits': '1' });
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('is unfinished when its state cannot be read', () =>
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

  it('has the expected deployment number when StartDeployment’s outcome is unknown', () =>
    withHarness(
      async (harness) => {
        const { deployments, failures } = await harness.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('cannot determine whether the deployment started');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      { faults: [{ fault: 'reset', operation: 'StartDeployment' }] },
    ));

  it('is unfinished when a lost start cannot be confirmed', () =>
    withHarness(
      async (harness) => {
        const { deployments, failures } = await harness.run({
          inputs: { ...FAST, tenants: 'globex', environments: 'dev' },
        });
        expect(failures[0]).toContain('cannot determine whether the deployment started: GetDeployment');
        expect(deployments).toMatchObject([{ state: 'unfinished', deployment: 1 }]);
      },
      {
        faults: [
          { fault: 'lost-reply', operation: 'StartDeployment' },
          { fault: 'error', operation: 'GetDeployment', code: 'AccessDeniedException', status: 403 },
        ],
      },
    ));

  it('is unfinished and fails the step after the timeout', () =>
    withHarness(async (harness) => {
      const { deployments, failures } = await harness.run({ inputs: { ...FAST, timeout: '2m', profiles: 'Limits' } });
      expect(failures[0]).toMatch(/timed out after 2m 0\ds waiting for /);
      expect(deployments.map(({ state }) => state)).toEqual(Array(4).fill('unfinished'));
    }));

  it('stops at the timeout during a pause, and reverts', () =>
    withHarness(async (harness) => {
      const order = { waves: 'dev\nqa', pause: '1h', timeout: '30m', 'on-failure': 'revert' };
      const start = harness.clock.now();
      const { deployments, failures, log } = await harness.run({ inputs: { ...FAST, ...order, profiles: 'Limits' } });
      expect(failures).toHaveLength(1);
      expect(log).toContain('timed out after 30m 00s waiting for the end of a pause');
      expect(new Set(deployments.map(({ state }) => state))).toEqual(new Set(['reverted', 'not-started']));
      expect(harness.clock.now() - start).toBeLessThan(31 * MINUTE);
    }));

  it('is stopped by a probe that fails twice', () =>
    withHarness(async (harness) => {
      const probe = `${harness.aws.url}/_local-aws/nothing-there 200`;
      const { failures, deployments } = await harness.run({
        inputs: { ...FAST, probe, tenants: 'globex', environments: 'dev' },
      });
      expect(failures[0]).toMatch(/^globex\/dev Limits: stopped by a failed probe: .* returned \d+, expected 200$/);
      expect(deployments.map(({ state }) => state)).toEqual(['rolled-back']);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
    }));

  it('prevents the next wave when a probe fails after the pause', () =>
    withHarness(
      async (harness) => {
        const inputs = { ...FAST, profiles: 'Limits', waves: 'dev\nqa', pause: '5m', 'probe-alarms': 'errors' };
        const { failures, deployments } = await harness.run({ inputs });
        expect(failures[0]).toMatch(
          /^(?:acme|globex)\/qa Limits: not started because the probe of .*\/dev failed: alarms in ALARM state: errors/,
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

  it('is stopped by a probe alarm', () =>
    withHarness(async (harness) => {
      const { failures } = await harness.run({ inputs: { ...FAST, 'probe-alarms': 'errors' } });
      expect(failures[0]).toContain('stopped by a failed probe: alarms in ALARM state: errors');
    }, ringing));
});
