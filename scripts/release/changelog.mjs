/** The changelog: sections of `## <version>`, newest first, above them what is unreleased. */

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
 * What changed in a version.
 * @param {string} changelog @param {string} version
 */
export const getReleaseNotes = (changelog, version) => {
  const notes = findSection(changelog, version);
  if (notes === '') throw new Error(`the changelog says nothing of ${version}: write what changes for users`);
  return notes;
};

/**
 * The changelog with what is unreleased as a version of its own.
 * @param {string} changelog @param {string} version @param {string} date as 2026-01-31
 */
export const addRelease = (changelog, version, date) => {
  getReleaseNotes(changelog, UNRELEASED);
  return changelog.replace(`## ${UNRELEASED}\n`, `## ${UNRELEASED}\n\n## ${version} (${date})\n`);
};
