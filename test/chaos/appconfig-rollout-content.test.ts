import { ListApplicationsCommand, ListDeploymentsCommand, ListEnvironmentsCommand } from '@aws-sdk/client-appconfig';
import { expect } from '@jest/globals';
import {
  type DeploymentOutput,
  type Harness,
  type RunResult,
  withHarness,
} from '../../actions/appconfig-rollout/test/harness.js';
import { runWithSeeds } from './fault-injection.js';
import { createServiceFaults } from './fault-schedule.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

/** The content of the harness's tree for a deployment. */
const getDesiredContent = ({ tenant, environment, profile }: DeploymentOutput): string => {
  if (profile === 'Names') return tenant === 'acme' ? 'names: [a]\n' : 'names: [g]\n';
  return tenant === 'globex' && environment === 'dev' ? '{"rate": 20}' : '{"rate": 10}';
};

/** Deployments in progress, as `application/environment number`. */
const listRunning = async ({ foreignClient, aws }: Harness): Promise<readonly string[]> => {
  const environments = new Map(
    aws
      .calls()
      .filter(({ operation }) => operation === 'CreateEnvironment')
      .map(({ input }) => [`${input['ApplicationId']} ${input['Name']}`, input]),
  );
  const names = new Map(
    (await foreignClient.send(new ListApplicationsCommand({}))).Items?.map(({ Id, Name }) => [Id, Name]),
  );
  const running: string[] = [];
  for (const { ApplicationId: id, Name } of environments.values()) {
    const ApplicationId = String(id);
    const { Items: applicationEnvironments = [] } = await foreignClient.send(
      new ListEnvironmentsCommand({ ApplicationId }),
    );
    const EnvironmentId = applicationEnvironments.find((each) => each.Name === Name)?.Id;
    const { Items = [] } = await foreignClient.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }));
    const open = Items.filter(({ State }) => State === 'DEPLOYING' || State === 'BAKING');
    running.push(...open.map(({ DeploymentNumber }) => `${names.get(ApplicationId)}/${Name} ${DeploymentNumber}`));
  }
  return running;
};

const verifyRun = async (harness: Harness, { deployments, failures }: RunResult): Promise<void> => {
  const isWhole = deployments.every(({ state }) => state === 'complete' || state === 'unchanged');
  expect(failures.length > 0).toBe(!isWhole || deployments.length === 0);
  harness.aws.setFaults([]);
  const unfinished = deployments.filter(({ state }) => state === 'unfinished');
  const reported = unfinished.map(({ tenant, environment, deployment }) => `${tenant}/${environment} ${deployment}`);
  expect(reported).toEqual(expect.arrayContaining([...(await listRunning(harness))]));
  for (const deployment of deployments) {
    const { tenant, environment, profile, state } = deployment;
    const served = await harness.readServed(tenant, environment, profile).catch(() => '');
    expect(['', getDesiredContent(deployment)]).toContain(served);
    if (state === 'complete') expect(served).not.toBe('');
  }
  // The next run completes what this one left.
  const again = await harness.run({ inputs: FAST });
  expect(again.failures).toEqual([]);
};

runWithSeeds({
  name: 'an environment ends with content that is asked for, or the run says that it has not, and accounts for the rest',
  seeds: 8,
  runSeed: async (random) => {
    const options = { seed: String(random.number()), faults: createServiceFaults('appconfig', 0.1) };
    await withHarness(async (harness) => verifyRun(harness, await harness.run({ inputs: FAST })), options);
    return undefined;
  },
});

runWithSeeds({
  name: 'the worst trouble is accounted for, too',
  seeds: 6,
  runSeed: async (random) => {
    const inputs = { ...FAST, timeout: '11m', 'on-failure': 'stop-tenant' };
    const options = { seed: String(random.number()), faults: createServiceFaults('appconfig', 0.3) };
    await withHarness(async (harness) => verifyRun(harness, await harness.run({ inputs })), options);
    return undefined;
  },
});
