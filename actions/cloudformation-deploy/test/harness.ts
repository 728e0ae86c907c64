import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction, runPost } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { AwsClientConfig, ConfigOverride } from '@aws-delivery/aws/client-options';
import { SdkRetryStrategy } from '@aws-delivery/aws/retry-strategy';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { runPostCleanup } from '../src/post/cleanup.js';
import { createClientFactory } from '../src/services.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** A scenario with a resource type whose `Mode` property decides how its operations end. */
export const scenario: ScenarioInput = {
  account: ACCOUNT,
  region: REGION,
  iam: { accessKeys: { AKIAROOT: 'root-secret' } },
  cloudformation: {
    stackSets: {
      organizationalUnits: {
        'ou-abcd-11111111': ['111111111111', '222222222222'],
        'ou-abcd-22222222': ['333333333333'],
      },
    },
    durations: { create: '4s', update: '4s', delete: '2s', changeSet: '1s' },
    types: { 'Test::*': {} },
    rules: [
      {
        on: { property: { path: 'Mode', equals: 'bad' }, operation: 'create' },
        fail: { reason: 'Mode bad is not good (HandlerErrorCode: InvalidRequest)', after: '2s' },
      },
      {
        on: { property: { path: 'Mode', equals: 'bad' }, operation: 'update' },
        fail: { reason: 'Mode bad is not good (HandlerErrorCode: InvalidRequest)', after: '2s' },
      },
      {
        on: { property: { path: 'Mode', equals: 'flaky' }, operation: 'create', attempts: [1, 2] },
        fail: { reason: 'Rate exceeded (HandlerErrorCode: Throttling)', after: '2s' },
      },
      {
        on: { property: { path: 'Mode', equals: 'stuck' }, operation: 'rollback', attempts: [1] },
        fail: { reason: 'cannot go back', after: 'end' },
      },
      {
        on: { property: { path: 'Mode', equals: 'sticky' }, operation: 'delete', attempts: [1] },
        fail: { reason: 'still in use', after: 'end' },
      },
    ],
  },
};

/** Renders a template of resources by logical id with their modes; `After` is the resource that one depends on. */
export const renderThings = (
  modeById: Readonly<Record<string, string | { readonly Mode: string; readonly After: string }>>,
) =>
  JSON.stringify(
    {
      Resources: Object.fromEntries(
        Object.entries(modeById).map(([id, mode]) => {
          const { Mode, After } = typeof mode === 'string' ? { Mode: mode, After: undefined } : mode;
          return [
            id,
            { Type: 'Test::Thing', Properties: { Mode }, ...(After === undefined ? {} : { DependsOn: After }) },
          ];
        }),
      ),
      Outputs: Object.fromEntries(Object.keys(modeById).map((id) => [`${id}Name`, { Value: { Ref: id } }])),
    },
    null,
    2,
  );

export type Faults = Parameters<LocalAws['setFaults']>[0];

/** Result of one run of the action. */
export interface RunResult {
  readonly outputs: Readonly<Record<string, string>>;
  /** Why the step failed; undefined when it passed. */
  readonly failure: string | undefined;
  readonly log: string;
  readonly summary: string;
  readonly host: FakeHost;
  /** States saved for the post step, in order. */
  readonly savedStates: readonly string[];
  /** Calls of this run, in order. */
  readonly calls: readonly CallRecord[];
  /** Names of the write operations, in order. */
  readonly writes: readonly string[];
  /** Duration in virtual milliseconds. */
  readonly durationMs: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Replaces the random source for deterministic runs; from 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** Wraps every call to AWS. */
  readonly wrapCall?: <T>(send: () => Promise<T>) => Promise<T>;
  /** True from when the process counts as killed: no state is saved for the post step any more. */
  readonly isProcessGone?: () => boolean;
}

/** A GitHub job and local AWS with a shared virtual clock. */
export class TestHarness {
  readonly workspace = mkdtempSync(join(tmpdir(), 'cloudformation-deploy-'));
  private runNumber = 100;

  private constructor(
    readonly clock: VirtualClock,
    readonly aws: LocalAws,
    /** Environment variables that point a job at local AWS. */
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @param start time of the clock, in milliseconds since the epoch */
  static async open(scenarioInput: ScenarioInput = scenario, start = Date.UTC(2026, 0, 1)): Promise<TestHarness> {
    const clock = new VirtualClock({ start });
    const sharedClock = { now: () => clock.now(), wall: () => Date.now(), advance: () => undefined };
    const types = { 'Test::*': {}, ...scenarioInput.cloudformation?.types };
    const cloudformation = { ...scenarioInput.cloudformation, types };
    const aws = await startLocalAws({ scenario: { ...scenarioInput, cloudformation }, clock: sharedClock });
    const environment = aws.createEnv({ keys: true });
    Object.assign(process.env, environment);
    return new TestHarness(clock, aws, environment);
  }

  async close(): Promise<void> {
    await this.aws.close();
  }

  write(name: string, content: string): string {
    writeFileSync(join(this.workspace, name), content);
    return name;
  }

  /** Writes a template of Test::Thing resources and returns its path. */
  writeTemplate(modes: Parameters<typeof renderThings>[0]): string {
    return this.write('template.json', renderThings(modes));
  }

  /** Runs a task while local AWS injects faults. */
  async withFaults<T>(faults: Faults, task: () => Promise<T>): Promise<T> {
    this.aws.setFaults(faults);
    try {
      return await task();
    } finally {
      this.aws.setFaults([]);
    }
  }

  /** Pauses the clock during calls, since client and server share it. */
  readonly overrideConfig: ConfigOverride = (configuration) => this.overrideConfigWith(configuration, {});

  private overrideConfigWith(
    configuration: AwsClientConfig,
    { random, signal, wrapCall }: RunOptions,
  ): AwsClientConfig {
    const { requestHandler, maxAttempts } = configuration;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = (...args) => {
      const send = () => this.clock.pauseWhile(() => handle(...args));
      return wrapCall === undefined ? send() : wrapCall(send);
    };
    if (random === undefined) return configuration;
    return {
      ...configuration,
      retryStrategy: new SdkRetryStrategy({ clock: this.clock, maxAttempts, signal, random }),
    };
  }

  createHost(inputs: Readonly<Record<string, string>>, { env = {}, signal }: RunOptions = {}): FakeHost {
    this.runNumber += 1;
    const github = {
      GITHUB_RUN_ID: String(this.runNumber),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_REPOSITORY: 'octocat/shop',
      GITHUB_JOB: 'deploy',
      GITHUB_ACTION: 'stack',
      GITHUB_WORKSPACE: this.workspace,
    };
    const environment = { ...this.environment, ...github, ...env };
    const { clock } = this;
    return createFakeHost({ clock, inputs, env: environment, ...(signal === undefined ? {} : { signal }) });
  }

  /** Runs the action on the stack `shop`. */
  async deploy(inputs: Readonly<Record<string, string>>, options: RunOptions = {}): Promise<RunResult> {
    const host = this.createHost({ name: 'shop', ...inputs }, options);
    const savedStates: string[] = [];
    const saveState = (state: string, value: string): void => {
      if (options.isProcessGone?.()) return;
      savedStates.push(value);
      host.saveState(state, value);
    };
    const { random } = options;
    const action = createAction((configuration) => this.overrideConfigWith(configuration, options));
    const createServices: typeof action.createServices = async (inputs, actionHost) => {
      const created = await action.createServices(inputs, actionHost);
      return random === undefined ? created : { ...created, random };
    };
    const run = () => runAction(definition, { ...action, createServices }, { ...host, saveState });
    return { ...(await this.recordRun(host, run)), savedStates };
  }

  /** Runs the post step with the state that a main step saved. */
  async post(state: Readonly<Record<string, string>>): Promise<Omit<RunResult, 'savedStates'>> {
    const host = createFakeHost({ clock: this.clock, state, env: this.environment });
    return this.recordRun(host, () =>
      runPost((postHost) => runPostCleanup(postHost, createClientFactory(postHost, this.overrideConfig)), host),
    );
  }

  /** Advances the clock. */
  async wait(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
  }

  private async recordRun(host: FakeHost, task: () => Promise<void>): Promise<Omit<RunResult, 'savedStates'>> {
    const [before, start] = [this.aws.calls().length, this.clock.now()];
    await task();
    const calls = this.aws.calls().slice(before);
    const { recorded } = host;
    return {
      host,
      calls,
      outputs: recorded.outputs,
      failure: recorded.failures[0],
      log: recorded.log.getOutput(),
      summary: recorded.summary(),
      writes: calls
        .filter(({ write, verdict, via }) => write && verdict === 'allowed' && via === undefined)
        .map(({ operation }) => operation),
      durationMs: this.clock.now() - start,
    };
  }
}
