/**
 * The changelog follows Keep a Changelog 1.1.0: sections `## [<version>] - <date>`, newest first, below
 * `## [Unreleased]`, and a link for each at the end.
 */

const UNRELEASED = 'Unreleased';

/** Groups of changes, in the order of Keep a Changelog. */
export const CHANGE_GROUPS = /** @type {const} */ (['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);

/** @typedef {(typeof CHANGE_GROUPS)[number]} ChangeGroup */

const LINK = /^\[[^\]]+\]: /u;

/** @param {string} changelog @param {string} name */
const findSection = (changelog, name) => {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line === `## [${name}]` || line.startsWith(`## [${name}] - `));
  if (start < 0) throw new Error(`the changelog has no section '## [${name}]'`);
  const rest = lines.slice(start + 1);
  const length = rest.findIndex((line) => line.startsWith('## ') || LINK.test(line));
  return rest
    .slice(0, length < 0 ? undefined : length)
    .join('\n')
    .trim();
};

/** @param {string} changelog */
export const getUnreleasedChanges = (changelog) => findSection(changelog, UNRELEASED);

/**
 * The section of a version.
 * @param {string} changelog @param {string} version
 */
export const getReleaseSection = (changelog, version) => {
  const section = findSection(changelog, version);
  if (section === '') throw new Error(`the section '## [${version}]' of the changelog is empty: describe the changes`);
  return section;
};

/**
 * The newest released version.
 * @param {string} changelog
 * @returns {string | undefined} undefined before the first release
 */
export const findLatestRelease = (changelog) => /^## \[(\d+\.\d+\.\d+)\] - /mu.exec(changelog)?.[1];

/** @param {string} changelog */
const findReleases = (changelog) =>
  [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\] - /gmu)].map(([, version = '']) => version);

/**
 * Writes the link of every section: to the comparison with the version before it.
 * @param {string} changelog @param {string} repository `owner/name`
 */
const writeLinks = (changelog, repository) => {
  const releases = findReleases(changelog);
  const url = `https://github.com/${repository}`;
  const links = releases.map((version, index) => {
    const earlier = releases[index + 1];
    const page = earlier === undefined ? `releases/tag/v${version}` : `compare/v${earlier}...v${version}`;
    return `[${version}]: ${url}/${page}`;
  });
  const latest = releases[0];
  const unreleased = latest === undefined ? 'commits/main' : `compare/v${latest}...HEAD`;
  const text = changelog
    .split('\n')
    .filter((line) => !LINK.test(line))
    .join('\n')
    .trimEnd();
  return `${text}\n\n${[`[${UNRELEASED}]: ${url}/${unreleased}`, ...links].join('\n')}\n`;
};

/**
 * Moves the unreleased changes to a new version.
 * @param {string} changelog
 * @param {{ version: string, date: string, repository: string, drafted?: string }} release the date as 2026-01-31;
 *   `drafted` is the section of a changelog without unreleased changes
 */
export const addRelease = (changelog, { version, date, repository, drafted = '' }) => {
  const changes = getUnreleasedChanges(changelog);
  if (changes === '' && drafted === '') {
    throw new Error(`the section '## [${UNRELEASED}]' of the changelog is empty: describe the changes`);
  }
  const heading = `## [${UNRELEASED}]\n\n## [${version}] - ${date}\n`;
  const section = changes === '' ? `${heading}\n${drafted}\n` : heading;
  return writeLinks(
    changelog.replace(`## [${UNRELEASED}]\n`, () => section),
    repository,
  );
};
