import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../command.mjs';
import { addRelease, findLatestRelease, getUnreleasedChanges } from './changelog.mjs';
import { draftSection, readCommits } from './commits.mjs';
import { checkMigrationSteps } from './notes.mjs';
import { readRepositoryName } from './repository-name.mjs';
import { compareVersions, parseVersion, readVersion, replaceVersion } from './version.mjs';

/** Text files that name versions; bundles are rebuilt, npm writes the lock, tests and changelog keep what they name. */
const PATTERNS = ['*.json', '*.md', '*.yml', '*.yaml', '*.ts', '*.mjs'];
const EXCLUDED = [
  'package-lock.json',
  'CHANGELOG.md',
  '*/dist/*',
  '*/golden/*',
  '*/corpus/*',
  '*.test.ts',
  'hosts/azure-devops/tasks/*',
];

/** @param {string} root @returns {Promise<string[]>} paths of the tracked files that can name a version */
export const listVersionedFiles = async (root) => {
  const excluded = EXCLUDED.map((pattern) => `:(exclude)${pattern}`);
  const output = await mustRun('git', ['-C', root, 'ls-files', '--', ...PATTERNS, ...excluded]);
  return output.split('\n').filter((file) => file !== '');
};

/**
 * Sets the version of a checkout: in every package.json, in the source code, and in every document, example and
 * component that names it; and moves the unreleased changes of the changelog to it. Without such changes, the section is
 * drafted from the commits since the latest release.
 * @param {string} root the checkout
 * @param {string} version
 * @param {string} date as 2026-01-31
 * @throws Error for a version that does not follow the latest release, and a major version without migration steps
 */
export const prepareRelease = async (root, version, date) => {
  parseVersion(version);
  const changelogPath = join(root, 'CHANGELOG.md');
  const changelog = readFileSync(changelogPath, 'utf8');
  const [current, latest] = [readVersion(root), findLatestRelease(changelog)];
  if (latest === undefined ? compareVersions(version, current) < 0 : compareVersions(version, latest) <= 0) {
    throw new Error(`${version} does not follow ${latest ?? current}: choose a higher version`);
  }
  checkMigrationSteps(root, version);
  const repository = readRepositoryName(root);
  const drafted = getUnreleasedChanges(changelog) === '' ? draftSection(await readCommits(root, latest)) : '';
  writeFileSync(changelogPath, addRelease(changelog, { version, date, repository, drafted }));
  const release = { repository, current, next: version };
  for (const file of await listVersionedFiles(root)) {
    const text = readFileSync(join(root, file), 'utf8');
    const replaced = replaceVersion(text, release);
    if (replaced !== text) writeFileSync(join(root, file), replaced);
  }
};
