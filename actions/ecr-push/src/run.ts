import { DeliveryError } from '@aws-delivery/action-kit/error';
import { withHeartbeat } from '@aws-delivery/action-kit/log';
import { mapBounded } from '@aws-delivery/artifact/bounded';
import type { Inputs } from '../action.js';
import type { Builder } from './building/builder.js';
import { folderOrders, openYard, type Yard } from './building/yard.js';
import { check } from './delivery.js';
import type { EngineImage, EngineOptions } from './engine.js';
import { renewLoginFiles, writeLoginFiles, writeLogins } from './login-folder.js';
import { Narrator } from './narrator.js';
import type { ImageSource } from './oci/source.js';
import { pull, registryOf } from './pulling/pull.js';
import type { PullWish } from './pulling/wish.js';
import { deliverAccompanied } from './referring/accompanied-delivery.js';
import type { Registry } from './registry.js';
import type { Login } from './registry-login.js';
import { readWish, type Wish } from './repository.js';
import { type Order, type Request, requestOf } from './request.js';
import type { Delivery, Outcome, Result } from './result.js';
import type { Services } from './services.js';
import type { Sources } from './source-opening.js';

type Shipment = Extract<Request, { readonly kind: 'push' | 'check' }>;

/** How long the log may be quiet, in milliseconds. */
const QUIET = 10_000;

/** Delivering, under way. */
interface Work {
  readonly request: Shipment;
  readonly services: Services;
  readonly registries: readonly Registry[];
  readonly sources: Sources;
  readonly wish: Wish;
  readonly narrator: Narrator;
}

const nameOf = ({ repository, tags }: Order, { login }: Registry, all: readonly Registry[]): string =>
  all.length === 1 ? `${repository}:${tags[0]}` : `${login.host}/${repository}:${tags[0]}`;

/** Does something with an image, and closes it whatever happens. */
const withSource = async <T>(
  { source: name }: Order,
  sources: Sources,
  use: (source: ImageSource | EngineImage | undefined) => Promise<T>,
): Promise<T> => {
  if (name === undefined) return use(undefined);
  const source = await sources.open(name);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
};

const outcomeOf = (order: Order, registry: Registry, name: string, work: Work): Promise<Outcome> => {
  const { request, services, sources, wish, narrator } = work;
  const { log } = services.host;
  return withSource(order, sources, (source) => {
    if (request.kind === 'check' || source === undefined) return check(registry, order, source);
    const { onExistingTag } = request;
    const observer = narrator.observer(name);
    const { workspace } = services;
    return deliverAccompanied({ order, registry, onExistingTag, wish, source, log, observer, name, workspace });
  });
};

interface Errand extends Pick<Work, 'services' | 'narrator'> {
  readonly order: Order;
  readonly registry: Registry;
  readonly name: string;
}

/** What goes wrong with one image is its own result: the others go on. */
const settle = async (work: Promise<Outcome>, errand: Errand): Promise<Delivery> => {
  const { order, registry, name, narrator, services } = errand;
  const { host, deadline } = services;
  const start = host.clock.now();
  const outcome = await work.catch((error: unknown): Outcome => {
    return { kind: 'failed', error: deadline.signal.aborted ? deadline.signal.reason : error };
  });
  const delivery = { order, login: registry.login, outcome, took: host.clock.now() - start };
  narrator.end(name, delivery);
  return delivery;
};

const deliverOne = (order: Order, registry: Registry, work: Work): Promise<Delivery> => {
  const name = nameOf(order, registry, work.registries);
  return settle(outcomeOf(order, registry, name, work), { ...work, order, registry, name });
};

/** Engines log in by a folder of their own, which is gone with this step. */
const enginesOf = async (registries: readonly Registry[], services: Services): Promise<EngineOptions> => {
  const { host, workshop, execute, deadline } = services;
  const named = (login: Login, { client }: Registry): Login => ({ ...login, host: client.origin.host });
  const current = registries.map((registry) => named(registry.login, registry));
  const logins = await writeLoginFiles(await workshop.folder(), host, current);
  let renewal: Promise<void> | undefined;
  const relogin = async (): Promise<void> => {
    const fresh = await Promise.all(registries.map(async (registry) => named(await registry.renew(), registry)));
    await renewLoginFiles(logins, host, fresh);
  };
  // Many pushes are turned down at once: one of them renews for all.
  const renew = (): Promise<void> => {
    renewal ??= relogin().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  return { execute, variables: host.variables, logins, signal: deadline.signal, renew };
};

/** Everything that goes, and what goes before the rest of it. */
interface Load extends Pick<Yard, 'first' | 'others'> {
  readonly engines: EngineOptions | undefined;
  readonly builder: Builder | undefined;
}

const loadOf = async (request: Shipment, registries: readonly Registry[], services: Services): Promise<Load> => {
  const { cargo, engine } = request;
  const nothing = { first: [], engines: undefined, builder: undefined };
  if (cargo.kind === 'images') {
    const needsEngine = cargo.orders.some(({ source }) => source?.kind === 'engine');
    return {
      ...nothing,
      others: cargo.orders,
      ...(needsEngine ? { engines: await enginesOf(registries, services) } : {}),
    };
  }
  if (request.kind === 'check') return { ...nothing, others: await folderOrders(cargo.build, services) };
  const engines = await enginesOf(registries, services);
  return { engines, ...(await openYard(cargo.build, { engine, engines }, services)) };
};

/** What would begin from an image that is not there is not tried. */
const notBegun = (order: Order, { login }: Registry, lost: Order): Delivery => {
  const text = `not built, since '${lost.source?.text}' comes first and failed`;
  return { order, login, took: 0, outcome: { kind: 'failed', error: new DeliveryError('missing', text) } };
};

const deliverInOrder = async ({ first, others }: Load, work: Work): Promise<readonly Delivery[]> => {
  const { registries, request } = work;
  const pairs = (orders: readonly Order[]) =>
    orders.flatMap((order) => registries.map((registry) => ({ order, registry })));
  const deliver = (orders: readonly Order[]) =>
    mapBounded(pairs(orders), request.concurrency, ({ order, registry }) => deliverOne(order, registry, work));
  const before = await deliver(first);
  const lost = before.find(({ outcome }) => outcome.kind === 'failed');
  if (lost === undefined) return [...before, ...(await deliver(others))];
  return [...before, ...pairs(others).map(({ order, registry }) => notBegun(order, registry, lost.order))];
};

const deliverAll = async (request: Shipment, registries: readonly Registry[], services: Services) => {
  const { host, workspace } = services;
  const wish = await readWish(request.repository, workspace);
  const narrator = new Narrator(host.log, host.clock);
  const line = (elapsed: number): string => narrator.progress(elapsed);
  return withHeartbeat({ log: host.log, clock: host.clock, quiet: QUIET, line }, async (log) => {
    const heard = { ...services, host: { ...host, log } };
    const load = await loadOf(request, registries, heard);
    const sources = services.sources(registries, { ...load, engine: request.engine });
    try {
      return await deliverInOrder(load, { request, services: heard, registries, sources, wish, narrator });
    } finally {
      await load.builder?.close();
    }
  });
};

const pullOne = async (wish: PullWish, registries: readonly Registry[], request: Request, services: Services) => {
  const { host, workspace } = services;
  const registry = registryOf(wish, registries);
  const { repository, tag, digest } = wish;
  const order: Order = { source: undefined, repository, tags: tag === undefined ? [] : [tag], referrers: [] };
  const name = `${repository}${tag === undefined ? `@${digest}` : `:${tag}`}`;
  const narrator = new Narrator(host.log, host.clock);
  const line = (elapsed: number): string => narrator.progress(elapsed);
  return withHeartbeat({ log: host.log, clock: host.clock, quiet: QUIET, line }, async (log) => {
    const follow = (text: string): void => log.info(`${name}: ${text}`);
    const engines = () => enginesOf([registry], services);
    const { engine } = request;
    const observer = narrator.observer(name);
    const work = pull({ wish, registry, workspace, observer, follow, engine, engines });
    return settle(work, { order, registry, name, narrator, services });
  });
};

const carryOut = async (request: Request, services: Services): Promise<Result> => {
  const { host } = services;
  const { masked, kept } = request.login;
  if (!masked) host.log.warning('mask-password is off: passwords of registries are not masked in the log');
  const registries = await services.connect(request.targets, masked);
  const logins = registries.map(({ login }) => login);
  if (request.kind === 'login') {
    const loginFolder = await writeLogins(host, logins, kept);
    for (const login of logins) host.log.info(`Logged in to ${login.host}`);
    return { request, logins, deliveries: [], scan: undefined, loginFolder };
  }
  if (request.kind === 'pull') {
    const deliveries = [await pullOne(request.pull, registries, request, services)];
    return { request, logins, deliveries, scan: undefined, loginFolder: undefined };
  }
  // Opened before anything is pushed: whoever has written exceptions that nobody understands learns it at once.
  const gate = request.scan === undefined ? undefined : await services.openGate(request.scan);
  const deliveries = await deliverAll(request, registries, services);
  return { request, logins, deliveries, scan: await gate?.pass(deliveries, registries), loginFolder: undefined };
};

/** Logs in, and brings every image into every registry. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = requestOf(inputs, services.host.variables);
  using _deadline = services.deadline;
  try {
    return await carryOut(request, services);
  } finally {
    await services.workshop.close();
  }
};
