import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Manifest } from '@aws-delivery/oci/image/manifest';
import { withRetry } from '@aws-delivery/oci/registry/retry';
import { NO_TRANSFER, type TransferStats } from '@aws-delivery/oci/transfer/copy-content';
import type { EnginePushResult } from '../engine/engine.js';
import type { EngineImage } from '../engine/find-engine.js';
import {
  createImmutableTagError,
  createManifestFinder,
  formatTaggedName,
  matchesIdentity,
  type TagOptions,
} from './tag-state.js';

/** A manifest in the registry, and what was sent for it. */
export interface TransferResult {
  readonly manifest: Manifest;
  readonly stats: TransferStats;
}

const createPartialPushError = (name: string, { engine, name: imageName }: EngineImage): DeliveryError => {
  const problem = `${engine.name} pushed only a part of ${imageName} to ${name}, because it does not have all platforms`;
  const hint = 'use source: docker://registry/… to copy the image index, or source: oci:… for a build of all platforms';
  return new DeliveryError('rejected', `${problem}: ${hint}`);
};

/** Pushes one tag with the engine and verifies that the tag then points to the engine's image. */
export const pushByEngine = async (options: TagOptions, image: EngineImage, tag: string): Promise<TransferResult> => {
  const { spec, registry, log } = options;
  const { client, retry } = registry;
  const targetName = `${client.origin.host}/${spec.repository}:${tag}`;
  const plainHttp = client.origin.protocol === 'http:';
  const onLine = (line: string): void => log.info(`${spec.repository}: ${line}`);
  let pushed: EnginePushResult;
  try {
    pushed = await withRetry(retry, `push of ${targetName}`, () => image.push(targetName, plainHttp, onLine));
  } catch (error) {
    const isImmutable = error instanceof DeliveryError && error.code === 'conflict';
    throw isImmutable ? createImmutableTagError(formatTaggedName(registry, spec.repository, tag), error) : error;
  }
  const found = await client.findManifest(spec.repository, tag);
  const manifest = found.kind === 'found' ? found.manifest : undefined;
  const isOwnPush = manifest !== undefined && manifest.digest === pushed.digest;
  const findManifest = createManifestFinder(registry, spec.repository);
  if (manifest !== undefined) {
    const isWhole =
      (isOwnPush && image.engine.identifiesByPush) ||
      (await matchesIdentity(await image.getIdentity(), manifest, findManifest));
    if (isWhole) return { manifest, stats: NO_TRANSFER };
  }
  // Docker pushes one platform of an index when it does not have the content of the others.
  if (isOwnPush) throw createPartialPushError(targetName, image);
  throw new DeliveryError(
    'unexpected',
    `${targetName} does not point to ${image.name} after the push: another push moved the tag`,
  );
};
