import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import { createImage, createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';
import { createPermissionRule } from '../permission-rule.js';
import { ACCOUNT, REGION } from './account.js';
import { startMiniStack } from './ministack.js';
import type { EmulatorName } from './reference-emulator.js';
import {
  type ActionName,
  createEndpointEnv,
  getActionPath,
  type Inputs,
  ROOT_ENV,
  readOutput,
  Workspace,
} from './workspace.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** The bootstrap's parameters: one repository with its ids, and one environment. */
const PARAMETERS: Inputs = {
  Organization: 'octocat',
  Repository: 'my-repo',
  OrganizationId: '123456',
  RepositoryId: '456789',
  Environment: 'production',
  DeliveryRegion: REGION,
};

/** A queue, which a delivery may create. */
const SHOP = `
Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
`;
/** An IAM user, which the permissions boundary forbids. */
const USER = 'Resources: { Intruder: { Type: AWS::IAM::User } }\n';

const scenario: ScenarioInput = {
  account: ACCOUNT,
  region: REGION,
  clock: { scale: 30 },
  cloudformation: {
    rules: [
      createPermissionRule('AWS::SQS::Queue', 'sqs:CreateQueue'),
      createPermissionRule('AWS::IAM::User', 'iam:CreateUser'),
    ],
  },
};

export type Claims = Readonly<Record<string, string>>;

/** An account that cloudformation-deploy bootstrapped, and jobs of octocat/my-repo in it. */
export class BootstrappedAccount implements AsyncDisposable {
  readonly workspace = new Workspace();
  /** Outputs of the bootstrap stack. */
  outputs: Inputs = {};
  private stacks = 0;

  private constructor(
    readonly url: string,
    readonly issuer: LocalAws,
    private readonly closeEmulator: () => Promise<void>,
  ) {}

  static async open(emulatorName: EmulatorName): Promise<BootstrappedAccount> {
    const issuer = await startLocalAws({ scenario });
    const emulator = emulatorName === 'MiniStack' ? await startMiniStack({ auth: true }) : undefined;
    const account = new BootstrappedAccount(emulator?.url ?? issuer.url, issuer, async () => emulator?.close());
    account.workspace.write('shop.yml', SHOP);
    account.workspace.write('user.yml', USER);
    const template = readFileSync(join(examples, 'bootstrap', 'delivery-roles.yaml'), 'utf8');
    account.workspace.write('delivery-roles.yaml', template);
    cpSync(join(examples, 'appconfig'), join(account.workspace.directory, 'config'), { recursive: true });
    return account;
  }

  /** Deploys the bootstrap with root's keys. */
  async deploy(parameters: Inputs = {}): Promise<StepResult> {
    const lines = Object.entries({ ...PARAMETERS, ...parameters }).map(([name, value]) => `${name}=${value}`);
    const inputs = {
      name: 'delivery',
      template: 'delivery-roles.yaml',
      capabilities: 'CAPABILITY_NAMED_IAM',
      parameters: lines.join('\n'),
    };
    const result = await this.workspace.run('cloudformation-deploy', inputs, {
      ...createEndpointEnv(this.url),
      ...ROOT_ENV,
    });
    this.outputs = { ...this.outputs, ...result.outputs };
    return result;
  }

  /** A stack name that no other test uses. */
  createStackName(): string {
    this.stacks += 1;
    return `shop-${this.stacks}`;
  }

  /** Writes an image and returns its `source` input. */
  async writeImage(): Promise<string> {
    const image = createImage();
    await writeFiles(join(this.workspace.directory, 'image'), createLayoutFiles({ latest: image.manifest }, [image]));
    return 'oci:image';
  }

  createJob(claims: Claims): Job {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } =
      this.issuer.createEnv({ claims: { repository: 'octocat/my-repo', ...claims } });
    return this.workspace.createJob({ env: createEndpointEnv(this.url), idToken: { url, token } });
  }

  /** A step that assumes a role of the bootstrap. */
  buildLoginStep(role: 'DeployRoleArn' | 'PreviewRoleArn') {
    const inputs = { 'role-arn': this.outputs[role] ?? '', 'aws-region': REGION, 'retry-max-attempts': '1' };
    return { action: getActionPath('oidc-credentials'), inputs, continueOnError: true };
  }

  /** Assumes a role and runs steps with it. Returns the first step that fails, otherwise the last. */
  async run(
    role: 'DeployRoleArn' | 'PreviewRoleArn',
    claims: Claims,
    steps: readonly (readonly [ActionName, Inputs])[],
  ): Promise<StepOutcome> {
    await using job = this.createJob(claims);
    const first = await job.run(this.buildLoginStep(role));
    const outcomes = [toStepOutcome(first)];
    if (first.outcome !== 'success') return toStepOutcome(first);
    for (const [action, inputs] of steps) {
      const stepOutcome = toStepOutcome(
        await job.run({ action: getActionPath(action), inputs, continueOnError: true }),
      );
      outcomes.push(stepOutcome);
    }
    return outcomes.find(({ outcome }) => outcome !== 'success') ?? outcomes.at(-1) ?? toStepOutcome(first);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.workspace[Symbol.dispose]();
    await Promise.all([this.closeEmulator(), this.issuer.close()]);
  }
}

export interface StepOutcome {
  readonly outcome: string;
  readonly output: string;
  readonly outputs: Inputs;
}

const toStepOutcome = (result: StepResult): StepOutcome => ({
  outcome: result.outcome,
  output: readOutput(result),
  outputs: result.outputs,
});
