import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { NOW } from './fixtures.js';

export const ACCOUNT = '123456789012';

type Group = keyof typeof definition.permissions;

/** IAM policy of the action's definition. */
const buildPolicy = (groups: readonly Group[]) => ({
  gate: {
    Version: '2012-10-17',
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        // The placeholders stand for Region and account.
        Resource: resources.map((resource) =>
          resource.replace('${Partition}', 'aws').replace('${Region}', 'eu-west-1').replace('${Account}', ACCOUNT),
        ),
      })),
    ),
  },
});

const ALL_GROUPS: readonly Group[] = ['always', 'details', 'organization', 'stack', 'instances', 'calendars', 'alarms'];

export interface HarnessOptions extends ScenarioInput {
  /** Permission groups that the credentials have; all by default. */
  readonly allowed?: readonly Group[];
}

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** DNS lookup of the global name. */
  readonly resolveNames?: () => Promise<readonly string[]>;
}

export interface RunResult {
  readonly recorded: FakeHost['recorded'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
  readonly summary: string;
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
}

/** Local AWS with a clock shared with the action. */
export class Harness {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly directory: string,
  ) {}

  static async open({ allowed = ALL_GROUPS, ...changes }: HarnessOptions = {}): Promise<Harness> {
    const clock = new VirtualClock({ start: NOW });
    const directory = await mkdtemp(join(tmpdir(), 'health-gate-'));
    const users = { gate: { accessKeys: { AKIAGATE: 'gate-secret' }, policies: buildPolicy(allowed) } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: { account: ACCOUNT, region: 'eu-west-1', iam: { users }, ...changes },
    });
    return new Harness(aws, clock, directory);
  }

  async write(name: string, content: string): Promise<string> {
    await writeFile(join(this.directory, name), content);
    return join(this.directory, name);
  }

  async readEvidence(step: RunResult): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await readFile(step.outputs['evidence-file'] ?? '', 'utf8'));
  }

  async run({ inputs = {}, env = {}, signal, resolveNames }: RunOptions = {}): Promise<RunResult> {
    const host = createFakeHost({
      clock: this.clock,
      inputs: { 'aws-region': 'eu-west-1', 'public-feed-url': `${this.aws.url}/public/currentevents`, ...inputs },
      env: { AWS_ENDPOINT_URL: this.aws.url, RUNNER_TEMP: this.directory, GITHUB_ACTOR: 'octocat', ...env },
      ...(signal === undefined ? {} : { signal }),
    });
    const callsBefore = this.aws.calls().length;
    const credentials = { accessKeyId: 'AKIAGATE', secretAccessKey: 'gate-secret' };
    const action = createAction({
      overrideConfig: (configuration) => ({ ...configuration, endpoint: this.aws.url, credentials }),
      resolveName: resolveNames ?? (async () => ['health.us-east-1.amazonaws.com']),
    });
    await runAction(definition, action, host);
    const calls = this.aws.calls().slice(callsBefore);
    const { recorded } = host;
    return {
      recorded,
      calls,
      outputs: recorded.outputs,
      log: recorded.log.getOutput(),
      summary: recorded.summary(),
      operations: calls.map(({ operation }) => operation),
    };
  }

  async close(): Promise<void> {
    await this.aws.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Runs one step in a new harness. */
export const runOnce = async (options: HarnessOptions, runOptions: RunOptions = {}): Promise<RunResult> => {
  const harness = await Harness.open(options);
  try {
    return await harness.run(runOptions);
  } finally {
    await harness.close();
  }
};
