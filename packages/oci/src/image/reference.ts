import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Digest, isDigest } from './digest.js';

/** An image reference: `registry/repository:tag@digest`. */
export interface Reference {
  /** Host, with an optional port. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/u;
const DOCKER_HUB = 'registry-1.docker.io';
const TAG = /^[\w][\w.-]{0,127}$/u;

const createInputError = (raw: string, rule: string): DeliveryError =>
  new DeliveryError('invalid-input', `'${raw}' ${rule}`);

/** Validates a tag by the rule of the distribution specification. Throws `invalid-input`. */
export const parseTag = (raw: string): string => {
  if (TAG.test(raw)) return raw;
  throw createInputError(
    raw,
    'is not a valid tag: use up to 128 letters, digits, _, . and -, and start with a letter, a digit or _',
  );
};

/** Validates a repository name by ECR's rule. Throws `invalid-input`. */
export const parseRepository = (raw: string): string => {
  if (raw.length >= 2 && raw.length <= 256 && REPOSITORY.test(raw)) return raw;
  throw createInputError(
    raw,
    'is not a valid repository name: use 2 to 256 lower-case letters and digits, separated by _, -, . or /',
  );
};

/** Docker's rule: the first segment is a registry if it has a dot or a port, or is `localhost`. */
const isHost = (segment: string): boolean => segment.includes('.') || segment.includes(':') || segment === 'localhost';

/** Whether a host, with an optional port, is the same in a URL: no query, path, user, or another form of an address. */
const isUrlHost = (host: string): boolean => {
  const name = host.toLowerCase();
  const withoutDefaultPort = name.endsWith(':443') ? name.slice(0, -':443'.length) : name;
  const url = `https://${name}/`;
  return URL.canParse(url) && new URL(url).host === withoutDefaultPort;
};

/** Splits a reference at its digest. */
const splitDigest = (raw: string): readonly [name: string, digest: Digest | undefined] => {
  const [name = '', digest, ...others] = raw.split('@');
  if (digest === undefined) return [name, undefined];
  if (isDigest(digest) && others.length === 0) return [name, digest];
  throw createInputError(raw, 'has an invalid digest after @: write sha256: and 64 hexadecimal digits');
};

/** Parses a reference; the registry defaults to Docker Hub, the tag to `latest`. Throws `invalid-input`. */
export const parseReference = (raw: string): Reference => {
  const [nameWithTag, digest] = splitDigest(raw);
  const colon = nameWithTag.lastIndexOf(':');
  const tag = colon > nameWithTag.lastIndexOf('/') ? nameWithTag.slice(colon + 1) : undefined;
  const path = tag === undefined ? nameWithTag : nameWithTag.slice(0, colon);
  const [firstSegment = '', ...otherSegments] = path.split('/');
  const isRemote = otherSegments.length > 0 && isHost(firstSegment);
  const repository = isRemote ? otherSegments.join('/') : otherSegments.length === 0 ? `library/${firstSegment}` : path;
  const registry = isRemote && firstSegment !== 'docker.io' ? firstSegment : DOCKER_HUB;
  if (!REPOSITORY.test(repository) || !isUrlHost(registry))
    throw createInputError(raw, 'is not a valid image reference: write registry/repository:tag');
  const defaultTag = digest === undefined ? 'latest' : undefined;
  return { registry, repository, tag: tag === undefined ? defaultTag : parseTag(tag), digest };
};
