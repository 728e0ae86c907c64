/** The changelog has sections `## <version>`, newest first, below `## Unreleased`. */

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
  if (notes === '') throw new Error(`the changelog says nothing of ${version}: write what changes for users`);
  return notes;
};

/**
 * Moves the unreleased changes to a new version.
 * @param {string} changelog @param {string} version @param {string} date as 2026-01-31
 */
export const addRelease = (changelog, version, date) => {
  getReleaseNotes(changelog, UNRELEASED);
  return changelog.replace(`## ${UNRELEASED}\n`, `## ${UNRELEASED}\n\n## ${version} (${date})\n`);
};
