import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { ImageSelector } from '../image/image-selector.js';
import type { ImageSource } from '../image/image-source.js';
import { type Descriptor, formatPlatform, isAttestation, isManifest } from '../image/manifest.js';
import { getBlobPath, LayoutSource, listNames, readLayoutIndex } from '../layout/layout-source.js';
import { DockerArchiveSource, isSameImage } from './docker-archive.js';
import type { CreateTempPath } from './open-archive.js';
import type { TarArchive } from './tar-archive.js';

const matchesSelector = (descriptor: Descriptor, selector: ImageSelector | undefined): boolean => {
  if (selector === undefined) return true;
  if (selector.by === 'digest') return descriptor.digest === selector.digest;
  return (
    selector.by === 'name' &&
    listNames(descriptor).some((name) => name.includes('/') && isSameImage(name, selector.name))
  );
};

/** Whether the archive has everything that a manifest of an index refers to. */
const isComplete = async (files: TarArchive, source: LayoutSource, descriptor: Descriptor): Promise<boolean> => {
  if (!files.has(getBlobPath(descriptor.digest))) return false;
  const manifest = await source.getManifest(descriptor);
  const children = manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers];
  const results = await Promise.all(
    children.map((child) =>
      isManifest(child) ? isComplete(files, source, child) : files.has(getBlobPath(child.digest)),
    ),
  );
  return results.every(Boolean);
};

/**
 * The image index of an archive, as Docker with the containerd image store saves it: `manifest.json` describes one
 * platform of it only. Undefined for an archive without an index, and for an index of one platform whose attestations
 * are not in the archive. Throws `invalid-input` when platforms are missing.
 */
const findIndex = async (
  name: string,
  files: TarArchive,
  selector: ImageSelector | undefined,
): Promise<ImageSource | undefined> => {
  if (!files.has('index.json')) return undefined;
  const matching = (await readLayoutIndex(files, name)).filter((each) => matchesSelector(each, selector));
  const [first] = matching;
  if (first === undefined || matching.some(({ digest }) => digest !== first.digest)) return undefined;
  const source = new LayoutSource(name, files, { by: 'digest', digest: first.digest });
  const manifest = await source.getManifest(first);
  if (manifest.kind === 'image') return undefined;
  const missing: Descriptor[] = [];
  for (const child of manifest.manifests) if (!(await isComplete(files, source, child))) missing.push(child);
  if (missing.length === 0) return source;
  const platforms = manifest.manifests.filter((each) => !isAttestation(each));
  if (platforms.length === 1 && missing.every(isAttestation)) return undefined;
  const names = missing.map((each) => formatPlatform(each) || each.digest).join(', ');
  throw new DeliveryError(
    'invalid-input',
    `${name} contains an image index without the content of ${names}: save one platform with docker save --platform, or all of them`,
  );
};

/** Opens an archive written by `docker save`. Throws `invalid-input` for other archives. */
export const openDockerArchive = async (
  name: string,
  files: TarArchive,
  selector: ImageSelector | undefined,
  createTempPath: CreateTempPath,
): Promise<ImageSource> => {
  try {
    const index = await findIndex(name, files, selector);
    if (index !== undefined) return index;
    if (files.has('manifest.json')) return new DockerArchiveSource(name, files, selector, createTempPath);
    const message = `${name} has no manifest.json and was not created by docker save: use oci-archive: for an OCI archive`;
    throw new DeliveryError('invalid-input', message);
  } catch (error) {
    await files.close();
    throw error;
  }
};
