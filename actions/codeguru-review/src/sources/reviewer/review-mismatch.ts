import { join, resolve } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import type { Change } from '@aws-delivery/findings/change/change';
import { resolveCheckoutPath } from '@aws-delivery/findings/ignore/policy-file';
import type { GetBranchHead } from './branch-head.js';

export interface MismatchServices {
  readonly change: Change;
  readonly repository: Repository;
  /** The folder that is looked at. */
  readonly root: string;
}

/** What CodeGuru Reviewer reads in the root of the code it looks at, to learn what it is to leave out. */
const CONFIGURATION_FILE = 'aws-codeguru-reviewer.yml';

/** The file at the top is read where CodeGuru Reviewer fetches the repository, that of the folder where it is uploaded. */
const listConfigurationFiles = async ({ repository, root }: MismatchServices): Promise<readonly string[]> => {
  const rootPath = resolve(root);
  const rootConfiguration = await resolveCheckoutPath(join(rootPath, CONFIGURATION_FILE), rootPath, repository);
  return [...new Set([CONFIGURATION_FILE, ...(rootConfiguration === undefined ? [] : [rootConfiguration])])];
};

/** A pull request that changes what CodeGuru Reviewer leaves out would be judged by its own rules. */
export const findConfigurationMismatch = async (services: MismatchServices): Promise<string | undefined> => {
  const { change, repository } = services;
  if (change.kind !== 'pull-request') return undefined;
  for (const path of await listConfigurationFiles(services)) {
    const [before, now] = [await repository.getObjectId(change.base, path), await repository.getObjectId('HEAD', path)];
    if (before !== now) return `the pull request changes ${path}, and with it what is left out of its review`;
  }
  return undefined;
};

/**
 * A branch that CodeGuru Reviewer fetches itself may have moved on, and that of a fork may have the name of another
 * here: to be asked before the review, and once it has ended.
 * @param commit the one under review
 */
export const findBranchMismatch = async (
  branch: string,
  commit: string | undefined,
  { change, getBranchHead }: { readonly change: Change; readonly getBranchHead: GetBranchHead },
): Promise<string | undefined> => {
  if (change.kind === 'pull-request' && change.isFork) {
    return `CodeGuru Reviewer fetches branches of the repository itself, and '${branch}' is one of a fork`;
  }
  const branchHead = await getBranchHead(branch);
  if (branchHead === undefined) {
    const hint = "give the action a 'github-token', or let the checkout keep its credentials for git";
    return `nobody knows which commit branch '${branch}' is at, so the review may be of another: ${hint}`;
  }
  if (branchHead === commit) return undefined;
  return `CodeGuru Reviewer fetches branch '${branch}', which is at ${branchHead}, not at ${commit ?? 'a commit that is known'}`;
};
