import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition } from '../action.js';
import { createS3Factory } from '../src/services.js';
import { removeUpload } from '../src/sources/reviewer/upload.js';
import { Checkout, NOW, type Step, type StepOptions } from './checkout.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const BUCKET = 'codeguru-reviewer-shop';

type Group = keyof typeof definition.permissions;

/** IAM policies with the permissions of the action's definition. */
const buildPolicy = (groups: readonly Group[]) => ({
  review: {
    Version: '2012-10-17' as const,
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        // The definition has placeholders for partition, Region and account.
        Resource: resources.map((resource) =>
          resource.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT),
        ),
      })),
    ),
  },
});

export interface HarnessOptions extends ScenarioInput {
  /** Permission groups that the credentials have; all by default. */
  readonly allowed?: readonly Group[];
}

export interface AwsStep extends Step {
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
}

const GROUPS: readonly Group[] = ['codeguru-reviewer', 'upload', 'inspector', 'kms-key-id'];

/** A checkout and local AWS with a shared virtual clock, on which steps run. */
export class Harness {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly checkout: Checkout,
  ) {}

  static async open({ allowed = GROUPS, ...scenario }: HarnessOptions = {}): Promise<Harness> {
    const clock = new VirtualClock({ start: NOW });
    const users = { ci: { accessKeys: { AKIACI: 'ci-secret' }, policies: buildPolicy(allowed) } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: { account: ACCOUNT, region: REGION, iam: { users, accessKeys: { root: 'root' } }, ...scenario },
    });
    const harness = new Harness(aws, clock, new Checkout());
    await harness.rootS3().createBucket(BUCKET);
    return harness;
  }

  rootS3() {
    const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
    return createS3({ region: REGION, endpoint: this.aws.url, credentials, forcePathStyle: true });
  }

  private get overrideConfig(): ConfigOverride {
    const credentials = { accessKeyId: 'AKIACI', secretAccessKey: 'ci-secret' };
    return (configuration) => ({ ...configuration, endpoint: this.aws.url, credentials });
  }

  private get env() {
    return { AWS_ENDPOINT_URL: this.aws.url, GITHUB_RUN_ID: '77', GITHUB_RUN_ATTEMPT: '1', GITHUB_ACTOR: 'octocat' };
  }

  async run({ inputs = {}, env = {}, ...otherOptions }: StepOptions = {}): Promise<AwsStep> {
    const from = this.aws.calls().length;
    const step = await this.checkout.run({
      clock: this.clock,
      overrideConfig: this.overrideConfig,
      inputs: { 'aws-region': REGION, 'findings-from': 'codeguru-reviewer', ...inputs },
      env: { ...this.env, ...env },
      ...otherOptions,
    });
    const calls = this.aws.calls().slice(from);
    return { ...step, calls, operations: calls.map(({ operation }) => operation) };
  }

  /** Runs the post step and returns its AWS calls. */
  async post({ recorded }: Step): Promise<readonly string[]> {
    const from = this.aws.calls().length;
    const host = createFakeHost({ clock: this.clock, state: recorded.state, env: this.env });
    await runPost((each) => removeUpload(each, createS3Factory(each, this.overrideConfig)), host);
    return this.aws
      .calls()
      .slice(from)
      .map(({ operation, verdict }) => `${operation} ${verdict}`);
  }

  async close(): Promise<void> {
    await this.aws.close();
    this.checkout.remove();
  }
}
