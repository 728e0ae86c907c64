import { createInputError } from '@aws-delivery/action-kit/util/error';
import type { Digest } from '@aws-delivery/oci/image/digest';
import { parseRepository } from '@aws-delivery/oci/image/reference';
import type { Inputs } from '../../action.js';
import { type ImageLocation, parseImageLocation } from '../inputs/image-location.js';
import { findPrivateRegistry, parseEcrHost } from '../login/ecr-host.js';

/** Destination of a pull: an OCI layout, or an engine on this machine. */
export type PullDestination =
  | { readonly kind: 'layout'; readonly path: string; readonly tag: string | undefined }
  | Extract<ImageLocation, { readonly kind: 'engine' }>;

/** An image to pull. */
export interface PullSpec {
  /** Host of the registry; undefined for the only registry of the run. */
  readonly host: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
  /** Undefined to pull into an engine under the image's own name. */
  readonly destination: PullDestination | undefined;
}

const parseDestination = (raw: string | undefined): PullDestination | undefined => {
  if (raw === undefined) return undefined;
  const location = parseImageLocation(raw);
  if (location.kind === 'engine') return location;
  if (location.kind === 'layout' && (location.selector === undefined || location.selector.by === 'name')) {
    return { kind: 'layout', path: location.path, tag: location.selector?.name };
  }
  throw createInputError(
    `input 'destination': '${raw}' is not a supported destination: use oci:path[:tag], or an image name for an engine`,
  );
};

const parsePullSource = (raw: string): Omit<PullSpec, 'destination'> => {
  const location = parseImageLocation(raw);
  if (location.kind !== 'registry')
    throw createInputError(
      `input 'source': '${raw}' is not an image in a registry: mode: pull requires docker://registry/repository:tag`,
    );
  const { registry: host, repository, tag, digest } = location.reference;
  return { host, repository, tag, digest };
};

/** Parses the inputs of `mode: pull`. `getTags` is called when `repository` names the image. Throws `invalid-input`. */
export const parsePullSpec = (inputs: Inputs, getTags: () => readonly string[]): PullSpec => {
  const { source, repository, images, 'build-directory': directory } = inputs;
  const destination = parseDestination(inputs.destination);
  if (images !== undefined || directory !== undefined) {
    throw createInputError(
      "mode: pull pulls one image: set 'source', or 'repository' and 'tags', instead of 'images' or 'build-directory'",
    );
  }
  if (source !== undefined && repository !== undefined) {
    throw createInputError(
      "inputs 'source' and 'repository' cannot be combined in mode: pull: docker://registry/repository:tag contains both",
    );
  }
  if (source !== undefined) return { ...parsePullSource(source), destination };
  if (repository === undefined) throw createInputError("mode: pull requires input 'source' or 'repository'");
  const [tag, ...others] = getTags();
  if (others.length > 0)
    throw createInputError(`input 'tags' contains ${others.length + 1} tags: mode: pull requires exactly one`);
  return { host: undefined, repository: parseRepository(repository), tag, digest: undefined, destination };
};

/** The registry that the source of a pull names. */
interface PullTargets {
  readonly kind: 'private' | 'public';
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly host: string;
}

/** The registry that the source names; undefined when the other inputs name it. */
export const findTargets = ({ host }: PullSpec): PullTargets | undefined => {
  if (host === undefined) return undefined;
  if (parseEcrHost(host)?.kind === 'public') return { kind: 'public', accounts: [], regions: [], host };
  const registry = findPrivateRegistry(host);
  return registry === undefined
    ? undefined
    : { kind: 'private', accounts: [registry.account], regions: [registry.region], host };
};
