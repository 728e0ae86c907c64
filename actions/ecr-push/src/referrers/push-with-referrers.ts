import { type PushOptions, pushImage } from '../push/push-image.js';
import type { Outcome } from '../push/push-result.js';
import { attachReferrers } from './attach-referrers.js';
import { readReferrer } from './referrer-file.js';

export interface PushWithReferrersOptions extends PushOptions {
  /** The image's name for people. */
  readonly name: string;
  /** Folder that paths start from. */
  readonly workspace: string;
}

/** Delivers an image and the files that refer to it, which are read before a byte moves. Throws DeliveryError. */
export const pushWithReferrers = async (options: PushWithReferrersOptions): Promise<Outcome> => {
  const { spec, registry, name, workspace, log } = options;
  const files = await Promise.all(spec.referrers.map((each) => readReferrer(each, workspace)));
  const outcome = await pushImage(options);
  if (files.length === 0) return outcome;
  if (outcome.kind !== 'pushed' && outcome.kind !== 'unchanged') {
    const paths = files.map(({ path }) => path).join(', ');
    log.warning(`${name}: another image is kept, which ${paths} may not be about: nothing refers to it`);
    return outcome;
  }
  const { digest } = outcome;
  const { repository } = spec;
  return { ...outcome, referrers: await attachReferrers(files, { registry, repository, digest, name, log }) };
};
