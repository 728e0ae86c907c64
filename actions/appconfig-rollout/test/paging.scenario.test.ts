import { CreateHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { MINUTE, onStage, type Stage, type Step } from './helpers/stage.js';

const ONE = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'qa' };
const MANY = 60;

/** Somebody else deploys new versions of a profile, one after another, more than fit on a page. */
const deployMany = async ({ other, clock }: Stage, { calls }: Step): Promise<void> => {
  const started = calls.filter(({ operation }) => operation === 'StartDeployment')[0]?.input ?? {};
  const [ApplicationId, EnvironmentId, ConfigurationProfileId] = [
    String(started['ApplicationId']),
    String(started['EnvironmentId']),
    String(started['ConfigurationProfileId']),
  ];
  const profile = { ApplicationId, ConfigurationProfileId };
  for (let count = 0; count < MANY; count += 1) {
    const content = { Content: Buffer.from(`{"count": ${count}}`), ContentType: 'application/json' };
    const { VersionNumber } = await other.send(new CreateHostedConfigurationVersionCommand({ ...profile, ...content }));
    const version = { ConfigurationVersion: String(VersionNumber), DeploymentStrategyId: 'AppConfig.AllAtOnce' };
    await other.send(new StartDeploymentCommand({ ...profile, EnvironmentId, ...version }));
    await clock.advance(11 * MINUTE);
  }
};

describe('what is on a later page', () => {
  it('is found: what is deployed, a version that was made before, all there is to remove', () =>
    onStage(async (stage) => {
      await deployMany(stage, await stage.run({ inputs: ONE }));
      const { failures, deployments, calls } = await stage.run({ inputs: ONE });
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([
        { profile: 'Limits', state: 'complete', version: '1', deployment: MANY + 3 },
        { profile: 'Names', state: 'unchanged', version: '1' },
      ]);
      const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
      // A page that misses the version, the lock that tells of it, and all of them.
      expect(count('ListHostedConfigurationVersions')).toBe(3);
      const cleaned = await stage.run({
        inputs: { mode: 'cleanup', cleanup: 'all', tenants: 'globex', confirm: 'all' },
      });
      expect(cleaned.summary).toContain(`somebody else made ${MANY} of its versions`);
      expect(cleaned.summary).toContain('| environment globex/qa | removed |');
    }));
});
