import { join, resolve } from 'node:path';
import type { Change } from '@aws-delivery/findings/change';
import type { Repository } from '@aws-delivery/findings/git';
import { pathInCheckout } from '@aws-delivery/findings/policy-file';
import type { BranchTip } from './branch-tip.js';

export interface DoubtServices {
  readonly change: Change;
  readonly repository: Repository;
  /** The folder that is looked at. */
  readonly root: string;
}

/** What CodeGuru Reviewer reads in the root of the code it looks at, to learn what it is to leave out. */
const CONFIGURATION = 'aws-codeguru-reviewer.yml';

/** The file at the top is read where CodeGuru Reviewer fetches the repository, that of the folder where it is uploaded. */
const configurations = async ({ repository, root }: DoubtServices): Promise<readonly string[]> => {
  const here = resolve(root);
  const own = await pathInCheckout(join(here, CONFIGURATION), here, repository);
  return [...new Set([CONFIGURATION, ...(own === undefined ? [] : [own])])];
};

/** A pull request that changes what CodeGuru Reviewer leaves out would be judged by its own rules. */
export const configurationDoubt = async (services: DoubtServices): Promise<string | undefined> => {
  const { change, repository } = services;
  if (change.kind !== 'pull-request') return undefined;
  for (const path of await configurations(services)) {
    const [before, now] = [await repository.objectAt(change.base, path), await repository.objectAt('HEAD', path)];
    if (before !== now) return `the pull request changes ${path}, and with it what is left out of its review`;
  }
  return undefined;
};

/**
 * A branch that CodeGuru Reviewer fetches itself may have moved on, and that of a fork may have the name of another
 * here: to be asked before the review, and once it has ended.
 * @param commit the one under review
 */
export const branchDoubt = async (
  branch: string,
  commit: string | undefined,
  { change, tip }: { readonly change: Change; readonly tip: BranchTip },
): Promise<string | undefined> => {
  if (change.kind === 'pull-request' && change.isFork) {
    return `CodeGuru Reviewer fetches branches of the repository itself, and '${branch}' is one of a fork`;
  }
  const there = await tip(branch);
  if (there === undefined) {
    const remedy = "give the action a 'github-token', or let the checkout keep its credentials for git";
    return `nobody knows which commit branch '${branch}' is at, so the review may be of another: ${remedy}`;
  }
  if (there === commit) return undefined;
  return `CodeGuru Reviewer fetches branch '${branch}', which is at ${there}, not at ${commit ?? 'a commit that is known'}`;
};
