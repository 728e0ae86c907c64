import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Digest, isDigest } from './digest.js';

/** Which of several images in a layout or archive is meant. */
export type ImageSelector =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'digest'; readonly digest: Digest }
  /** Position in the list of images, from 0 (skopeo's notation `@0`). */
  | { readonly by: 'index'; readonly index: number };

/** Parses `name`, `@sha256:…` or `@index`; undefined for no selector. Throws `invalid-input`. */
export const parseImageSelector = (raw: string | undefined): ImageSelector | undefined => {
  if (raw === undefined || raw === '') return undefined;
  if (!raw.startsWith('@')) return { by: 'name', name: raw };
  const value = raw.slice(1);
  if (isDigest(value)) return { by: 'digest', digest: value };
  if (/^\d{1,6}$/u.test(value)) return { by: 'index', index: Number(value) };
  throw new DeliveryError(
    'invalid-input',
    `'${raw}' is not an image selector: write @sha256:… or @index, for example @0`,
  );
};

const formatImageSelector = (selector: ImageSelector | undefined): string => {
  if (selector === undefined) return '';
  if (selector.by === 'name') return selector.name;
  return `@${selector.by === 'digest' ? selector.digest : selector.index}`;
};

/** An image that can be selected, with the names and the digests under which it is known. */
export interface SelectableImage {
  readonly names: readonly string[];
  readonly digests: readonly string[];
}

/**
 * Selects one image. An image that is listed several times, under other names, is one image. Throws `invalid-input`
 * with the names or digests of all images when none or several match.
 */
export const selectImage = <T extends SelectableImage>(
  all: readonly T[],
  selector: ImageSelector | undefined,
  { label, matchesName }: { readonly label: string; readonly matchesName: (name: string, image: T) => boolean },
): T => {
  const matching = all.filter((image, index) => {
    if (selector === undefined) return true;
    if (selector.by === 'name') return matchesName(selector.name, image);
    return selector.by === 'digest' ? image.digests.includes(selector.digest) : selector.index === index;
  });
  const [first] = matching;
  const isOne = first !== undefined && matching.every(({ digests }) => digests[0] === first.digests[0]);
  if (isOne) return first;
  const available = all
    .map(({ names, digests }) => (names.length === 0 ? `@${digests[0]}` : names.join(' = ')))
    .join(', ');
  const problem =
    first === undefined
      ? `does not contain image '${formatImageSelector(selector)}'`
      : `contains ${matching.length} images`;
  const hint = selector === undefined ? 'add :name, @sha256:… or :@index to the source' : 'use one of these';
  throw new DeliveryError('invalid-input', `${label} ${problem} (available: ${available}): ${hint}`);
};
