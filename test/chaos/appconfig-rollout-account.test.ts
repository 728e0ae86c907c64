import { ListApplicationsCommand, ListDeploymentsCommand, ListEnvironmentsCommand } from '@aws-sdk/client-appconfig';
import { expect } from '@jest/globals';
import { type Deployed, onStage, type Stage, type Step } from '../../actions/appconfig-rollout/test/helpers/stage.js';
import { undergo } from './ordeal.js';
import { serviceInTrouble } from './schedule.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

/** What is deployed of the stage's tree, where it is deployed at all. */
const wantedOf = ({ tenant, environment, profile }: Deployed): string => {
  if (profile === 'Names') return tenant === 'acme' ? 'names: [a]\n' : 'names: [g]\n';
  return tenant === 'globex' && environment === 'dev' ? '{"rate": 20}' : '{"rate": 10}';
};

/** The numbers of deployments that were started, truly or as far as anybody knows, by environment. */
const runningIn = async ({ other, aws }: Stage): Promise<readonly string[]> => {
  const places = new Map(
    aws
      .calls()
      .filter(({ operation }) => operation === 'CreateEnvironment')
      .map(({ input }) => [`${input['ApplicationId']} ${input['Name']}`, input]),
  );
  const names = new Map((await other.send(new ListApplicationsCommand({}))).Items?.map(({ Id, Name }) => [Id, Name]));
  const running: string[] = [];
  for (const { ApplicationId: id, Name } of places.values()) {
    const ApplicationId = String(id);
    const { Items: environments = [] } = await other.send(new ListEnvironmentsCommand({ ApplicationId }));
    const EnvironmentId = environments.find((each) => each.Name === Name)?.Id;
    const { Items = [] } = await other.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }));
    const open = Items.filter(({ State }) => State === 'DEPLOYING' || State === 'BAKING');
    running.push(...open.map(({ DeploymentNumber }) => `${names.get(ApplicationId)}/${Name} ${DeploymentNumber}`));
  }
  return running;
};

const holdToAccount = async (stage: Stage, { deployments, failures }: Step): Promise<void> => {
  const isWhole = deployments.every(({ state }) => state === 'complete' || state === 'unchanged');
  expect(failures.length > 0).toBe(!isWhole || deployments.length === 0);
  stage.aws.setFaults([]);
  const unfinished = deployments.filter(({ state }) => state === 'unfinished');
  const told = unfinished.map(({ tenant, environment, deployment }) => `${tenant}/${environment} ${deployment}`);
  expect(told).toEqual(expect.arrayContaining([...(await runningIn(stage))]));
  for (const deployment of deployments) {
    const { tenant, environment, profile, state } = deployment;
    const served = await stage.served(tenant, environment, profile).catch(() => '');
    expect(['', wantedOf(deployment)]).toContain(served);
    if (state === 'complete') expect(served).not.toBe('');
  }
  // What is left is done by the next run.
  const again = await stage.run({ inputs: FAST });
  expect(again.failures).toEqual([]);
};

undergo({
  name: 'an environment ends with content that is asked for, or the run says that it has not, and accounts for the rest',
  seeds: 8,
  play: async (random) => {
    const options = { seed: String(random.number()), faults: serviceInTrouble('appconfig', 0.1) };
    await onStage(async (stage) => holdToAccount(stage, await stage.run({ inputs: FAST })), options);
    return undefined;
  },
});

undergo({
  name: 'the worst trouble is accounted for, too',
  seeds: 6,
  play: async (random) => {
    const inputs = { ...FAST, timeout: '11m', 'on-failure': 'stop-tenant' };
    const options = { seed: String(random.number()), faults: serviceInTrouble('appconfig', 0.3) };
    await onStage(async (stage) => holdToAccount(stage, await stage.run({ inputs })), options);
    return undefined;
  },
});
