import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root as checkout } from '../command.mjs';

/**
 * Parses major, minor and patch.
 * @param {string} version
 * @throws Error for another format
 */
export const parseVersion = (version) => {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`'${version}' is not a version: write three numbers, for example 1.2.3`);
  }
  return version.split('.').map(Number);
};

/**
 * Orders versions by major, minor and patch.
 * @param {string} left @param {string} right
 * @returns {number} negative if `left` precedes `right`, 0 if they are equal
 */
export const compareVersions = (left, right) => {
  const [a, b] = [parseVersion(left), parseVersion(right)];
  const index = a.findIndex((part, position) => part !== b[position]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
};

/** The version in package.json. */
export const readVersion = (root = checkout) =>
  String(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);

/** The tag that moves with every release of the current major version, such as `v1`. */
export const readMajorTag = (root = checkout) => `v${parseVersion(readVersion(root))[0]}`;

/** @param {string} text */
const escapePattern = (text) => text.replace(/[.\\+*?^$()[\]{}|]/gu, '\\$&');

/**
 * The places that name a version of this repository, each as a pattern around the version. `major` places name the major
 * version only. Third parties' versions and examples such as `v1.2.3` are in none of them.
 * @param {string} repository `owner/name`
 */
const listReferences = (repository) => [
  { part: 'full', before: '^(?: {2}|\\t)"version": "', after: '"' },
  { part: 'full', before: '"@aws-delivery/[\\w-]+": "', after: '"' },
  { part: 'full', before: "^export const VERSION = '", after: "'" },
  { part: 'full', before: '/releases/download/v', after: '/' },
  { part: 'full', before: '\\baws-delivery\\.aws-delivery-', after: '\\.vsix' },
  { part: 'full', before: '\\baws-delivery-actions-', after: '(?=[/\'"`\\s]|\\.tar)' },
  { part: 'major', before: `${escapePattern(repository)}(?:/[\\w./-]+)?@v`, after: '(?![\\w.])' },
  { part: 'major', before: '\\bAWSDelivery\\w+@', after: '(?![\\w.])' },
  { part: 'major', before: 'aws-delivery/components/[\\w-]+@', after: '(?![\\w.])' },
  { part: 'major', before: '`@?v', after: '`' },
];

/**
 * Replaces every reference to a version of this repository.
 * @param {string} text
 * @param {{ repository: string, current: string, next: string }} release `repository` as `owner/name`
 */
export const replaceVersion = (text, { repository, current, next }) =>
  listReferences(repository).reduce((result, { part, before, after }) => {
    const [from = '', to = ''] = [current, next].map((version) =>
      part === 'full' ? version : String(parseVersion(version)[0]),
    );
    const pattern = new RegExp(`(${before})${escapePattern(from)}(${after})`, 'gmu');
    return result.replace(pattern, (_, start, end) => `${start}${to}${end}`);
  }, text);
