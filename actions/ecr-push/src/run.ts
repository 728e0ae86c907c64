import { withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import type { Inputs } from '../action.js';
import type { Builder } from './build/builder.js';
import { type BuildPlan, listPushSpecs, planBuilds } from './build/plan-builds.js';
import type { EngineImage, EngineOptions } from './engine/engine.js';
import { type PushSpec, parseRequest, type Request } from './inputs/parse-request.js';
import { renewLoginFiles, writeLoginDirectory, writeLoginFiles } from './login/login-directory.js';
import type { Registry } from './login/registry.js';
import type { Login } from './login/registry-login.js';
import { pullImage, selectRegistry } from './pull/pull-image.js';
import type { PullSpec } from './pull/pull-spec.js';
import { type RepositorySettings, readRepositorySettings } from './push/ensure-repository.js';
import type { SourceOpener } from './push/open-source.js';
import { checkImage } from './push/push-image.js';
import type { Outcome, PushResult } from './push/push-result.js';
import { pushWithReferrers } from './referrers/push-with-referrers.js';
import { ProgressLogger } from './report/progress.js';
import type { Result } from './result.js';
import type { Services } from './services.js';

type PushRequest = Extract<Request, { readonly kind: 'push' | 'check' }>;

/** How long the log may be quiet, in milliseconds. */
const HEARTBEAT_INTERVAL_MS = 10_000;

/** Delivering, under way. */
interface RunContext {
  readonly request: PushRequest;
  readonly services: Services;
  readonly registries: readonly Registry[];
  readonly sourceOpener: SourceOpener;
  readonly settings: RepositorySettings;
  readonly progress: ProgressLogger;
}

const formatImageName = (
  { repository, tags }: PushSpec,
  { login }: Registry,
  registries: readonly Registry[],
): string => (registries.length === 1 ? `${repository}:${tags[0]}` : `${login.host}/${repository}:${tags[0]}`);

/** Does something with an image, and closes it whatever happens. */
const withSource = async <T>(
  { source: location }: PushSpec,
  sourceOpener: SourceOpener,
  use: (source: ImageSource | EngineImage | undefined) => Promise<T>,
): Promise<T> => {
  if (location === undefined) return use(undefined);
  const source = await sourceOpener.open(location);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
};

const pushOrCheckImage = (spec: PushSpec, registry: Registry, name: string, context: RunContext): Promise<Outcome> => {
  const { request, services, sourceOpener, settings, progress } = context;
  const { log } = services.host;
  return withSource(spec, sourceOpener, (source) => {
    if (request.kind === 'check' || source === undefined) return checkImage(registry, spec, source);
    const { onExistingTag } = request;
    const observer = progress.createObserver(name);
    const { workspace } = services;
    return pushWithReferrers({ spec, registry, onExistingTag, settings, source, log, observer, name, workspace });
  });
};

interface PushContext extends Pick<RunContext, 'services' | 'progress'> {
  readonly spec: PushSpec;
  readonly registry: Registry;
  readonly name: string;
}

/** What goes wrong with one image is its own result: the others go on. */
const recordResult = async (pending: Promise<Outcome>, context: PushContext): Promise<PushResult> => {
  const { spec, registry, name, progress, services } = context;
  const { host, deadline } = services;
  const start = host.clock.now();
  const outcome = await pending.catch((error: unknown): Outcome => {
    return { kind: 'failed', error: deadline.signal.aborted ? deadline.signal.reason : error };
  });
  const push = { spec, login: registry.login, outcome, durationMs: host.clock.now() - start };
  progress.logResult(name, push);
  return push;
};

const pushOne = (spec: PushSpec, registry: Registry, context: RunContext): Promise<PushResult> => {
  const name = formatImageName(spec, registry, context.registries);
  return recordResult(pushOrCheckImage(spec, registry, name, context), { ...context, spec, registry, name });
};

/** Engines log in by a folder of their own, which is gone with this step. */
const createEngineOptions = async (registries: readonly Registry[], services: Services): Promise<EngineOptions> => {
  const { host, tempDir, execute, deadline } = services;
  const withEndpointHost = (login: Login, { client }: Registry): Login => ({ ...login, host: client.origin.host });
  const current = registries.map((registry) => withEndpointHost(registry.login, registry));
  const logins = await writeLoginFiles(await tempDir.getPath(), host, current);
  let renewal: Promise<void> | undefined;
  const renewLogins = async (): Promise<void> => {
    const fresh = await Promise.all(
      registries.map(async (registry) => withEndpointHost(await registry.renew(), registry)),
    );
    await renewLoginFiles(logins, host, fresh);
  };
  // Many pushes are turned down at once: one of them renews for all.
  const renew = (): Promise<void> => {
    renewal ??= renewLogins().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  return { execute, env: host.env, logins, signal: deadline.signal, renew };
};

/** Everything that goes, and what goes before the rest of it. */
interface PushPlan extends Pick<BuildPlan, 'first' | 'others'> {
  readonly engines: EngineOptions | undefined;
  readonly builder: Builder | undefined;
}

const planPush = async (
  request: PushRequest,
  registries: readonly Registry[],
  services: Services,
): Promise<PushPlan> => {
  const { pushSource, engine } = request;
  const emptyPlan = { first: [], engines: undefined, builder: undefined };
  if (pushSource.kind === 'images') {
    const needsEngine = pushSource.specs.some(({ source }) => source?.kind === 'engine');
    return {
      ...emptyPlan,
      others: pushSource.specs,
      ...(needsEngine ? { engines: await createEngineOptions(registries, services) } : {}),
    };
  }
  if (request.kind === 'check') return { ...emptyPlan, others: await listPushSpecs(pushSource.build, services) };
  const engines = await createEngineOptions(registries, services);
  return { engines, ...(await planBuilds(pushSource.build, { engine, engines }, services)) };
};

/** What would begin from an image that is not there is not tried. */
const createSkippedResult = (spec: PushSpec, { login }: Registry, failed: PushSpec): PushResult => {
  const message = `not built, since '${failed.source?.label}' comes first and failed`;
  return { spec, login, durationMs: 0, outcome: { kind: 'failed', error: new DeliveryError('missing', message) } };
};

const pushInOrder = async ({ first, others }: PushPlan, context: RunContext): Promise<readonly PushResult[]> => {
  const { registries, request } = context;
  const listPairs = (specs: readonly PushSpec[]) =>
    specs.flatMap((spec) => registries.map((registry) => ({ spec, registry })));
  const pushSpecs = (specs: readonly PushSpec[]) =>
    mapConcurrent(listPairs(specs), request.concurrency, ({ spec, registry }) => pushOne(spec, registry, context));
  const firstPushes = await pushSpecs(first);
  const failed = firstPushes.find(({ outcome }) => outcome.kind === 'failed');
  if (failed === undefined) return [...firstPushes, ...(await pushSpecs(others))];
  return [
    ...firstPushes,
    ...listPairs(others).map(({ spec, registry }) => createSkippedResult(spec, registry, failed.spec)),
  ];
};

const runPushes = async (request: PushRequest, registries: readonly Registry[], services: Services) => {
  const { host, workspace } = services;
  const settings = await readRepositorySettings(request.repository, workspace);
  const progress = new ProgressLogger(host.log, host.clock);
  const formatHeartbeat = (elapsed: number): string => progress.formatProgress(elapsed);
  return withHeartbeat(
    { log: host.log, clock: host.clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    async (log) => {
      const loggedServices = { ...services, host: { ...host, log } };
      const plan = await planPush(request, registries, loggedServices);
      const sourceOpener = services.createSourceOpener(registries, { ...plan, engine: request.engine });
      try {
        return await pushInOrder(plan, {
          request,
          services: loggedServices,
          registries,
          sourceOpener,
          settings,
          progress,
        });
      } finally {
        await plan.builder?.close();
      }
    },
  );
};

const pullOne = async (pullSpec: PullSpec, registries: readonly Registry[], request: Request, services: Services) => {
  const { host, workspace } = services;
  const registry = selectRegistry(pullSpec, registries);
  const { repository, tag, digest } = pullSpec;
  const spec: PushSpec = { source: undefined, repository, tags: tag === undefined ? [] : [tag], referrers: [] };
  const name = `${repository}${tag === undefined ? `@${digest}` : `:${tag}`}`;
  const progress = new ProgressLogger(host.log, host.clock);
  const formatHeartbeat = (elapsed: number): string => progress.formatProgress(elapsed);
  return withHeartbeat(
    { log: host.log, clock: host.clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    async (log) => {
      const onLine = (line: string): void => log.info(`${name}: ${line}`);
      const getEngines = () => createEngineOptions([registry], services);
      const { engine } = request;
      const observer = progress.createObserver(name);
      const pending = pullImage({ spec: pullSpec, registry, workspace, observer, onLine, engine, getEngines });
      return recordResult(pending, { spec, registry, name, progress, services });
    },
  );
};

const executeRequest = async (request: Request, services: Services): Promise<Result> => {
  const { host } = services;
  const { maskPassword, skipLogout } = request.login;
  if (!maskPassword) host.log.warning('mask-password is off: passwords of registries are not masked in the log');
  const registries = await services.connect(request.targets, maskPassword);
  const logins = registries.map(({ login }) => login);
  if (request.kind === 'login') {
    const loginDirectory = await writeLoginDirectory(host, logins, skipLogout);
    for (const login of logins) host.log.info(`Logged in to ${login.host}`);
    return { request, logins, pushes: [], scan: undefined, loginDirectory };
  }
  if (request.kind === 'pull') {
    const pushes = [await pullOne(request.pull, registries, request, services)];
    return { request, logins, pushes, scan: undefined, loginDirectory: undefined };
  }
  // Opened before anything is pushed: whoever has written exceptions that nobody understands learns it at once.
  const gate = request.scan === undefined ? undefined : await services.openGate(request.scan);
  const pushes = await runPushes(request, registries, services);
  return { request, logins, pushes, scan: await gate?.evaluate(pushes, registries), loginDirectory: undefined };
};

/** Logs in, and brings every image into every registry. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = parseRequest(inputs, services.host.env);
  using _deadline = services.deadline;
  try {
    return await executeRequest(request, services);
  } finally {
    await services.tempDir.close();
  }
};
