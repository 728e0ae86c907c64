/** Normalizes a path of an AWS finding, relative to the repository root; undefined for one outside of it. */
export const toRepositoryPath = (path: string | undefined): string | undefined => {
  const normalized = path?.replaceAll('\\', '/').replace(/^(?:\.?\/)+/u, '');
  return normalized === undefined || normalized === '' || normalized.split('/').includes('..') ? undefined : normalized;
};
