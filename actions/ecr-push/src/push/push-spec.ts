import type { ImageLocation } from '../inputs/image-location.js';
import type { ReferrerSpec } from '../referrers/referrer-file.js';

/** One image, and the repository and tags that it is pushed to. */
export interface PushSpec {
  /** Undefined where nothing is pushed: in a pull, and in a check for any image. */
  readonly source: ImageLocation | undefined;
  readonly repository: string;
  /** Empty for a pull by digest. */
  readonly tags: readonly string[];
  /** Files to push as referrers of the image. */
  readonly referrers: readonly ReferrerSpec[];
}

/** An image in logs: `app:1.0`, preceded by the registry's host when the run has several registries. */
export const formatImageName = (
  { repository, tags }: Pick<PushSpec, 'repository' | 'tags'>,
  { host }: { readonly host: string },
  registryCount: number,
): string => `${registryCount === 1 ? '' : `${host}/`}${repository}:${tags[0]}`;
