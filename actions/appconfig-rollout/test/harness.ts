import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { runAction, runPost } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig, ConfigOverride } from '@aws-delivery/aws/client-options';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { AppConfigClient, ListApplicationsCommand, ListEnvironmentsCommand } from '@aws-sdk/client-appconfig';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { handleCancelledRun } from '../src/post/cancelled-run.js';
import { createAppConfigFactory } from '../src/services.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = 1000;
export const MINUTE = 60 * SECOND;

type Group = keyof typeof definition.permissions;

const fillArn = (resource: string): string =>
  resource.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT);

/** The IAM policy of the action's definition. */
const buildPolicy = (groups: readonly Group[]) => ({
  rollout: {
    Version: '2012-10-17',
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        Resource: resources.map(fillArn),
      })),
    ),
  },
});

const ALL_GROUPS: readonly Group[] = [
  'always',
  'rollout',
  'resource creation',
  'external profiles',
  'probes',
  'cleanup',
];

export interface HarnessOptions extends ScenarioInput {
  /** Groups of the action's permissions that its credentials have; all by default. */
  readonly allowed?: readonly Group[];
}

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One entry of the output `deployments`. */
export interface DeploymentOutput {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly state: string;
  readonly reason?: string;
  readonly version?: string;
  readonly label?: string;
  readonly deployment?: number;
  readonly revertibleUntil?: string;
}

export interface RunResult {
  readonly recorded: FakeHost['recorded'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly deployments: readonly DeploymentOutput[];
  readonly log: string;
  readonly summary: string;
  readonly failures: readonly string[];
  readonly calls: readonly CallRecord[];
  /** Names of the operations that write, in order. */
  readonly writes: readonly string[];
}

/** Removes fields from every object of a JSON text. */
const removeFields = (json: Buffer, fields: readonly string[]): Buffer => {
  const value = JSON.parse(json.toString(), (key, each: unknown) => (fields.includes(key) ? undefined : each));
  return Buffer.from(JSON.stringify(value));
};

type Handler = AwsClientConfig['requestHandler'];

/** Kills a run at its nth call: before the request is sent, or after AWS has executed it but before the response. */
export interface KillPoint {
  readonly call: number;
  readonly when: 'before' | 'after';
}

export interface KilledRun {
  /** State saved for the post step. */
  readonly state: Readonly<Record<string, string>>;
  /** The operation at which it was killed. */
  readonly operation: string;
}

const waitForever = (): Promise<never> => new Promise(() => {});

/** From the kill point on sends no call of a run, and delivers no response. */
class KillSwitch {
  private calls = 0;
  private isOver = false;
  readonly ended: Promise<string>;
  private resolveEnded: (operation: string) => void = () => {};

  constructor(private readonly killPoint: KillPoint) {
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  async run<T>(operation: string, call: () => Promise<T>): Promise<T> {
    if (this.isOver) return waitForever();
    this.calls += 1;
    const isLast = this.calls === this.killPoint.call;
    if (isLast && this.killPoint.when === 'before') return this.kill(operation);
    const response = await call();
    if (isLast) return this.kill(operation);
    return this.isOver ? waitForever() : response;
  }

  private kill(operation: string): Promise<never> {
    this.isOver = true;
    this.resolveEnded(operation);
    return waitForever();
  }
}

/** Default tree: two tenants with two environments each, a profile of the template and one of their own. */
export const TREE: Readonly<Record<string, string>> = {
  'config/template/Limits.json': '{"rate": 10}',
  'config/tenants/acme/dev/Names.yaml': 'names: [a]\n',
  'config/tenants/acme/qa/Names.yaml': 'names: [a]\n',
  'config/tenants/globex/dev/Limits.json': '{"rate": 20}',
  'config/tenants/globex/qa/Names.yaml': 'names: [g]\n',
};

/** Local AWS and a workspace for runs of the action, which share a virtual clock. */
export class Harness {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly directory: string,
  ) {}

  private readonly callHooks: { readonly at: RegExp; readonly run: () => Promise<unknown> }[] = [];

  private readonly omissions: { readonly at: RegExp; readonly fields: readonly string[] }[] = [];

  /** Removes fields from the JSON of responses to requests that match `METHOD /path`, as an older API returns them. */
  omitFields(at: RegExp, fields: readonly string[]): void {
    this.omissions.push({ at, fields });
  }

  /** Calls a hook before each request of the action that matches `METHOD /path`. Returns a function that removes it. */
  onBeforeCall(at: RegExp, run: () => Promise<unknown>): () => void {
    const hook = { at, run };
    this.callHooks.push(hook);
    return () => void this.callHooks.splice(this.callHooks.indexOf(hook), 1);
  }

  static async open({ allowed = ALL_GROUPS, ...changes }: HarnessOptions = {}, files = TREE): Promise<Harness> {
    const clock = new VirtualClock({ start: NOW });
    const directory = await mkdtemp(join(tmpdir(), 'appconfig-rollout-'));
    const users = { rollout: { accessKeys: { AKIAROLLOUT: 'rollout-secret' }, policies: buildPolicy(allowed) } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: {
        account: ACCOUNT,
        region: REGION,
        iam: { users, accessKeys: { AKIAROOT: 'root-secret' } },
        ...changes,
      },
    });
    const harness = new Harness(aws, clock, directory);
    await harness.write(files);
    return harness;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.directory, name)), { recursive: true });
      await writeFile(join(this.directory, name), content);
    }
  }

  remove(path: string): Promise<void> {
    return rm(join(this.directory, path), { recursive: true });
  }

  async run({ inputs = {}, env = {}, signal }: RunOptions = {}): Promise<RunResult> {
    const host = this.createHost(inputs, env, signal);
    const callsBefore = this.aws.calls().length;
    await runAction(definition, createAction(this.overrideConfig), host);
    const calls = this.aws
      .calls()
      .slice(callsBefore)
      .filter(({ via }) => via === undefined);
    const { recorded } = host;
    return {
      recorded,
      calls,
      outputs: recorded.outputs,
      deployments: JSON.parse(recorded.outputs['deployments'] ?? '[]'),
      log: recorded.log.getOutput(),
      summary: recorded.summary(),
      failures: recorded.failures,
      writes: calls.filter(({ write }) => write).map(({ operation }) => operation),
    };
  }

  /** Runs the action up to a kill point; undefined if the run ends before. */
  async kill({ inputs = {}, env = {} }: RunOptions, killPoint: KillPoint): Promise<KilledRun | undefined> {
    const killSwitch = new KillSwitch(killPoint);
    const host = this.createHost(inputs, env);
    const overrideConfig: ConfigOverride = (configuration) => {
      const overridden = this.overrideConfig(configuration);
      const { requestHandler } = overridden;
      const handle: Handler['handle'] = (request, options) =>
        killSwitch.run(`${request.method} ${request.path}`, () => requestHandler.handle(request, options));
      return { ...overridden, requestHandler: Object.assign(Object.create(requestHandler), { handle }) };
    };
    const action = createAction(overrideConfig);
    // Without jitter the nth call is the same in every run.
    const deterministic: typeof action = {
      ...action,
      createServices: async (actionInputs, each) => ({
        ...(await action.createServices(actionInputs, each)),
        random: () => 0,
      }),
    };
    const runEnded = runAction(definition, deterministic, host).then(() => undefined);
    const operation = await Promise.race([killSwitch.ended, runEnded]);
    return operation === undefined ? undefined : { state: { ...host.recorded.state }, operation };
  }

  /** Runs the post step with saved state. Returns its log. */
  async post(state: Readonly<Record<string, string>>): Promise<string> {
    const host = createFakeHost({ clock: this.clock, state, env: this.buildEnv({}) });
    await runPost((each) => handleCancelledRun(each, createAppConfigFactory(each, this.overrideConfig)), host);
    return host.recorded.log.getOutput();
  }

  /** An AppConfig client of another owner, with root's keys. */
  get foreignClient(): AppConfigClient {
    return new AppConfigClient(this.rootClientOptions);
  }

  /** The ids of an environment by its names. */
  async findEnvironment(tenant: string, environment: string) {
    const { Items: applications = [] } = await this.foreignClient.send(new ListApplicationsCommand({}));
    const ApplicationId = applications.find(({ Name }) => Name === tenant)?.Id ?? '';
    const { Items = [] } = await this.foreignClient.send(new ListEnvironmentsCommand({ ApplicationId }));
    return { ApplicationId, EnvironmentId: Items.find(({ Name }) => Name === environment)?.Id ?? '' };
  }

  /** The content that clients of the data plane receive. */
  async readServed(tenant: string, environment: string, profile: string): Promise<string> {
    const client = new AppConfigDataClient(this.rootClientOptions);
    const { InitialConfigurationToken } = await client.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier: tenant,
        EnvironmentIdentifier: environment,
        ConfigurationProfileIdentifier: profile,
      }),
    );
    const { Configuration } = await client.send(
      new GetLatestConfigurationCommand({ ConfigurationToken: InitialConfigurationToken }),
    );
    return Buffer.from(Configuration ?? []).toString();
  }

  async close(): Promise<void> {
    await this.aws.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  private createHost(inputs: RunOptions['inputs'], env: Readonly<Record<string, string>>, signal?: AbortSignal) {
    return createFakeHost({
      clock: this.clock,
      inputs: { 'aws-region': REGION, tree: 'config', ...inputs },
      env: this.buildEnv(env),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Options of a client with all permissions. */
  get rootClientOptions() {
    const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };
    return { endpoint: this.aws.url, region: REGION, credentials, maxAttempts: 1 };
  }

  private buildEnv(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.aws.url,
      GITHUB_WORKSPACE: this.directory,
      GITHUB_REPOSITORY: 'octocat/my-repo',
      GITHUB_RUN_ID: '100',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_ACTION: 'rollout',
      GITHUB_JOB: 'release',
      ...changes,
    };
  }

  /** Pauses the clock during calls, since server and action share it. */
  private readonly overrideConfig = (configuration: AwsClientConfig): AwsClientConfig => {
    const credentials = { accessKeyId: 'AKIAROLLOUT', secretAccessKey: 'rollout-secret' };
    const own = { endpoint: this.aws.url, credentials, requestHandler: this.wrapHandler(configuration.requestHandler) };
    return { ...configuration, ...own };
  };

  private wrapHandler(handler: Handler): Handler {
    const handle: Handler['handle'] = (request, options) =>
      this.clock.pauseWhile(async () => {
        for (const { at, run } of this.callHooks) if (at.test(`${request.method} ${request.path}`)) await run();
        const { response } = await handler.handle(request, options).catch((error: unknown) => {
          // Socket errors come from another realm than jest's: the SDK does not recognise them as errors.
          const { name, code } = Object(error);
          throw Object.assign(new Error(errorMessage(error)), { name, code });
        });
        const chunks: Buffer[] = [];
        for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
        const omitted = this.omissions
          .filter(({ at }) => at.test(`${request.method} ${request.path}`))
          .flatMap(({ fields }) => fields);
        response.body = Readable.from(omitted.length === 0 ? chunks : [removeFields(Buffer.concat(chunks), omitted)]);
        return { response };
      });
    return Object.assign(Object.create(handler), { handle });
  }
}

/** Runs a scenario on a new harness and closes it. */
export const withHarness = async (
  scenario: (harness: Harness) => Promise<void>,
  options: HarnessOptions = {},
  files: Readonly<Record<string, string>> = TREE,
): Promise<void> => {
  const harness = await Harness.open(options, files);
  try {
    await scenario(harness);
  } finally {
    await harness.close();
  }
};
