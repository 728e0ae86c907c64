import type { Env } from '@aws-delivery/action-kit/util/env';
import { createInputError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { parseRepository } from '@aws-delivery/oci/image/reference';
import type { Inputs } from '../../action.js';
import type { PushSpec } from '../push/push-spec.js';
import { parseReferrer } from '../referrers/referrer-file.js';
import { parseImageLocation, parseIndexLocation } from './image-location.js';
import { expandTags } from './tag-template.js';

/** An image as the user wrote it. */
interface RawImage {
  readonly source: unknown;
  readonly repository: unknown;
  readonly tags: unknown;
  readonly referrers: unknown;
}

const parseString = (value: unknown, label: string): string => {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw createInputError(`${label} ${value === undefined ? 'is required' : 'must be a non-empty string'}`);
};

const parseStrings = (value: unknown, label: string): readonly string[] => {
  const items = typeof value === 'string' || typeof value === 'number' ? [value] : value;
  if (Array.isArray(items))
    return items.map((item) => (typeof item === 'number' ? String(item) : parseString(item, label)));
  throw createInputError(`${label} must be a list of strings`);
};

/** Tags with their templates expanded. Throws `invalid-input` for an empty list. */
export const parseTags = (value: unknown, label: string, env: Env): PushSpec['tags'] => {
  const tags = expandTags(parseStrings(value, label), env);
  if (tags.length === 0) throw createInputError(`${label} must have at least one tag`);
  return tags;
};

/** @param label starts the label of each field: `input` or `image 1 of input 'images':` */
const parsePushSpec = ({ source, repository, tags, referrers }: RawImage, label: string, env: Env): PushSpec => {
  if (source !== undefined && repository === undefined)
    throw createInputError(`${label} 'repository' is required when 'source' is set`);
  return {
    source: source === undefined ? undefined : parseImageLocation(parseString(source, `${label} 'source'`)),
    repository: parseRepository(parseString(repository, `${label} 'repository'`)),
    tags: parseTags(tags, `${label} 'tags'`, env),
    referrers: parseStrings(referrers, `${label} 'referrers'`).map(parseReferrer),
  };
};

const IMAGE_FIELDS = ['source', 'repository', 'tags', 'referrers'];

const parseImages = (value: unknown, tags: readonly string[], env: Env): readonly PushSpec[] => {
  if (!Array.isArray(value) || value.length === 0)
    throw createInputError("input 'images' must be a list with at least one image");
  return value.map((item, index) => {
    const label = `image ${index + 1} of input 'images'`;
    if (!isRecord(item))
      throw createInputError(`${label} must be a mapping with the fields ${IMAGE_FIELDS.join(', ')}`);
    const unknown = Object.keys(item).find((key) => !IMAGE_FIELDS.includes(key));
    if (unknown !== undefined)
      throw createInputError(`${label} has the unknown field '${unknown}': use ${IMAGE_FIELDS.join(', ')}`);
    const { source, repository, tags: ownTags = tags, referrers = [] } = item;
    return parsePushSpec({ source, repository, tags: ownTags, referrers }, `${label}:`, env);
  });
};

/** With two images under one tag, the tag would point to whichever is pushed last. */
const rejectDuplicateTags = (specs: readonly PushSpec[]): void => {
  const seen = new Set<string>();
  for (const { repository, tags } of specs) {
    for (const tag of tags) {
      const name = `${repository}:${tag}`;
      if (seen.has(name))
        throw createInputError(`${name} is assigned to two images: use different tags or repositories`);
      seen.add(name);
    }
  }
};

const parseIndexSpec = (inputs: Inputs, env: Env): PushSpec => {
  const { source, images, repository, tags, referrers, 'index-of': indexOf } = inputs;
  if (source !== undefined || images !== undefined) {
    const other = source === undefined ? 'images' : 'source';
    throw createInputError(`input 'index-of' cannot be combined with '${other}': push the index in a separate step`);
  }
  const spec = parsePushSpec({ source: undefined, repository, tags, referrers }, 'input', env);
  return { ...spec, source: parseIndexLocation(indexOf) };
};

/** The images that `source` and `repository`, `index-of`, or `images` name. Throws `invalid-input`. */
export const parsePushSpecs = (inputs: Inputs, env: Env): readonly PushSpec[] => {
  const { source, repository, tags, images, referrers, 'index-of': indexOf } = inputs;
  if (indexOf.length > 0) return [parseIndexSpec(inputs, env)];
  if (images !== undefined && (source !== undefined || repository !== undefined)) {
    throw createInputError(
      "input 'images' cannot be combined with 'source' or 'repository': list all images in 'images'",
    );
  }
  const specs =
    images === undefined
      ? [parsePushSpec({ source, repository, tags, referrers }, 'input', env)]
      : parseImages(images, tags, env);
  rejectDuplicateTags(specs);
  return specs;
};
