import { DeliveryError } from '@aws-delivery/action-kit/error';

const [SHORTEST, LONGEST] = [2, 64];

/**
 * A session name AWS accepts (2 to 64 of `\w+=,.@-`): what is not allowed becomes `-`, and a long one is cut. Throws
 * when nothing is left to name a session by.
 */
export const sessionName = (text: string): string => {
  const name = text.replaceAll(/[^A-Za-z0-9_+=,.@-]+/gu, '-').slice(0, LONGEST);
  if (name.length >= SHORTEST) return name;
  throw new DeliveryError('invalid-input', `'${text}' is too short for a session name: write at least two characters`);
};
