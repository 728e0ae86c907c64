import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import type { Job } from '@aws-delivery/node-runner/job';
import type { StepResult } from '@aws-delivery/node-runner/step';
import { imageOf, layoutOf, plant } from '../../actions/ecr-push/test/helpers/image.js';
import { ACCOUNT, REGION } from './account.js';
import type { JudgeName } from './judge.js';
import { startMiniStack } from './ministack.js';
import { type ActionName, actionPath, type Inputs, pointAt, ROOT_VARIABLES, saidBy, Workplace } from './workplace.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** What the bootstrap's parameters say: one repository, its ids, one environment. */
const PARAMETERS: Inputs = {
  Organization: 'octocat',
  Repository: 'my-repo',
  OrganizationId: '123456',
  RepositoryId: '456789',
  Environment: 'production',
  DeliveryRegion: REGION,
};

/** A queue, what CloudFormation must not make, and a role that a stack may have only under the boundary. */
const SHOP = `
Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
`;
const USER = 'Resources: { Intruder: { Type: AWS::IAM::User } }\n';

/** What real CloudFormation does of itself: a resource needs the permission of whoever it is made for. */
const needing = (type: string, action: string) => ({
  on: { type, lacking: { action } },
  fail: { reason: `not authorized to perform: ${action}` },
});
const scenario: ScenarioInput = {
  account: ACCOUNT,
  region: REGION,
  clock: { scale: 30 },
  cloudformation: {
    rules: [needing('AWS::SQS::Queue', 'sqs:CreateQueue'), needing('AWS::IAM::User', 'iam:CreateUser')],
  },
};

export type Claims = Readonly<Record<string, string>>;

/** An account that was bootstrapped by our own action, and jobs of octocat/my-repo in it. */
export class Bootstrapped implements AsyncDisposable {
  readonly place = new Workplace();
  /** Outputs of the bootstrap stack. */
  outputs: Inputs = {};
  #stacks = 0;

  private constructor(
    readonly url: string,
    readonly issuer: LocalAws,
    private readonly closeJudge: () => Promise<void>,
  ) {}

  static async open(judge: JudgeName): Promise<Bootstrapped> {
    const issuer = await startLocalAws({ scenario });
    const emulator = judge === 'MiniStack' ? await startMiniStack({ auth: true }) : undefined;
    const account = new Bootstrapped(emulator?.url ?? issuer.url, issuer, async () => emulator?.close());
    account.place.write('shop.yml', SHOP);
    account.place.write('user.yml', USER);
    const template = readFileSync(join(examples, 'bootstrap', 'delivery-roles.yaml'), 'utf8');
    account.place.write('delivery-roles.yaml', template);
    cpSync(join(examples, 'appconfig'), join(account.place.folder, 'config'), { recursive: true });
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
    const result = await this.place.run('cloudformation-deploy', inputs, { ...pointAt(this.url), ...ROOT_VARIABLES });
    this.outputs = { ...this.outputs, ...result.outputs };
    return result;
  }

  /** A stack's name that no other test uses. */
  stackName(): string {
    this.#stacks += 1;
    return `shop-${this.#stacks}`;
  }

  /** The source of an image to push. */
  async image(): Promise<string> {
    const image = imageOf();
    await plant(join(this.place.folder, 'image'), layoutOf({ latest: image.manifest }, [image]));
    return 'oci:image';
  }

  job(claims: Claims): Job {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } =
      this.issuer.environment({ claims: { repository: 'octocat/my-repo', ...claims } });
    return this.place.job({ env: pointAt(this.url), idToken: { url, token } });
  }

  /** A step that gets into a role of the bootstrap. */
  enter(role: 'DeployRoleArn' | 'PreviewRoleArn') {
    const inputs = { 'role-arn': this.outputs[role] ?? '', 'aws-region': REGION, 'retry-max-attempts': '1' };
    return { action: actionPath('oidc-credentials'), inputs, continueOnError: true };
  }

  /** Gets into a role and runs steps with it; the last of them. */
  async run(
    role: 'DeployRoleArn' | 'PreviewRoleArn',
    claims: Claims,
    steps: readonly (readonly [ActionName, Inputs])[],
  ): Promise<Ending> {
    await using job = this.job(claims);
    const first = await job.run(this.enter(role));
    const endings = [endingOf(first)];
    if (first.outcome !== 'success') return endingOf(first);
    for (const [action, inputs] of steps) {
      const ending = endingOf(await job.run({ action: actionPath(action), inputs, continueOnError: true }));
      endings.push(ending);
    }
    return endings.find(({ outcome }) => outcome !== 'success') ?? endings.at(-1) ?? endingOf(first);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.place[Symbol.dispose]();
    await Promise.all([this.closeJudge(), this.issuer.close()]);
  }
}

/** What became of a step. */
export interface Ending {
  readonly outcome: string;
  readonly said: string;
  readonly outputs: Inputs;
}

const endingOf = (result: StepResult): Ending => ({
  outcome: result.outcome,
  said: saidBy(result),
  outputs: result.outputs,
});
