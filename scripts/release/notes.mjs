import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getReleaseSection } from './changelog.mjs';
import { readRepositoryName } from './repository-name.mjs';
import { parseVersion } from './version.mjs';

const MIGRATION = 'docs/migration.md';

/** @param {string} version */
const formatMigrationHeading = (version) => {
  const [major = 1] = parseVersion(version);
  return `From ${major - 1}.x to ${version}`;
};

/**
 * Whether users must change something for a version: a major one after the first.
 * @param {string} version
 */
const needsMigration = (version) => {
  const [major = 1, minor, patch] = parseVersion(version);
  return major > 1 && minor === 0 && patch === 0;
};

/**
 * @param {string} root the checkout
 * @param {string} version
 * @throws Error for a major version without its section in the migration document
 */
export const checkMigrationSteps = (root, version) => {
  if (!needsMigration(version)) return;
  const heading = formatMigrationHeading(version);
  const lines = readFileSync(join(root, MIGRATION), 'utf8').split('\n');
  if (!lines.includes(`## ${heading}`)) {
    throw new Error(`${MIGRATION} has no section '## ${heading}': describe what users have to change`);
  }
};

/**
 * The notes of a release: its section of the changelog, and a link to the migration steps.
 * @param {string} changelog @param {string} version
 */
export const createReleaseNotes = (changelog, version) => {
  const url = `https://github.com/${readRepositoryName()}/blob/v${version}/${MIGRATION}`;
  const anchor = formatMigrationHeading(version).toLowerCase().replaceAll('.', '').replaceAll(' ', '-');
  const link = needsMigration(version)
    ? `[Migration steps](${url}#${anchor})`
    : `[Migration steps](${url}), also from other actions`;
  return `${getReleaseSection(changelog, version)}\n\n${link}`;
};
