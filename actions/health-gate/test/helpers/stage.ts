import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition } from '../../action.js';
import { healthGate } from '../../src/health-gate.js';
import { NOW } from './event.js';

export const ACCOUNT = '123456789012';

type Group = keyof typeof definition.permissions;

/** The policy that the action's own definition asks for. */
const policyOf = (groups: readonly Group[]) => ({
  gate: {
    Version: '2012-10-17',
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        // A policy's author puts in Region and account where the table has placeholders.
        Resource: resources.map((resource) =>
          resource.replace('${Partition}', 'aws').replace('${Region}', 'eu-west-1').replace('${Account}', ACCOUNT),
        ),
      })),
    ),
  },
});

const ALL: readonly Group[] = ['always', 'details', 'organization', 'stack', 'calendars', 'alarms'];

export interface StageOptions extends ScenarioInput {
  /** Groups of the action's permissions that its credentials have; all by default. */
  readonly allowed?: readonly Group[];
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What DNS answers for the global name. */
  readonly names?: () => Promise<readonly string[]>;
}

export interface Step {
  readonly memory: MemoryHost['memory'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
  readonly summary: string;
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
}

/** Local AWS on a clock that it shares with the action, and steps of a job on it. */
export class Stage {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly folder: string,
  ) {}

  static async open({ allowed = ALL, ...changes }: StageOptions = {}): Promise<Stage> {
    const clock = new VirtualClock({ start: NOW });
    const folder = await mkdtemp(join(tmpdir(), 'health-gate-'));
    const users = { gate: { accessKeys: { AKIAGATE: 'gate-secret' }, policies: policyOf(allowed) } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: { account: ACCOUNT, region: 'eu-west-1', iam: { users }, ...changes },
    });
    return new Stage(aws, clock, folder);
  }

  async write(name: string, text: string): Promise<string> {
    await writeFile(join(this.folder, name), text);
    return join(this.folder, name);
  }

  async evidence(step: Step): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await readFile(step.outputs['evidence-file'] ?? '', 'utf8'));
  }

  async run({ inputs = {}, variables = {}, signal, names }: StepOptions = {}): Promise<Step> {
    const host = createMemoryHost({
      clock: this.clock,
      inputs: { 'aws-region': 'eu-west-1', 'public-feed-url': `${this.aws.url}/public/currentevents`, ...inputs },
      variables: { AWS_ENDPOINT_URL: this.aws.url, RUNNER_TEMP: this.folder, GITHUB_ACTOR: 'octocat', ...variables },
      ...(signal === undefined ? {} : { signal }),
    });
    const from = this.aws.calls().length;
    const credentials = { accessKeyId: 'AKIAGATE', secretAccessKey: 'gate-secret' };
    const action = healthGate({
      configuration: (configuration) => ({ ...configuration, endpoint: this.aws.url, credentials }),
      resolveName: names ?? (async () => ['health.us-east-1.amazonaws.com']),
    });
    await runAction(definition, action, host);
    const calls = this.aws.calls().slice(from);
    const { memory } = host;
    return {
      memory,
      calls,
      outputs: memory.outputs,
      log: memory.log.text(),
      summary: memory.summary(),
      operations: calls.map(({ operation }) => operation),
    };
  }

  async close(): Promise<void> {
    await this.aws.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs one step on a stage of its own. */
export const runOnce = async (stage: StageOptions, step: StepOptions = {}): Promise<Step> => {
  const opened = await Stage.open(stage);
  try {
    return await opened.run(step);
  } finally {
    await opened.close();
  }
};
