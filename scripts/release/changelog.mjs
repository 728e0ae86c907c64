/** The changelog has sections `## <version> (<date>)`, newest first, below `## Unreleased`. */

const UNRELEASED = 'Unreleased';

/** @param {string} changelog @param {string} heading */
const findSection = (changelog, heading) => {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line === `## ${heading}` || line.startsWith(`## ${heading} `));
  if (start < 0) throw new Error(`the changelog has no section '## ${heading}'`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  return lines
    .slice(start + 1, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trim();
};

/**
 * The section of a version.
 * @param {string} changelog @param {string} version
 */
export const getReleaseNotes = (changelog, version) => {
  const notes = findSection(changelog, version);
  if (notes === '') throw new Error(`the section '## ${version}' of the changelog is empty: describe the changes`);
  return notes;
};

/**
 * The newest released version.
 * @param {string} changelog
 * @returns {string | undefined} undefined before the first release
 */
export const findLatestRelease = (changelog) => /^## (\d+\.\d+\.\d+)(?: |$)/mu.exec(changelog)?.[1];

/**
 * Moves the unreleased changes to a new version.
 * @param {string} changelog @param {string} version @param {string} date as 2026-01-31
 */
export const addRelease = (changelog, version, date) => {
  getReleaseNotes(changelog, UNRELEASED);
  return changelog.replace(`## ${UNRELEASED}\n`, `## ${UNRELEASED}\n\n## ${version} (${date})\n`);
};
