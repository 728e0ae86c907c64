import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { textOf } from '@aws-delivery/action-kit/error';
import { runAction, runPost } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { definition } from '../../action.js';
import { appconfigRollout } from '../../src/appconfig-rollout.js';
import { cleanUpAfter } from '../../src/clean-up.js';
import { connectTo, type Tuning } from '../../src/services.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const NOW = Date.UTC(2026, 10, 20, 12);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

type Group = keyof typeof definition.permissions;

const fill = (resource: string): string =>
  resource.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT);

/** The policy that the action's own definition asks for. */
const policyOf = (groups: readonly Group[]) => ({
  rollout: {
    Version: '2012-10-17',
    Statement: groups.flatMap((group) =>
      definition.permissions[group].map(({ actions, resources }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        Resource: resources.map(fill),
      })),
    ),
  },
});

const ALL: readonly Group[] = [
  'always',
  'rollout',
  'creation of what is missing',
  'profiles that live elsewhere',
  'probes',
  'cleanup',
];

export interface StageOptions extends ScenarioInput {
  /** Groups of the action's permissions that its credentials have; all by default. */
  readonly allowed?: readonly Group[];
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One entry of the output `deployments`. */
export interface Deployed {
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

export interface Step {
  readonly memory: MemoryHost['memory'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly deployments: readonly Deployed[];
  readonly log: string;
  readonly summary: string;
  readonly failures: readonly string[];
  readonly calls: readonly CallRecord[];
  /** Names of the operations that write, in order. */
  readonly writes: readonly string[];
}

type Handler = AwsConfiguration['requestHandler'];

/** A moment at which a run is killed: at its nth call, before it leaves or once AWS has done it and nobody has heard. */
export interface Moment {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What is left of a run that was killed. */
export interface Remains {
  /** What it had saved for its post step. */
  readonly state: Readonly<Record<string, string>>;
  /** The operation at which it was killed. */
  readonly operation: string;
}

/** Nothing that was killed comes back. */
const never = (): Promise<never> => new Promise(() => {});

/** Lets a run live until a moment; from then on none of its calls leaves, and none is answered. */
class Life {
  private calls = 0;
  private isOver = false;
  readonly ended: Promise<string>;
  private end: (operation: string) => void = () => {};

  constructor(private readonly moment: Moment) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async live<T>(operation: string, call: () => Promise<T>): Promise<T> {
    if (this.isOver) return never();
    this.calls += 1;
    const isLast = this.calls === this.moment.call;
    if (isLast && this.moment.when === 'before') return this.die(operation);
    const answer = await call();
    if (isLast) return this.die(operation);
    return this.isOver ? never() : answer;
  }

  private die(operation: string): Promise<never> {
    this.isOver = true;
    this.end(operation);
    return never();
  }
}

/** The tree of most stories: two tenants with two environments each, one profile by template and one of their own. */
export const TREE: Readonly<Record<string, string>> = {
  'config/template/Limits.json': '{"rate": 10}',
  'config/tenants/acme/dev/Names.yaml': 'names: [a]\n',
  'config/tenants/acme/qa/Names.yaml': 'names: [a]\n',
  'config/tenants/globex/dev/Limits.json': '{"rate": 20}',
  'config/tenants/globex/qa/Names.yaml': 'names: [g]\n',
};

/** Local AWS on a clock that it shares with the action, a workspace, and steps of a job on it. */
export class Stage {
  private constructor(
    readonly aws: LocalAws,
    readonly clock: VirtualClock,
    readonly folder: string,
  ) {}

  private readonly errands: { readonly at: RegExp; readonly run: () => Promise<unknown> }[] = [];

  /** Does something each time right before a call of the action leaves, whose method and path fit; until it is undone. */
  meanwhile(at: RegExp, run: () => Promise<unknown>): () => void {
    const errand = { at, run };
    this.errands.push(errand);
    return () => void this.errands.splice(this.errands.indexOf(errand), 1);
  }

  static async open({ allowed = ALL, ...changes }: StageOptions = {}, files = TREE): Promise<Stage> {
    const clock = new VirtualClock({ start: NOW });
    const folder = await mkdtemp(join(tmpdir(), 'appconfig-rollout-'));
    const users = { rollout: { accessKeys: { AKIAROLLOUT: 'rollout-secret' }, policies: policyOf(allowed) } };
    const aws = await startLocalAws({
      clock: { now: () => clock.now(), wall: () => Date.now(), advance: (ms) => void clock.advance(ms) },
      scenario: {
        account: ACCOUNT,
        region: REGION,
        iam: { users, accessKeys: { AKIAROOT: 'root-secret' } },
        ...changes,
      },
    });
    const stage = new Stage(aws, clock, folder);
    await stage.write(files);
    return stage;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, name)), { recursive: true });
      await writeFile(join(this.folder, name), text);
    }
  }

  remove(path: string): Promise<void> {
    return rm(join(this.folder, path), { recursive: true });
  }

  async run({ inputs = {}, variables = {}, signal }: StepOptions = {}): Promise<Step> {
    const host = this.host(inputs, variables, signal);
    const from = this.aws.calls().length;
    await runAction(definition, appconfigRollout(this.tune), host);
    const calls = this.aws
      .calls()
      .slice(from)
      .filter(({ via }) => via === undefined);
    const { memory } = host;
    return {
      memory,
      calls,
      outputs: memory.outputs,
      deployments: JSON.parse(memory.outputs['deployments'] ?? '[]'),
      log: memory.log.text(),
      summary: memory.summary(),
      failures: memory.failures,
      writes: calls.filter(({ write }) => write).map(({ operation }) => operation),
    };
  }

  /** Kills a run at a moment; what is left of it, or nothing where it came to its end before. */
  async kill({ inputs = {}, variables = {} }: StepOptions, moment: Moment): Promise<Remains | undefined> {
    const life = new Life(moment);
    const host = this.host(inputs, variables);
    const tune: Tuning = (configuration) => {
      const tuned = this.tune(configuration);
      const { requestHandler } = tuned;
      const handle: Handler['handle'] = (request, options) =>
        life.live(`${request.method} ${request.path}`, () => requestHandler.handle(request, options));
      return { ...tuned, requestHandler: Object.assign(Object.create(requestHandler), { handle }) };
    };
    const usual = appconfigRollout(tune);
    // Without chance the nth call of one run is the nth of the next.
    const steady: typeof usual = {
      ...usual,
      services: async (given, each) => ({ ...(await usual.services(given, each)), random: () => 0 }),
    };
    const ended = runAction(definition, steady, host).then(() => undefined);
    const operation = await Promise.race([life.ended, ended]);
    return operation === undefined ? undefined : { state: { ...host.memory.state }, operation };
  }

  /** The post step of a run that left this state behind; what it said. */
  async post(state: Readonly<Record<string, string>>): Promise<string> {
    const host = createMemoryHost({ clock: this.clock, state, variables: this.variables({}) });
    await runPost((each) => cleanUpAfter(each, connectTo(each, this.tune)), host);
    return host.memory.log.text();
  }

  /** AppConfig for somebody else, with root's keys. */
  get other(): AppConfigClient {
    return new AppConfigClient(this.rootSettings);
  }

  /** What a client of the data plane gets. */
  async served(tenant: string, environment: string, profile: string): Promise<string> {
    const client = new AppConfigDataClient(this.rootSettings);
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
    await rm(this.folder, { recursive: true, force: true });
  }

  private host(inputs: StepOptions['inputs'], variables: Readonly<Record<string, string>>, signal?: AbortSignal) {
    return createMemoryHost({
      clock: this.clock,
      inputs: { 'aws-region': REGION, tree: 'config', ...inputs },
      variables: this.variables(variables),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Settings of a client that may do everything. */
  get rootSettings() {
    const credentials = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };
    return { endpoint: this.aws.url, region: REGION, credentials, maxAttempts: 1 };
  }

  private variables(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.aws.url,
      GITHUB_WORKSPACE: this.folder,
      GITHUB_REPOSITORY: 'octocat/my-repo',
      GITHUB_RUN_ID: '100',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_ACTION: 'rollout',
      GITHUB_JOB: 'release',
      ...changes,
    };
  }

  /** Time stands still while a call is under way: server and action share it. */
  private readonly tune = (configuration: AwsConfiguration): AwsConfiguration => {
    const credentials = { accessKeyId: 'AKIAROLLOUT', secretAccessKey: 'rollout-secret' };
    const own = { endpoint: this.aws.url, credentials, requestHandler: this.held(configuration.requestHandler) };
    return { ...configuration, ...own };
  };

  private held(handler: Handler): Handler {
    const handle: Handler['handle'] = (request, options) =>
      this.clock.hold(async () => {
        for (const { at, run } of this.errands) if (at.test(`${request.method} ${request.path}`)) await run();
        const { response } = await handler.handle(request, options).catch((error: unknown) => {
          // Errors of sockets are of Node's realm, not of the tests': the SDK takes them for no errors at all.
          const { name, code } = Object(error);
          throw Object.assign(new Error(textOf(error)), { name, code });
        });
        const chunks: Buffer[] = [];
        for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
        response.body = Readable.from(chunks);
        return { response };
      });
    return Object.assign(Object.create(handler), { handle });
  }
}

/** A stage for one story, closed whatever comes of it. */
export const onStage = async (
  story: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
  files: Readonly<Record<string, string>> = TREE,
): Promise<void> => {
  const stage = await Stage.open(options, files);
  try {
    await story(stage);
  } finally {
    await stage.close();
  }
};
