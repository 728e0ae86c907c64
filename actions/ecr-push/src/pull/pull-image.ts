import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Manifest } from '@aws-delivery/oci/image/manifest';
import { LayoutWriter } from '@aws-delivery/oci/layout/layout-writer';
import { RemoteSource } from '@aws-delivery/oci/registry/remote-source';
import { withRetry } from '@aws-delivery/oci/registry/retry';
import type { TransferObserver } from '@aws-delivery/oci/transfer/copy-content';
import {
  DOWNLOAD_CONCURRENCY,
  downloadContent,
  NO_DOWNLOAD,
  type PullStats,
} from '@aws-delivery/oci/transfer/download-content';
import type { EngineName, EngineOptions } from '../engine/engine.js';
import { findEngine } from '../engine/find-engine.js';
import { hasHost, type Registry } from '../login/registry.js';
import type { Outcome } from '../push/push-result.js';
import type { PullDestination, PullSpec } from './pull-spec.js';

export interface PullOptions {
  readonly spec: PullSpec;
  readonly registry: Registry;
  readonly workspace: string;
  readonly observer: TransferObserver;
  /** Called for each line of an engine's output. */
  readonly onLine: (line: string) => void;
  readonly engine: EngineName | undefined;
  /** Writes the logins for engines; called only when an engine pulls. */
  readonly getEngines: () => Promise<EngineOptions>;
}

/** Selects the registry that has the image. Throws `invalid-input` when none or several match. */
export const selectRegistry = ({ host, repository }: PullSpec, registries: readonly Registry[]): Registry => {
  const hosts = registries.map(({ login }) => login.host).join(', ');
  const matching = host === undefined ? registries : registries.filter((registry) => hasHost(registry, host));
  const [first, ...others] = matching;
  if (first !== undefined && others.length === 0) return first;
  const message =
    first === undefined
      ? `${host} is not one of the registries of this step (${hosts}): for other registries, pull with the engine`
      : `repository '${repository}' is ambiguous (${hosts}): set source: docker://registry/${repository}:tag`;
  throw new DeliveryError('invalid-input', message);
};

type LayoutDestination = Extract<PullDestination, { readonly kind: 'layout' }>;

const pullToLayout = async (
  options: PullOptions,
  destination: LayoutDestination,
  manifest: Manifest,
): Promise<PullStats> => {
  const { registry, spec, workspace, observer } = options;
  const { client, retry } = registry;
  const source = new RemoteSource(spec.repository, client, { ...spec, registry: registry.login.host });
  const layout = new LayoutWriter(resolve(workspace, destination.path));
  const stats = await downloadContent(manifest, {
    source,
    layout,
    retry,
    blobConcurrency: DOWNLOAD_CONCURRENCY,
    observer,
  });
  await layout.addManifest(manifest, destination.tag ?? spec.tag);
  return stats;
};

const pullToEngine = async (options: PullOptions, manifest: Manifest): Promise<void> => {
  const { spec, registry, engine, onLine } = options;
  const { destination, repository, tag } = spec;
  const { client, login, retry } = registry;
  const reference = `${client.origin.host}/${repository}@${manifest.digest}`;
  const ownName = tag === undefined ? reference : `${login.host}/${repository}:${tag}`;
  const engineDestination = destination?.kind === 'engine' ? destination : undefined;
  const availableEngine = await findEngine(engineDestination?.engine ?? engine, await options.getEngines());
  const enginePull = {
    reference,
    name: engineDestination?.image ?? ownName,
    plainHttp: client.origin.protocol === 'http:',
    onLine,
  };
  await withRetry(retry, `pull of ${reference}`, () => availableEngine.pull(enginePull));
};

/** Resolves the tag to a digest and pulls that image. Throws DeliveryError. */
export const pullImage = async (options: PullOptions): Promise<Outcome> => {
  const { spec, registry } = options;
  const { repository, digest, tag = 'latest', destination } = spec;
  const found = await registry.client.findManifest(repository, digest ?? tag);
  if (found.kind !== 'found') {
    const missing =
      found.kind === 'no-image' ? `image '${digest ?? tag}' of ${repository}` : `repository '${repository}'`;
    throw new DeliveryError(
      'not-found',
      `${missing} not found in ${registry.login.host}: correct the name, or push the image first`,
    );
  }
  const { manifest } = found;
  if (destination?.kind === 'layout') {
    return { kind: 'pulled', digest: manifest.digest, stats: await pullToLayout(options, destination, manifest) };
  }
  await pullToEngine(options, manifest);
  return { kind: 'pulled', digest: manifest.digest, stats: NO_DOWNLOAD };
};
