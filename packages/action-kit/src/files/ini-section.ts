import { DeliveryError } from '../util/error.js';

/** Settings of a section, in the order of writing. */
export type Settings = Readonly<Record<string, string>>;

// Line breaks of any reader and other control characters: with one, a value could add settings or sections.
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/u;

// SDKs cut a value at a comment.
const COMMENT = /(?:^|\s)[#;]/u;

const createError = (label: string, problem: string): DeliveryError =>
  new DeliveryError('rejected', `${label} cannot be written to an AWS configuration file: ${problem}`);

const formatSetting = (key: string, value: string): string => {
  if (!/^\w+$/u.test(key)) throw createError('a setting', 'its name must contain only letters, digits and _');
  // The value may be secret and is not part of the message.
  if (CONTROL_CHARACTERS.test(value))
    throw createError(`'${key}'`, 'remove line breaks and control characters from it');
  if (COMMENT.test(value)) throw createError(`'${key}'`, 'remove # and ; after spaces from it');
  return `${key} = ${value}`;
};

/**
 * Formats a section of an AWS configuration file.
 * @throws DeliveryError `rejected` for a name or value that would change other settings or sections
 */
export const formatSection = (name: string, settings: Settings): string => {
  if (name.trim() === '' || /[[\]]/u.test(name) || CONTROL_CHARACTERS.test(name)) {
    throw createError(`section '${name.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}'`, 'remove brackets and line breaks');
  }
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => formatSetting(key, value)), ''].join('\n');
};
