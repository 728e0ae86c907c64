import type { DesiredProfile } from './desired-profile.js';

const removeExtension = (path: string): string => path.replace(/\.[^./]+$/, '');

/**
 * Which targets depend on the changed files of a tree, whose paths are relative to it. A change
 * below an environment concerns all of it: where it is new it has nothing of the template yet.
 */
export const createChangeFilter = (
  paths: readonly string[],
): ((desired: Pick<DesiredProfile, 'tenant' | 'environment' | 'profile'>) => boolean) => {
  if (paths.some((path) => /^appconfig\.ya?ml$/.test(path))) return () => true;
  const stems = new Set(paths.map(removeExtension));
  const directories = new Set(paths.map((path) => path.split('/').slice(0, 3).join('/')));
  return ({ tenant, environment, profile }) =>
    stems.has(`template/${profile}`) ||
    stems.has(`schemas/${profile}.schema`) ||
    directories.has(`tenants/${tenant}/${environment}`);
};
