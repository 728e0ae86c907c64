import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { machineEnvironment } from '@aws-delivery/node-runner/environment';
import { Job } from '@aws-delivery/node-runner/job';
import { actionFolder, openAccount } from './account.js';
import type { Bar } from './bar.js';
import type { Bench, Figure, Ground } from './bench.js';
import { type Deploy, deployByAction, deployByCli, type Kind, kinds, writeTemplates } from './deploy.js';

const bars: Readonly<Record<'credentials' | Kind, Bar>> = {
  credentials: { kind: 'most', limit: 2 },
  'a new stack': { kind: 'most', limit: 7 },
  'a change': { kind: 'most', limit: 7 },
  'no change': { kind: 'most', limit: 5 },
};

/** Calls to AWS itself: not to the token's issuer, nor what services ask of each other. */
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

/** A token, a role, credentials for the steps that follow. */
const callsForCredentials = async (ground: Ground): Promise<Figure> => {
  const aws = await startLocalAws({ scenario: { iam: { oidcProviders: [{ url: `https://${issuer}` }], roles } } });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = aws.environment();
  await using job = new Job({
    workspace: ground.folder,
    machine: { ...machineEnvironment(process.env), HOME: ground.folder },
    env: { AWS_ENDPOINT_URL: aws.url },
    idToken: { url, token },
  });
  const inputs = { 'role-arn': roleArn, 'aws-region': 'us-east-1' };
  const { conclusion, log } = await job.run({ action: actionFolder(ground, 'oidc-credentials'), inputs });
  await job.finish();
  if (conclusion !== 'success') throw new Error(`there were no credentials:\n${log.join('\n')}`);
  const ours = countCalls(aws);
  await aws.close();
  return { what: 'credentials by a token: calls', unit: 'calls', ours, bar: bars.credentials };
};

/** How many calls each kind of deploy takes, of a stack that is ready at once. */
const callsOfDeploys = async (ground: Ground, by: (aws: LocalAws) => Deploy): Promise<Record<Kind, number>> => {
  const aws = await openAccount({ create: 0, update: 0, changeSet: 0 });
  const templates = writeTemplates(ground);
  const counts = { 'a new stack': 0, 'a change': 0, 'no change': 0 };
  for (const kind of kinds) {
    const before = countCalls(aws);
    await by(aws)('shop', templates[kind]);
    counts[kind] = countCalls(aws) - before;
  }
  await aws.close();
  return counts;
};

/** How many calls to AWS a run makes: each costs time, and counts against the limits of an account. */
export const calls: Bench = {
  name: 'calls',
  measure: async (ground) => {
    ground.say('credentials, then three deploys');
    const credentials = await callsForCredentials(ground);
    const { awsCli } = ground;
    const ours = await callsOfDeploys(ground, (aws) => deployByAction(ground, aws));
    const theirs = awsCli && (await callsOfDeploys(ground, (aws) => deployByCli(awsCli, ground, aws)));
    const deploys = kinds.map((kind) => ({
      what: `a deploy of ${kind}, ready at once: calls`,
      unit: 'calls' as const,
      ours: ours[kind],
      ...(theirs ? { other: { name: '`aws cloudformation deploy`', value: theirs[kind] } } : {}),
      bar: bars[kind],
    }));
    return [credentials, ...deploys];
  },
};
