import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction, runPost } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import type { Claims } from '@aws-delivery/local-aws/services/oidc/scenario';
import { definition } from '../action.js';
import { withEnvironmentInputs } from '../src/environment-input.js';
import { oidcCredentials } from '../src/oidc-credentials.js';
import { restoreAfterJob } from '../src/restore.js';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '999988887777';
export const role = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

const ISSUER = 'token.actions.githubusercontent.com';

const trustToken = (subject: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: {
        StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${ISSUER}:sub`]: subject },
      },
    },
  ],
});

const trustArn = (principal: string, condition: object = {}, actions = ['sts:AssumeRole', 'sts:TagSession']) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: actions, Condition: condition }],
});

const allow = (...actions: readonly string[]) => ({
  all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
});

/** The account of the scenarios: a role for tokens, roles behind it, a user with keys, some secrets. */
export const scenario = {
  account: ACCOUNT,
  region: 'eu-central-1',
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: {
      deployer: { accessKeys: { AKIAUSER: 'user/secret+key' }, policies: allow('sts:AssumeRole', 'sts:TagSession') },
    },
    roles: {
      deploy: {
        trust: trustToken('repo:octocat/my-repo:*'),
        policies: allow('sts:AssumeRole', 'sts:TagSession', 'secretsmanager:*'),
        maxSessionDuration: '4h',
      },
      second: {
        trust: trustArn(role('deploy')),
        policies: allow('sts:AssumeRole', 'sts:TagSession'),
        maxSessionDuration: '4h',
      },
      third: {
        trust: trustArn(role('second'), { StringEquals: { 'sts:ExternalId': 'third-id' } }),
        policies: allow('sts:AssumeRole'),
        maxSessionDuration: '4h',
      },
      user: { trust: trustArn(ACCOUNT), maxSessionDuration: '4h' },
      strict: { trust: trustArn(role('deploy'), {}, ['sts:AssumeRole']) },
      [role('far', OTHER_ACCOUNT)]: { trust: trustArn(role('deploy')) },
    },
    oidcProviders: [{ url: `https://${ISSUER}`, audiences: ['sts.amazonaws.com'] }],
  },
  secretsmanager: {
    'prod/db': { user: 'shop', password: 'hunter22', nested: { port: 5432 } },
    'prod/plain': 'plain-value',
    'stage/plain': 'stage-value',
  },
} satisfies ScenarioInput;

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly claims?: Claims;
}

/** One step on the stage, and what came of it. */
export interface Step {
  readonly host: MemoryHost;
  readonly memory: MemoryHost['memory'];
  /** Calls to AWS, without those to the token endpoint. */
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
  /** The environment that the next step sees. */
  readonly after: Readonly<Record<string, string | undefined>>;
}

/** Local AWS, a machine with a home and a temporary directory, and steps of a job on it. */
export class Stage {
  readonly files = { node: '/opt/node 24/bin/node', script: '/actions/oidc/dist/credential-process.js' };
  /** At this moment, since requests are signed with the machine's own time. */
  readonly clock = new VirtualClock({ start: Date.now() });

  private constructor(
    readonly aws: LocalAws,
    readonly home: string,
    readonly temporary: string,
  ) {}

  static async open(changes: ScenarioInput = {}): Promise<Stage> {
    const [home, temporary] = await Promise.all(['home-', 'temp-'].map((name) => mkdtemp(join(tmpdir(), name))));
    const aws = await startLocalAws({ scenario: { ...scenario, ...changes } });
    return new Stage(aws, home ?? '', temporary ?? '');
  }

  /** The environment of a job on GitHub with `id-token: write`. */
  environment(claims: Claims = {}): Record<string, string | undefined> {
    const { AWS_ENDPOINT_URL, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN } = this.aws.environment({
      claims,
    });
    return {
      AWS_ENDPOINT_URL,
      ACTIONS_ID_TOKEN_REQUEST_URL,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      HOME: this.home,
      RUNNER_TEMP: this.temporary,
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octocat/my-repo',
      GITHUB_WORKFLOW: 'delivery (prod)',
      GITHUB_ACTION: 'get-in',
      GITHUB_ACTOR: 'octocat',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '1',
    };
  }

  /** Runs main. Inputs of the usual step are there unless they are given as empty. */
  async main({ inputs = {}, variables = {}, claims = {} }: StepOptions = {}): Promise<Step> {
    const host = createMemoryHost({
      clock: this.clock,
      inputs: { 'aws-region': 'eu-central-1', 'role-to-assume': role('deploy'), ...inputs },
      variables: { ...this.environment(claims), ...variables },
    });
    const from = this.aws.calls().length;
    await runAction(definition, oidcCredentials(this.files), withEnvironmentInputs(host));
    const calls = this.aws
      .calls()
      .slice(from)
      .filter(({ service }) => service !== 'oidc');
    return {
      host,
      memory: host.memory,
      calls,
      operations: calls.map(({ operation }) => operation),
      after: { ...host.variables, ...host.memory.exported },
    };
  }

  /** Runs post after a main step, in the environment that it left. */
  async post(
    step: Pick<Step, 'memory' | 'after'>,
    variables: Record<string, string> = {},
  ): Promise<MemoryHost['memory']> {
    const host = createMemoryHost({
      clock: this.clock,
      state: step.memory.state,
      variables: { ...step.after, ...variables },
    });
    await runPost(restoreAfterJob, host);
    return host.memory;
  }

  async close(): Promise<void> {
    await this.aws.close();
    for (const directory of [this.home, this.temporary]) await rm(directory, { recursive: true, force: true });
  }
}
