import { DeliveryError } from '@aws-delivery/action-kit/util/error';

const [MIN_LENGTH, MAX_LENGTH] = [2, 64];

/**
 * A session name AWS accepts (2 to 64 of `\w+=,.@-`): what is not allowed becomes `-`, and a long one is cut. Throws
 * when nothing is left to name a session by.
 */
export const toSessionName = (raw: string): string => {
  const name = raw.replaceAll(/[^A-Za-z0-9_+=,.@-]+/gu, '-').slice(0, MAX_LENGTH);
  if (name.length >= MIN_LENGTH) return name;
  throw new DeliveryError('invalid-input', `'${raw}' is too short for a session name: write at least two characters`);
};
