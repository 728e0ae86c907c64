import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Action, runAction } from '@aws-delivery/action-kit/host/run-action';
import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { definition as appConfig } from '../../actions/appconfig-rollout/action.js';
import { createAction as createAppConfig } from '../../actions/appconfig-rollout/src/create-action.js';
import { definition as cloudFormation } from '../../actions/cloudformation-deploy/action.js';
import { createAction as createCloudFormation } from '../../actions/cloudformation-deploy/src/create-action.js';
import { definition as codeReview } from '../../actions/codeguru-review/action.js';
import { createAction as createCodeReview } from '../../actions/codeguru-review/src/create-action.js';
import { definition as ecr } from '../../actions/ecr-push/action.js';
import { createAction as createEcr } from '../../actions/ecr-push/src/create-action.js';
import { defaultImage } from '../../actions/ecr-push/test/harness.js';
import { definition as health } from '../../actions/health-gate/action.js';
import { createAction as createHealth } from '../../actions/health-gate/src/create-action.js';
import { definition as oidc } from '../../actions/oidc-credentials/action.js';
import { createAction as createOidc } from '../../actions/oidc-credentials/src/create-action.js';
import { scenario as oidcScenario, roleArn } from '../../actions/oidc-credentials/test/harness.js';
import { createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';

export const REGION = 'eu-central-1';
const SHA = 'c'.repeat(40);

/** Where an action runs: its workspace, and local AWS behind a server that can hang. */
export interface Machine {
  readonly directory: string;
  readonly url: string;
  readonly aws: LocalAws;
  /** URL of the servers that must have https: GitHub, identity tokens and the registry; default `url`. */
  readonly secureUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A run of an action that succeeds when no server hangs. */
export interface HangCase {
  readonly name: string;
  /** What may take longer than the limit, in seconds. */
  readonly graceSeconds?: number;
  readonly scenario: ScenarioInput;
  readonly inputs: (machine: Machine) => Readonly<Record<string, string>>;
  readonly run: (machine: Machine, inputs: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  readonly prepare?: (machine: Machine) => Promise<void> | void;
}

const createEnv = ({ directory, url, aws, secureUrl = url, env }: Machine): Record<string, string | undefined> => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl = '', ...others } = aws.createEnv();
  return {
    ...others,
    PATH: process.env['PATH'],
    HOME: directory,
    RUNNER_TEMP: directory,
    GITHUB_WORKSPACE: directory,
    GITHUB_REPOSITORY: 'octocat/my-repo',
    GITHUB_API_URL: `${secureUrl}/github`,
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_SHA: SHA,
    AWS_ENDPOINT_URL: url,
    ...env,
    ACTIONS_ID_TOKEN_REQUEST_URL: tokenUrl.replace(new URL(tokenUrl).origin, secureUrl),
  };
};

/** Runs an action with the machine's clock and returns its failures. */
export const createRun =
  <D extends Definition, S, R>(definition: D, createAction: (override: ConfigOverride) => Action<D, S, R>) =>
  async (machine: Machine, inputs: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const action = createAction((config) => ({ ...config, endpoint: machine.url, credentials }));
    const host = createFakeHost({ clock: systemClock, env: createEnv(machine), inputs });
    await runAction(definition, action, host);
    return host.recorded.failures;
  };

export const write = ({ directory }: Machine, name: string, content: string): void => {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), content);
};

export const prepareImage = async ({ directory }: Machine): Promise<void> => {
  const files = createLayoutFiles({ latest: defaultImage.manifest }, [defaultImage]);
  await writeFiles(join(directory, 'image'), files);
};

const REVIEW_BUCKET = 'codeguru-reviewer-shop';

const createBucket = async ({ aws }: Machine, name: string): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  await createS3({ region: REGION, endpoint: aws.url, credentials, forcePathStyle: true }).createBucket(name);
};

const createCheckout = (machine: Machine): void => {
  write(machine, 'App.java', 'class App {}\n');
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: machine.directory, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', 'App.java');
  git('-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', 'commit', '--quiet', '-m', 'change');
};

export const QUEUE_TEMPLATE = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n';

const createStack = async ({ aws }: Machine): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ region: REGION, endpoint: aws.url, credentials });
  await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: QUEUE_TEMPLATE }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 30, minDelay: 1 }, { StackName: 'shop' });
};

const INCIDENT = { service: 'RDS', region: REGION };

const COMMENT = { comment: 'summary', 'github-token': 'token' };

/** Runs that together make most calls of the six actions. */
export const HANG_CASES: readonly HangCase[] = [
  {
    name: 'oidc-credentials',
    scenario: oidcScenario,
    inputs: () => ({ 'role-arn': roleArn('deploy'), 'secret-ids': 'prod/*', 'parameter-names': '/prod/db/*' }),
    run: createRun(oidc, () => createOidc({ node: process.execPath, script: 'credential-process.js' })),
  },
  {
    name: 'oidc-credentials, chain',
    scenario: oidcScenario,
    inputs: () => ({ 'role-chain': `${roleArn('deploy')}\n${roleArn('second')}` }),
    run: createRun(oidc, () => createOidc({ node: process.execPath, script: 'credential-process.js' })),
  },
  {
    name: 'health-gate',
    scenario: { ssm: { calendars: { freeze: {} } }, cloudwatch: { alarms: { errors: {} } } },
    inputs: () => ({ services: 'RDS', calendars: 'freeze', alarms: 'errors', ...COMMENT }),
    run: createRun(health, (overrideConfig) => createHealth({ overrideConfig })),
  },
  {
    name: 'health-gate, organization',
    scenario: {
      health: {
        events: [
          { ...INCIDENT, accounts: ['222222222222'], entities: [{ value: 'shop-db', account: '222222222222' }] },
        ],
      },
    },
    inputs: () => ({ organization: 'true', 'on-event': 'warn' }),
    run: createRun(health, (overrideConfig) => createHealth({ overrideConfig })),
  },
  {
    name: 'codeguru-review, Reviewer',
    scenario: {
      clock: { scale: 6000 },
      'codeguru-reviewer': { associations: [{ name: 'shop', bucket: REVIEW_BUCKET }] },
    },
    inputs: () => ({
      'findings-from': 'codeguru-reviewer',
      association: 'shop',
      'upload-sarif': 'true',
      ...COMMENT,
    }),
    run: createRun(codeReview, createCodeReview),
    prepare: async (machine) => {
      await createBucket(machine, REVIEW_BUCKET);
      createCheckout(machine);
    },
  },
  {
    name: 'codeguru-review, Inspector',
    scenario: {
      clock: { scale: 600 },
      inspector2: { codeProjects: [{ name: 'octocat/my-repo', scanned: 'other', scan: { commit: SHA } }] },
    },
    inputs: () => ({ 'findings-from': 'inspector', ...COMMENT }),
    run: createRun(codeReview, createCodeReview),
  },
  {
    name: 'ecr-push',
    scenario: { clock: { scale: 600 }, ecr: { repositories: { app: {} } } },
    inputs: ({ url, secureUrl = url }) => ({
      source: 'oci:image',
      repository: 'app',
      tags: '1.0',
      scan: 'basic',
      'registry-endpoint': secureUrl,
    }),
    run: createRun(ecr, createEcr),
    prepare: prepareImage,
  },
  {
    name: 'ecr-push, new repository',
    scenario: { clock: { scale: 600 }, ecr: {} },
    inputs: ({ url, secureUrl = url }) => ({
      source: 'oci:image',
      repository: 'app',
      tags: '1.0',
      'create-repository': 'true',
      'lifecycle-policy': '{"rules": []}',
      'registry-endpoint': secureUrl,
    }),
    run: createRun(ecr, createEcr),
    prepare: prepareImage,
  },
  {
    name: 'cloudformation-deploy',
    graceSeconds: 5,
    scenario: { clock: { scale: 600 } },
    inputs: () => ({ name: 'shop', template: 'template.yaml', ...COMMENT }),
    run: createRun(cloudFormation, createCloudFormation),
    prepare: (machine) => write(machine, 'template.yaml', QUEUE_TEMPLATE),
  },
  {
    name: 'appconfig-rollout',
    graceSeconds: 5,
    scenario: { clock: { scale: 600 } },
    inputs: () => ({
      application: 'shop',
      environment: 'prod',
      profile: 'Limits',
      file: 'limits.json',
      strategy: 'AppConfig.AllAtOnce',
      'on-failure': 'revert',
      ...COMMENT,
    }),
    run: createRun(appConfig, createAppConfig),
    prepare: (machine) => write(machine, 'limits.json', '{"rate": 1}'),
  },
  {
    name: 'cloudformation-deploy, deletion',
    graceSeconds: 5,
    scenario: { clock: { scale: 600 } },
    inputs: () => ({ name: 'shop', mode: 'delete' }),
    run: createRun(cloudFormation, createCloudFormation),
    prepare: createStack,
  },
  {
    name: 'cloudformation-deploy, drift',
    scenario: { clock: { scale: 600 } },
    inputs: () => ({ name: 'shop', mode: 'drift' }),
    run: createRun(cloudFormation, createCloudFormation),
    prepare: createStack,
  },
];
