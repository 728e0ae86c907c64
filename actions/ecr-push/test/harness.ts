import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { runAction, runPost } from '@aws-delivery/action-kit/host/run-action';
import type { RunProgram } from '@aws-delivery/action-kit/host/run-program';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import {
  type Blob,
  createImage,
  createLayoutFiles,
  type Image,
  writeFiles,
} from '../../../packages/oci/test/image-fixtures.js';
import { definition, type Inputs } from '../action.js';
import { cleanUp } from '../src/cleanup.js';
import { createAction } from '../src/create-action.js';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '999988887777';
export const REGION = 'eu-west-1';

type Group = keyof typeof definition.permissions;

/** An IAM policy with the permissions in the action's definition. */
const buildPolicy = (groups: readonly Group[]) => ({
  push: {
    Version: '2012-10-17',
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        Resource: resources.map((resource) =>
          resource.replace('${Partition}', 'aws').replace('${Region}', '*').replace('${Account}', '*'),
        ),
      })),
    ),
  },
});

const ALL_GROUPS: readonly Group[] = [
  'always',
  'push',
  'copy',
  'copy-referrers',
  'replication',
  'create-repository',
  'drift',
  'scan-basic',
  'scan-enhanced',
  'scan-auto',
];

export interface HarnessOptions extends ScenarioInput {
  /** Permission groups that the step's credentials have; all by default. */
  readonly allowed?: readonly Group[];
  /** Whether local AWS uses the virtual clock of the steps. */
  readonly oneClock?: boolean;
}

export type Fault = NonNullable<HarnessOptions['faults']>[number];

/** Injected faults that the action retries, with a participle for test titles. */
export const TRANSIENT_FAULTS: readonly (readonly [label: string, Fault])[] = [
  ['throttled', { fault: 'throttle' }],
  ['answered with 500', { fault: 'error', status: 500 }],
  ['answered with 503', { fault: 'error', status: 503 }],
  ['cut off', { fault: 'reset' }],
  ['processed without a response', { fault: 'lost-reply' }],
];

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Replaces the executor of programs. */
  readonly runProgram?: RunProgram;
}

export interface Step {
  readonly host: FakeHost;
  readonly recorded: FakeHost['recorded'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly log: string;
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
}

/** Runs the steps of a job against local AWS, in a workspace of its own. */
export class Harness {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly directory: string,
  ) {}

  static async open({
    allowed = ALL_GROUPS,
    oneClock = false,
    ecr,
    ...changes
  }: HarnessOptions = {}): Promise<Harness> {
    const directory = await mkdtemp(join(tmpdir(), 'ecr-push-test-'));
    await mkdir(join(directory, 'temp'));
    // The current time, since the SDK signs requests with it.
    const clock = new VirtualClock({ start: Date.now() });
    const shared = { now: () => clock.now(), wall: () => Date.now(), advance: (ms: number) => void clock.advance(ms) };
    const aws = await startLocalAws({
      ...(oneClock ? { clock: shared } : {}),
      scenario: {
        account: ACCOUNT,
        region: REGION,
        iam: {
          accessKeys: { root: 'root' },
          users: { pusher: { accessKeys: { AKIAPUSH: 'push-secret' }, policies: buildPolicy(allowed) } },
        },
        ecr: { repositories: { app: {}, web: {} }, ...ecr },
        ...changes,
      },
    });
    return new Harness(aws, clock, directory);
  }

  get host(): string {
    return new URL(this.aws.url).host;
  }

  /** Writes an OCI layout with one image and returns the source that names it. */
  async writeLayout(
    name: string,
    image: Image | { readonly index: Blob; readonly images: readonly Image[] },
  ): Promise<string> {
    const [root, images] = 'index' in image ? [image.index, image.images] : [image.manifest, [image]];
    await writeFiles(join(this.directory, name), createLayoutFiles({ latest: root }, images));
    return `oci:${name}`;
  }

  async writeWorkspaceFile(name: string, bytes: Buffer | string): Promise<string> {
    await writeFile(join(this.directory, name), bytes);
    return join(this.directory, name);
  }

  async run({ inputs = {}, env = {}, signal, runProgram }: StepOptions = {}): Promise<Step> {
    const host = createFakeHost({
      clock: this.clock,
      inputs: { 'aws-region': REGION, ...inputs },
      env: this.buildEnv(env),
      ...(signal === undefined ? {} : { signal }),
    });
    const from = this.aws.calls().length;
    const credentials = { accessKeyId: 'AKIAPUSH', secretAccessKey: 'push-secret' };
    const action = createAction((same) => ({ ...same, endpoint: this.aws.url, credentials }));
    const services = async (parsed: Inputs, actionHost: Host) => {
      const real = await action.createServices(parsed, actionHost);
      return runProgram === undefined ? real : { ...real, runProgram };
    };
    await runAction(definition, { ...action, createServices: services }, host);
    const calls = this.aws.calls().slice(from);
    const { recorded } = host;
    const { outputs, failures } = recorded;
    const operations = calls.map(({ operation }) => operation);
    return { host, recorded, outputs, failures, log: recorded.log.getOutput(), calls, operations };
  }

  /** Pushes one image to the repository `app`. */
  push(source: string, inputs: Readonly<Record<string, string>> = {}): Promise<Step> {
    return this.run({ inputs: { source, repository: 'app', tags: '1.0', ...inputs } });
  }

  async post({ recorded, host }: Step): Promise<FakeHost['recorded']> {
    const after = createFakeHost({
      clock: this.clock,
      state: recorded.state,
      env: { ...host.env, ...recorded.exported },
    });
    await runPost(cleanUp, after);
    return after.recorded;
  }

  async close(): Promise<void> {
    await this.aws.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  private buildEnv(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return {
      RUNNER_TEMP: join(this.directory, 'temp'),
      GITHUB_WORKSPACE: this.directory,
      HOME: this.directory,
      XDG_RUNTIME_DIR: join(this.directory, 'run'),
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'feature/new-shop',
      GITHUB_RUN_NUMBER: '42',
      ...changes,
    };
  }
}

/** Runs a function with a harness of its own. */
export const withHarness = async <T>(options: HarnessOptions, use: (harness: Harness) => Promise<T>): Promise<T> => {
  const harness = await Harness.open(options);
  try {
    return await use(harness);
  } finally {
    await harness.close();
  }
};

export const defaultImage = createImage();
