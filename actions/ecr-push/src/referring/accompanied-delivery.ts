import { type DeliveryOptions, deliver } from '../delivery.js';
import type { Outcome } from '../result.js';
import { attachAll } from './attachment.js';
import { readReferrer } from './referrer-file.js';

export interface AccompaniedOptions extends DeliveryOptions {
  /** The image's name for people. */
  readonly name: string;
  /** Folder that paths start from. */
  readonly workspace: string;
}

/** Delivers an image and the files that refer to it, which are read before a byte moves. Throws DeliveryError. */
export const deliverAccompanied = async (options: AccompaniedOptions): Promise<Outcome> => {
  const { order, registry, name, workspace, log } = options;
  const files = await Promise.all(order.referrers.map((each) => readReferrer(each, workspace)));
  const outcome = await deliver(options);
  if (files.length === 0) return outcome;
  if (outcome.kind !== 'pushed' && outcome.kind !== 'unchanged') {
    const paths = files.map(({ path }) => path).join(', ');
    log.warning(`${name}: another image is kept, which ${paths} may not be about: nothing refers to it`);
    return outcome;
  }
  const { digest } = outcome;
  const { repository } = order;
  return { ...outcome, attached: await attachAll(files, { registry, repository, digest, name, log }) };
};
