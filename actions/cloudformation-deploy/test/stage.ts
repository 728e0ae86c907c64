import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { PatientRetry } from '@aws-delivery/action-kit/aws-retry';
import { runAction, runPost } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { definition } from '../action.js';
import { cleanUpAfter } from '../src/clean-up.js';
import { cloudformationDeploy } from '../src/cloudformation-deploy.js';
import { connectTo, type Tuning } from '../src/services.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** Resources that do what their `Mode` says: a template tells how its story goes. */
export const scenario: ScenarioInput = {
  account: ACCOUNT,
  region: REGION,
  iam: { accessKeys: { AKIAROOT: 'root-secret' } },
  cloudformation: {
    durations: { create: '4s', update: '4s', delete: '2s', changeSet: '1s' },
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

/** A template of resources by logical id with their modes; a resource with `After` waits for another. */
export const things = (modes: Readonly<Record<string, string | { readonly Mode: string; readonly After: string }>>) =>
  JSON.stringify(
    {
      Resources: Object.fromEntries(
        Object.entries(modes).map(([id, mode]) => {
          const { Mode, After } = typeof mode === 'string' ? { Mode: mode, After: undefined } : mode;
          return [
            id,
            { Type: 'Test::Thing', Properties: { Mode }, ...(After === undefined ? {} : { DependsOn: After }) },
          ];
        }),
      ),
      Outputs: Object.fromEntries(Object.keys(modes).map((id) => [`${id}Name`, { Value: { Ref: id } }])),
    },
    null,
    2,
  );

/** What one run of the action did. */
export interface Run {
  readonly outputs: Readonly<Record<string, string>>;
  /** Why the step failed; undefined when it passed. */
  readonly failure: string | undefined;
  readonly log: string;
  readonly summary: string;
  readonly host: MemoryHost;
  /** States saved for the post step, in their order. */
  readonly saved: readonly string[];
  /** Calls of this run in their order. */
  readonly calls: readonly CallRecord[];
  /** Names of the operations that write, in their order. */
  readonly writes: readonly string[];
  /** Virtual milliseconds it took. */
  readonly took: number;
}

export interface RunOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Chance, where a run has to be the same each time; from 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** Stands around every call to AWS. */
  readonly around?: <T>(send: () => Promise<T>) => Promise<T>;
  /** From when on nothing is kept for the post step, as if the process were gone. */
  readonly isGone?: () => boolean;
}

/** A job on GitHub, an AWS to deploy to, and one clock for both. */
export class Stage {
  readonly workspace = mkdtempSync(join(tmpdir(), 'cloudformation-deploy-'));
  private run = 100;

  private constructor(
    readonly clock: VirtualClock,
    readonly aws: LocalAws,
    /** What points a job at local AWS. */
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @param start when it is, in milliseconds since the epoch */
  static async open(given: ScenarioInput = scenario, start = Date.UTC(2026, 0, 1)): Promise<Stage> {
    const clock = new VirtualClock({ start });
    const shared = { now: () => clock.now(), wall: () => Date.now(), advance: () => undefined };
    const aws = await startLocalAws({ scenario: given, clock: shared });
    const environment = aws.environment({ keys: true });
    Object.assign(process.env, environment);
    return new Stage(clock, aws, environment);
  }

  async close(): Promise<void> {
    await this.aws.close();
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.workspace, name), text);
    return name;
  }

  /** Time stands still while a call is under way, as it must where client and server share a clock. */
  readonly tune: Tuning = (configuration) => this.tuneBy(configuration, {});

  private tuneBy(configuration: AwsConfiguration, { random, signal, around }: RunOptions): AwsConfiguration {
    const { requestHandler, maxAttempts } = configuration;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = (...args) => {
      const send = () => this.clock.hold(() => handle(...args));
      return around === undefined ? send() : around(send);
    };
    if (random === undefined) return configuration;
    return { ...configuration, retryStrategy: new PatientRetry({ clock: this.clock, maxAttempts, signal, random }) };
  }

  host(inputs: Readonly<Record<string, string>>, { variables = {}, signal }: RunOptions = {}): MemoryHost {
    this.run += 1;
    const github = {
      GITHUB_RUN_ID: String(this.run),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_REPOSITORY: 'octocat/shop',
      GITHUB_JOB: 'deploy',
      GITHUB_ACTION: 'stack',
      GITHUB_WORKSPACE: this.workspace,
    };
    const environment = { ...this.environment, ...github, ...variables };
    const { clock } = this;
    return createMemoryHost({ clock, inputs, variables: environment, ...(signal === undefined ? {} : { signal }) });
  }

  /** Runs the action on the stack `shop`. */
  async deploy(inputs: Readonly<Record<string, string>>, options: RunOptions = {}): Promise<Run> {
    const host = this.host({ name: 'shop', ...inputs }, options);
    const saved: string[] = [];
    const saveState = (state: string, value: string): void => {
      if (options.isGone?.()) return;
      saved.push(value);
      host.saveState(state, value);
    };
    const { random } = options;
    const action = cloudformationDeploy((configuration) => this.tuneBy(configuration, options));
    const services: typeof action.services = async (given, at) => {
      const made = await action.services(given, at);
      return random === undefined ? made : { ...made, random };
    };
    const run = () => runAction(definition, { ...action, services }, { ...host, saveState });
    return { ...(await this.watch(host, run)), saved };
  }

  /** Runs the post step with the state that a main step has left. */
  async post(state: Readonly<Record<string, string>>): Promise<Omit<Run, 'saved'>> {
    const host = createMemoryHost({ clock: this.clock, state, variables: this.environment });
    return this.watch(host, () => runPost((at) => cleanUpAfter(at, connectTo(at, this.tune)), host));
  }

  /** Lets time pass. */
  async wait(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
  }

  private async watch(host: MemoryHost, work: () => Promise<void>): Promise<Omit<Run, 'saved'>> {
    const [before, start] = [this.aws.calls().length, this.clock.now()];
    await work();
    const calls = this.aws.calls().slice(before);
    const { memory } = host;
    return {
      host,
      calls,
      outputs: memory.outputs,
      failure: memory.failures[0],
      log: memory.log.text(),
      summary: memory.summary(),
      writes: calls
        .filter(({ write, verdict, via }) => write && verdict === 'allowed' && via === undefined)
        .map(({ operation }) => operation),
      took: this.clock.now() - start,
    };
  }
}
