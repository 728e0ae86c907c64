import { CreateHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, type RunResult, withHarness } from '../harness.js';

const ONE_ENVIRONMENT = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'qa' };
const DEPLOYMENT_COUNT = 60;

/** Deploys more foreign versions of a profile than fit on a page. */
const deployMany = async ({ foreignClient, clock }: Harness, { calls }: RunResult): Promise<void> => {
  const started = calls.filter(({ operation }) => operation === 'StartDeployment')[0]?.input ?? {};
  const [ApplicationId, EnvironmentId, ConfigurationProfileId] = [
    String(started['ApplicationId']),
    String(started['EnvironmentId']),
    String(started['ConfigurationProfileId']),
  ];
  const profile = { ApplicationId, ConfigurationProfileId };
  for (let count = 0; count < DEPLOYMENT_COUNT; count += 1) {
    const content = { Content: Buffer.from(`{"count": ${count}}`), ContentType: 'application/json' };
    const { VersionNumber } = await foreignClient.send(
      new CreateHostedConfigurationVersionCommand({ ...profile, ...content }),
    );
    const version = { ConfigurationVersion: String(VersionNumber), DeploymentStrategyId: 'AppConfig.AllAtOnce' };
    await foreignClient.send(new StartDeploymentCommand({ ...profile, EnvironmentId, ...version }));
    await clock.advance(11 * MINUTE);
  }
};

describe('a later page of a list', () => {
  it('is read for deployed content, existing versions and resources to delete', () =>
    withHarness(async (harness) => {
      await deployMany(harness, await harness.run({ inputs: ONE_ENVIRONMENT }));
      const { failures, deployments, calls } = await harness.run({ inputs: ONE_ENVIRONMENT });
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([
        { profile: 'Limits', state: 'complete', version: '1', deployment: DEPLOYMENT_COUNT + 3 },
        { profile: 'Names', state: 'unchanged', version: '1' },
      ]);
      const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
      // The first page, which misses the version, both pages after the lock conflict, and the first for Names.
      expect(count('ListHostedConfigurationVersions')).toBe(4);
      const cleaned = await harness.run({
        inputs: { mode: 'cleanup', cleanup: 'all', tenants: 'globex', confirm: 'all' },
      });
      expect(cleaned.summary).toContain(`${DEPLOYMENT_COUNT} versions not created by this action`);
      expect(cleaned.summary).toContain('| environment globex/qa | deleted |');
    }));
});
