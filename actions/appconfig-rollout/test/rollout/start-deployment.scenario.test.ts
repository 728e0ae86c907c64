import {
  GetDeploymentCommand,
  ListConfigurationProfilesCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, type RunResult, withHarness } from '../harness.js';

const ONE = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'dev' };
const CHANGED = { 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' };

/** Deploys a version of globex's Limits to dev with root's keys; returns the state after its end. */
const deployToEnd = async (harness: Harness, version: string): Promise<string | undefined> => {
  const { ApplicationId, EnvironmentId } = await harness.findEnvironment('globex', 'dev');
  const { Items: profiles = [] } = await harness.foreignClient.send(
    new ListConfigurationProfilesCommand({ ApplicationId }),
  );
  const { DeploymentNumber } = await harness.foreignClient.send(
    new StartDeploymentCommand({
      ApplicationId,
      EnvironmentId,
      ConfigurationProfileId: profiles.find(({ Name }) => Name === 'Limits')?.Id,
      ConfigurationVersion: version,
      DeploymentStrategyId: 'AppConfig.AllAtOnce',
    }),
  );
  await harness.clock.advance(15 * MINUTE);
  const { State } = await harness.foreignClient.send(
    new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber }),
  );
  return State;
};

/** The action's calls of StartDeployment: lock and error. */
const listStarts = ({ calls }: RunResult) =>
  calls
    .filter(({ operation, principal }) => operation === 'StartDeployment' && principal.endsWith(':user/rollout'))
    .map(({ input, error }) => ({ lock: input['LatestDeploymentNumber'], error }));

/** A run during which another deployment starts and ends, after the environment was read and before StartDeployment. */
const runWithOther = async (harness: Harness, version: string): Promise<RunResult> => {
  await harness.run({ inputs: ONE });
  await harness.write(CHANGED);
  const undo = harness.onBeforeCall(/^POST .*\/deployments$/, async () => {
    undo();
    expect(await deployToEnd(harness, version)).toBe('COMPLETE');
  });
  return harness.run({ inputs: ONE, env: { GITHUB_RUN_ID: '101' } });
};

describe('a deployment that starts and ends between the check and StartDeployment', () => {
  it('of the same version is not repeated', () =>
    withHarness(async (harness) => {
      const step = await runWithOther(harness, '2');
      expect(step.failures).toEqual([]);
      expect(listStarts(step)).toEqual([{ lock: 1, error: 'ConflictException' }]);
      expect(step.deployments).toMatchObject([
        { state: 'unchanged', reason: 'another run or user deployed the same content' },
      ]);
    }));

  it('of another version is followed by the desired one, locked on it', () =>
    withHarness(async (harness) => {
      const step = await runWithOther(harness, '1');
      expect(step.failures).toEqual([]);
      expect(listStarts(step)).toEqual([
        { lock: 1, error: 'ConflictException' },
        { lock: 2, error: undefined },
      ]);
      expect(step.deployments).toMatchObject([{ state: 'complete', deployment: 3 }]);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 30}');
    }));
});

it('the first deployment of an environment has no lock', () =>
  withHarness(async (harness) => {
    expect(listStarts(await harness.run({ inputs: ONE }))).toEqual([{ lock: undefined, error: undefined }]);
  }));
