import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { Job } from '@aws-delivery/node-runner/job/job';
import { getActionDirectory, startAccount } from './account.js';
import type { Benchmark, BenchmarkContext, Figure } from './benchmark.js';
import type { Budget } from './budget.js';
import {
  DEPLOY_KINDS,
  type DeployKind,
  type DeployStack,
  deployByAction,
  deployByCli,
  writeTemplates,
} from './deploy/deploy.js';

const BUDGETS: Readonly<Record<'credentials' | DeployKind, Budget>> = {
  credentials: { kind: 'max', limit: 2 },
  'a new stack': { kind: 'max', limit: 7 },
  'a change': { kind: 'max', limit: 7 },
  'no change': { kind: 'max', limit: 5 },
};

/** Calls of the action to AWS, without those to the OIDC issuer and those between services. */
const countCalls = (aws: LocalAws): number =>
  aws.calls().filter(({ service, via }) => service !== 'oidc' && via === undefined).length;

const issuer = 'token.actions.githubusercontent.com';
const roleArn = 'arn:aws:iam::123456789012:role/deploy';
const roles = {
  deploy: {
    trust: {
      Version: '2012-10-17' as const,
      Statement: {
        Effect: 'Allow' as const,
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
    },
  },
};

/** Counts the calls of oidc-credentials for one role. */
const countCredentialCalls = async (context: BenchmarkContext): Promise<Figure> => {
  const aws = await startLocalAws({ scenario: { iam: { oidcProviders: [{ url: `https://${issuer}` }], roles } } });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = aws.createEnv();
  await using job = new Job({
    workspace: context.directory,
    baseEnv: { ...getMachineEnv(process.env), HOME: context.directory },
    env: { AWS_ENDPOINT_URL: aws.url },
    idToken: { url, token },
  });
  const inputs = { 'role-arn': roleArn, 'aws-region': 'us-east-1' };
  const { conclusion, log } = await job.run({ action: getActionDirectory(context, 'oidc-credentials'), inputs });
  await job.finish();
  if (conclusion !== 'success') throw new Error(`there were no credentials:\n${log.join('\n')}`);
  const value = countCalls(aws);
  await aws.close();
  return { label: 'credentials by a token: calls', unit: 'calls', value, budget: BUDGETS.credentials };
};

/** Counts the calls of each kind of deployment, for a stack whose operations take no time. */
const countDeployCalls = async (
  context: BenchmarkContext,
  createDeploy: (aws: LocalAws) => DeployStack,
): Promise<Record<DeployKind, number>> => {
  const aws = await startAccount({ create: 0, update: 0, changeSet: 0 });
  const templates = writeTemplates(context);
  const counts = { 'a new stack': 0, 'a change': 0, 'no change': 0 };
  for (const kind of DEPLOY_KINDS) {
    const before = countCalls(aws);
    await createDeploy(aws)('shop', templates[kind]);
    counts[kind] = countCalls(aws) - before;
  }
  await aws.close();
  return counts;
};

/** The number of AWS calls of a run: each takes time and counts against the account's request limits. */
export const callCount: Benchmark = {
  name: 'calls',
  measure: async (context) => {
    context.log('credentials, then three deploys');
    const credentials = await countCredentialCalls(context);
    const { awsCli } = context;
    const actionCounts = await countDeployCalls(context, (aws) => deployByAction(context, aws));
    const cliCounts = awsCli && (await countDeployCalls(context, (aws) => deployByCli(awsCli, context, aws)));
    const deploys = DEPLOY_KINDS.map((kind) => ({
      label: `a deploy of ${kind}, ready at once: calls`,
      unit: 'calls' as const,
      value: actionCounts[kind],
      ...(cliCounts ? { reference: { name: '`aws cloudformation deploy`', value: cliCounts[kind] } } : {}),
      budget: BUDGETS[kind],
    }));
    return [credentials, ...deploys];
  },
};
