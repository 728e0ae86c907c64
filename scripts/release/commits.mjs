import { mustRun } from '../command.mjs';
import { CHANGE_GROUPS } from './changelog.mjs';

/** @typedef {import('./changelog.mjs').ChangeGroup} ChangeGroup */

/** Types of Conventional Commits that users notice; other types appear only if they break something. @type {Readonly<Record<string, ChangeGroup>>} */
const GROUPS = { feat: 'Added', fix: 'Fixed', perf: 'Changed', revert: 'Removed' };

const SUBJECT = /^(?<type>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<mark>!?): (?<text>.+)$/u;
const BREAKING = /^BREAKING[ -]CHANGE: (?<text>[\s\S]+?)(?:\n\n|$(?![\s\S]))/mu;

/**
 * @param {string} message of a commit: subject, empty line, body
 * @returns {{ group: ChangeGroup, entry: string } | undefined} undefined if users notice nothing
 */
const describeCommit = (message) => {
  const [subject = '', ...body] = message.split('\n');
  const { type, scope, mark, text } = SUBJECT.exec(subject)?.groups ?? {};
  if (type === undefined || text === undefined) return undefined;
  const label = scope === undefined ? '' : `\`${scope}\`: `;
  const breaking = BREAKING.exec(body.join('\n'))?.groups?.['text']?.replaceAll(/\s+/gu, ' ').trim();
  if (mark === '!' || breaking !== undefined) {
    return { group: 'Changed', entry: `- **Breaking:** ${label}${breaking ?? text}` };
  }
  const group = GROUPS[type];
  return group === undefined ? undefined : { group, entry: `- ${label}${text}` };
};

/**
 * Drafts the section of a version from Conventional Commits, to be edited by hand.
 * @param {readonly string[]} messages of the commits, newest first
 * @returns {string} empty if users notice nothing
 */
export const draftSection = (messages) => {
  const changes = messages.toReversed().flatMap((message) => describeCommit(message) ?? []);
  const groups = CHANGE_GROUPS.map((name) => {
    const entries = changes.filter(({ group }) => group === name).map(({ entry }) => entry);
    return entries.length === 0 ? '' : `### ${name}\n\n${entries.join('\n')}`;
  });
  return groups.filter((text) => text !== '').join('\n\n');
};

/**
 * @param {string} root the checkout
 * @param {string | undefined} since a released version; undefined for all commits
 * @returns {Promise<string[]>} the commits' messages, newest first
 */
export const readCommits = async (root, since) => {
  const range = since === undefined ? ['HEAD'] : [`v${since}..HEAD`];
  const output = await mustRun('git', ['-C', root, 'log', '--no-merges', '--format=%B%x00', ...range]);
  return output
    .split('\0')
    .map((message) => message.trim())
    .filter((message) => message !== '');
};
