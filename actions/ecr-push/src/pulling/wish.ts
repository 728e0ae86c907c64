import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Inputs } from '../../action.js';
import type { Digest } from '../oci/digest.js';
import { parseRepository } from '../oci/reference.js';
import { placeIn } from '../registry-login.js';
import { parseSource, type SourceName } from '../source-name.js';

/** Where an image goes: a folder that is an OCI layout, or an engine of this machine. */
export type Destination = Extract<SourceName, { readonly kind: 'layout' | 'engine' }>;

/** An image to pull. */
export interface PullWish {
  /** The registry's own name; undefined for the one registry that is logged in to. */
  readonly host: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
  /** Undefined for an engine, under the image's own name. */
  readonly destination: Destination | undefined;
}

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const destinationIn = (text: string | undefined): Destination | undefined => {
  if (text === undefined) return undefined;
  const name = parseSource(text);
  if (name.kind === 'layout' || name.kind === 'engine') return name;
  throw invalid(`input 'destination': '${text}' cannot be written: name oci:path[:tag], or an image of an engine`);
};

const sourceIn = (text: string): Omit<PullWish, 'destination'> => {
  const name = parseSource(text);
  if (name.kind !== 'registry') throw invalid(`input 'source': '${text}' is here already: write docker://registry/…`);
  const { registry: host, repository, tag, digest } = name.reference;
  return { host, repository, tag, digest };
};

/** Reads what to pull. `tags` are asked for where no source has its own. Throws `invalid-input`. */
export const pullWishOf = (inputs: Inputs, tags: () => readonly string[]): PullWish => {
  const { source, repository, images, 'build-directory': directory } = inputs;
  const destination = destinationIn(inputs.destination);
  if (images !== undefined || directory !== undefined) {
    throw invalid('mode: pull brings one image: name it by source, or by repository and tags');
  }
  if (source !== undefined && repository !== undefined) {
    throw invalid("inputs 'source' and 'repository' exclude each other: docker://registry/repository:tag names both");
  }
  if (source !== undefined) return { ...sourceIn(source), destination };
  if (repository === undefined) throw invalid("mode: pull needs input 'source' or 'repository': name the image");
  const [tag, ...others] = tags();
  if (others.length > 0) throw invalid(`input 'tags' names ${others.length + 1} images: pull one after the other`);
  return { host: undefined, repository: parseRepository(repository), tag, digest: undefined, destination };
};

/** The registries to log in to: that of the source says account and Region itself. */
export const placesOf = ({
  host,
}: PullWish): { readonly accounts: string[]; readonly regions: string[] } | undefined => {
  const place = host === undefined ? undefined : placeIn(host);
  return place === undefined ? undefined : { accounts: [place.account], regions: [place.region] };
};
