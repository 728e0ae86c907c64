import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host';
import { runAction, runPost } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition, type Inputs } from '../../action.js';
import { cleanUp } from '../../src/clean-up.js';
import { ecrPush } from '../../src/ecr-push.js';
import type { Execute } from '../../src/engine.js';
import { type Blob, type Image, imageOf, layoutOf, plant } from './image.js';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '999988887777';
export const REGION = 'eu-west-1';

type Group = keyof typeof definition.permissions;

/** The policy that the action's own definition asks for. */
const policyOf = (groups: readonly Group[]) => ({
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

const ALL: readonly Group[] = [
  'always',
  'push',
  'copy',
  'create-repository',
  'drift',
  'scan-basic',
  'scan-enhanced',
  'scan-auto',
];

export interface StageOptions extends ScenarioInput {
  /** Groups of the action's permissions that its credentials have; all by default. */
  readonly allowed?: readonly Group[];
  /** Whether local AWS goes by the steps' clock, on which hours pass in no time. */
  readonly oneClock?: boolean;
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Runs programs in place of this machine. */
  readonly execute?: Execute;
}

export interface Step {
  readonly host: MemoryHost;
  readonly memory: MemoryHost['memory'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly log: string;
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
}

/** Local AWS with a registry, a workspace, and steps of a job. */
export class Stage {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly folder: string,
  ) {}

  static async open({ allowed = ALL, oneClock = false, ecr, ...changes }: StageOptions = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'ecr-push-test-'));
    await mkdir(join(folder, 'temp'));
    // At this moment, since requests are signed with the machine's own time.
    const clock = new VirtualClock({ start: Date.now() });
    const shared = { now: () => clock.now(), wall: () => Date.now(), advance: (ms: number) => void clock.advance(ms) };
    const aws = await startLocalAws({
      ...(oneClock ? { clock: shared } : {}),
      scenario: {
        account: ACCOUNT,
        region: REGION,
        iam: {
          accessKeys: { root: 'root' },
          users: { pusher: { accessKeys: { AKIAPUSH: 'push-secret' }, policies: policyOf(allowed) } },
        },
        ecr: { repositories: { app: {}, web: {} }, ...ecr },
        ...changes,
      },
    });
    return new Stage(aws, clock, folder);
  }

  get host(): string {
    return new URL(this.aws.url).host;
  }

  /** Writes an OCI layout with one image and returns the source that names it. */
  async layout(
    name: string,
    image: Image | { readonly index: Blob; readonly images: readonly Image[] },
  ): Promise<string> {
    const [root, images] = 'index' in image ? [image.index, image.images] : [image.manifest, [image]];
    await plant(join(this.folder, name), layoutOf({ latest: root }, images));
    return `oci:${name}`;
  }

  async write(name: string, bytes: Buffer | string): Promise<string> {
    await writeFile(join(this.folder, name), bytes);
    return join(this.folder, name);
  }

  async run({ inputs = {}, variables = {}, signal, execute }: StepOptions = {}): Promise<Step> {
    const host = createMemoryHost({
      clock: this.clock,
      inputs: { 'aws-region': REGION, ...inputs },
      variables: this.variables(variables),
      ...(signal === undefined ? {} : { signal }),
    });
    const from = this.aws.calls().length;
    const credentials = { accessKeyId: 'AKIAPUSH', secretAccessKey: 'push-secret' };
    const action = ecrPush((same) => ({ ...same, endpoint: this.aws.url, credentials }));
    const services = async (given: Inputs, on: Host) => {
      const real = await action.services(given, on);
      return execute === undefined ? real : { ...real, execute };
    };
    await runAction(definition, { ...action, services }, host);
    const calls = this.aws.calls().slice(from);
    const { memory } = host;
    const { outputs, failures } = memory;
    const operations = calls.map(({ operation }) => operation);
    return { host, memory, outputs, failures, log: memory.log.text(), calls, operations };
  }

  /** Pushes one image to `app` and expects no more than that. */
  push(source: string, inputs: Readonly<Record<string, string>> = {}): Promise<Step> {
    return this.run({ inputs: { source, repository: 'app', tags: '1.0', ...inputs } });
  }

  async post({ memory, host }: Step): Promise<MemoryHost['memory']> {
    const after = createMemoryHost({
      clock: this.clock,
      state: memory.state,
      variables: { ...host.variables, ...memory.exported },
    });
    await runPost(cleanUp, after);
    return after.memory;
  }

  async close(): Promise<void> {
    await this.aws.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private variables(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return {
      RUNNER_TEMP: join(this.folder, 'temp'),
      GITHUB_WORKSPACE: this.folder,
      HOME: this.folder,
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'feature/new-shop',
      GITHUB_RUN_NUMBER: '42',
      ...changes,
    };
  }
}

/** Runs something on a stage of its own. */
export const onStage = async <T>(options: StageOptions, play: (stage: Stage) => Promise<T>): Promise<T> => {
  const stage = await Stage.open(options);
  try {
    return await play(stage);
  } finally {
    await stage.close();
  }
};

export const defaultImage = imageOf();
