import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type Digest, isDigest } from './digest.js';

/** Where an image is: `registry/repository:tag@digest`. */
export interface Reference {
  /** Host, with its port where it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/u;
const DOCKER_HUB = 'registry-1.docker.io';
const TAG = /^[\w][\w.-]{0,127}$/u;

const invalid = (text: string, rule: string): DeliveryError => new DeliveryError('invalid-input', `'${text}' ${rule}`);

/** A tag as registries take it. Throws `invalid-input`. */
export const parseTag = (text: string): string => {
  if (TAG.test(text)) return text;
  throw invalid(text, 'is not a tag: up to 128 letters, digits, _, . and -, not beginning with . or -');
};

/** A repository's name as ECR takes it. Throws `invalid-input`. */
export const parseRepository = (text: string): string => {
  if (text.length >= 2 && text.length <= 256 && REPOSITORY.test(text)) return text;
  throw invalid(text, 'is not a repository name: 2 to 256 lower-case letters, digits, _, -, . and / between them');
};

/** The first part is a registry where it could be a host, as Docker has it. */
const isHost = (part: string): boolean => part.includes('.') || part.includes(':') || part === 'localhost';

/** Reads a reference; Docker Hub and the tag `latest` go without saying. Throws `invalid-input`. */
export const parseReference = (text: string): Reference => {
  const [named = '', digest] = text.split('@');
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, 'has no digest after @: sha256: and 64 digits');
  const colon = named.lastIndexOf(':');
  const tag = colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined;
  const path = tag === undefined ? named : named.slice(0, colon);
  const [first = '', ...others] = path.split('/');
  const isRemote = others.length > 0 && isHost(first);
  const repository = isRemote ? others.join('/') : others.length === 0 ? `library/${first}` : path;
  if (!REPOSITORY.test(repository)) throw invalid(text, 'is not an image: write registry/repository:tag');
  return {
    registry: isRemote && first !== 'docker.io' ? first : DOCKER_HUB,
    repository,
    tag: tag === undefined ? (digest === undefined ? 'latest' : undefined) : parseTag(tag),
    digest,
  };
};
