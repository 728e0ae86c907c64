import type { Target } from './target.js';

const withoutEnding = (path: string): string => path.replace(/\.[^./]+$/, '');

/** Which targets depend on the changed files of a tree. `root` and the files are relative to the same folder. */
export const affectedBy = (
  root: string,
  changed: readonly string[],
): ((target: Pick<Target, 'tenant' | 'environment' | 'profile'>) => boolean) => {
  const prefix = root === '' ? '' : `${root}/`;
  const paths = changed.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  if (paths.some((path) => /^appconfig\.ya?ml$/.test(path))) return () => true;
  const stems = new Set(paths.map(withoutEnding));
  return ({ tenant, environment, profile }) =>
    stems.has(`template/${profile}`) ||
    stems.has(`schemas/${profile}.schema`) ||
    stems.has(`tenants/${tenant}/${environment}/${profile}`);
};
