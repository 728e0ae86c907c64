import { DeliveryError } from '../util/error.js';

/** What a host's command file receives. */
export type ValueKind = 'output' | 'environment variable' | 'state';

// In `name<<delimiter` and `name=value`, other characters in a name could end it or add further pairs.
const NAMES: Readonly<Record<ValueKind, RegExp>> = {
  output: /^\w[\w.-]*$/u,
  state: /^\w[\w.-]*$/u,
  'environment variable': /^[A-Za-z_]\w*$/u,
};

/**
 * Checks a name and value before they are written to a command file of the host.
 * @throws DeliveryError `rejected` for a name that a command file or a shell cannot contain, or a NUL character in the
 * value of an environment variable, which would end it
 */
export const assertWritable = (kind: ValueKind, name: string, value: string): void => {
  if (!NAMES[kind].test(name)) {
    const rule = kind === 'environment variable' ? 'use letters, digits and _' : 'use letters, digits, _, . and -';
    throw new DeliveryError('rejected', `${kind} ${JSON.stringify(name)} has an invalid name: ${rule}`);
  }
  if (kind === 'environment variable' && value.includes('\0')) {
    throw new DeliveryError(
      'rejected',
      `the value of environment variable ${name} contains a NUL character: remove it`,
    );
  }
};

/**
 * The values to mask for a secret: the secret and each of its lines, since a runner processes a log line by line. Lines
 * of one character or without a letter or digit, such as braces, are not secret.
 */
export const listMaskedValues = (secret: string): readonly string[] => {
  const lines = secret.split(/[\r\n]+/u).map((line) => line.trim());
  const secretLines = lines.length === 1 ? [] : lines.filter((line) => line.length > 1 && /[\p{L}\p{N}]/u.test(line));
  return [...new Set([secret, ...secretLines])].filter((value) => value.trim() !== '');
};
