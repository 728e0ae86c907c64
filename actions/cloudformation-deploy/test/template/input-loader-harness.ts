import { mkdirSync } from 'node:fs';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { definition } from '../../action.js';
import { createAction } from '../../src/create-action.js';
import { Workspace } from '../workspace.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

type Group = keyof typeof definition.permissions;

const GROUPS: readonly Group[] = ['always', 'change sets', 'diagnosis', 'stack policy and protection', 'uploads'];

const fillArn = (arn: string): string =>
  arn.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT);

/** The permissions of the action's definition, and those for the resources of the test templates. */
const policy = {
  Version: '2012-10-17',
  Statement: [
    ...GROUPS.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        Resource: resources.map(fillArn),
      })),
    ),
    { Effect: 'Allow' as const, Action: ['sqs:*', 'lambda:*', 'iam:*'], Resource: ['*'] },
  ],
};

export interface RunResult {
  readonly recorded: FakeHost['recorded'];
  readonly log: string;
  readonly calls: readonly CallRecord[];
  /** `service:Operation` of each write call. */
  readonly writes: readonly string[];
}

/** A workspace and local AWS with a shared virtual clock. */
export class InputLoaderHarness {
  private runs = 0;

  private constructor(
    readonly aws: LocalAws,
    readonly workspace: Workspace,
    private readonly clock: VirtualClock,
  ) {}

  static async open(files: Readonly<Record<string, string>>): Promise<InputLoaderHarness> {
    const clock = new VirtualClock();
    const users = { deployer: { accessKeys: { AKIADEPLOY: 'secret' }, policies: { deploy: policy } } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: { account: ACCOUNT, region: REGION, iam: { users } },
    });
    return new InputLoaderHarness(aws, new Workspace(files), clock);
  }

  async run(inputs: Readonly<Record<string, string>>): Promise<RunResult> {
    this.runs += 1;
    const tempDirectory = this.workspace.resolvePath('.temporary');
    mkdirSync(tempDirectory, { recursive: true });
    const host = createFakeHost({
      clock: this.clock,
      inputs: { name: 'shop', 'aws-region': REGION, ...inputs },
      env: {
        AWS_ENDPOINT_URL: this.aws.url,
        GITHUB_WORKSPACE: this.workspace.path,
        RUNNER_TEMP: tempDirectory,
        GITHUB_RUN_ID: String(this.runs),
      },
    });
    const callCountBefore = this.aws.calls().length;
    const credentials = { accessKeyId: 'AKIADEPLOY', secretAccessKey: 'secret' };
    const action = createAction((configuration) => ({
      ...configuration,
      endpoint: this.aws.url,
      credentials,
    }));
    await runAction(definition, action, host);
    const calls = this.aws
      .calls()
      .slice(callCountBefore)
      .filter(({ via }) => via === undefined);
    return {
      recorded: host.recorded,
      calls,
      log: host.recorded.log.getOutput(),
      writes: calls.filter(({ write }) => write).map(({ service, operation }) => `${service}:${operation}`),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.workspace[Symbol.dispose]();
    await this.aws.close();
  }
}

/** Input of the last call of an operation. */
export const findCallInput = ({ calls }: RunResult, operation: string): Readonly<Record<string, unknown>> =>
  calls.findLast((call) => call.operation === operation)?.input ?? {};
