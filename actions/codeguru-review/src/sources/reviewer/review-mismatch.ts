import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { createGitHubApi, type GitHubOptions } from '@aws-delivery/action-kit/github/api';
import { getField } from '@aws-delivery/action-kit/util/error-code';
import { encodePath } from '@aws-delivery/action-kit/util/path';
import type { Change } from '@aws-delivery/findings/change/change';
import type { Checkout } from '../../checkout.js';

export interface MismatchServices {
  readonly change: Change;
  readonly checkout: Pick<Checkout, 'repository' | 'prefix'>;
}

/** CodeGuru Reviewer reads this file in the root of the reviewed code; it excludes files from the review. */
const CONFIGURATION_FILE = 'aws-codeguru-reviewer.yml';

/** The configuration at the top applies to a fetched repository, the one in the directory to an upload. */
const listConfigurationFiles = ({ checkout: { prefix } }: MismatchServices): readonly string[] => [
  ...new Set([CONFIGURATION_FILE, `${prefix}${CONFIGURATION_FILE}`]),
];

/** A pull request must not exclude its own files from the review. */
export const findConfigurationMismatch = async (services: MismatchServices): Promise<string | undefined> => {
  const { change, checkout } = services;
  const { repository } = checkout;
  if (change.kind !== 'pull-request') return undefined;
  for (const path of listConfigurationFiles(services)) {
    const [before, now] = [await repository.getObjectId(change.base, path), await repository.getObjectId('HEAD', path)];
    if (before !== now) return `the pull request changes ${path}, which excludes files from the review`;
  }
  return undefined;
};

/** Reads the current head commit of a branch at the remote; undefined if neither GitHub nor git can read it. */
export type GetBranchHead = (branch: string) => Promise<string | undefined>;

/** Reads branch heads from GitHub with the job's token, or from git, whose checkout may have kept no credentials. */
export const createBranchHeadLookup = (
  options: Omit<GitHubOptions, 'token'> & { readonly token: string | undefined },
  repository: Repository,
): GetBranchHead => {
  const { token } = options;
  if (token === undefined) return (branch) => repository.getRemoteBranchHead(branch);
  const api = createGitHubApi({ ...options, token });
  return async (branch) => {
    const name = encodePath(branch);
    const response = await api.send('GET', `/git/ref/heads/${name}`).catch(() => undefined);
    const commit = getField(getField(response, 'object'), 'sha');
    return typeof commit === 'string' ? commit : repository.getRemoteBranchHead(branch);
  };
};

/**
 * Why CodeGuru Reviewer would review another commit than `commit`: the branch may have moved on, or a fork's branch has
 * the same name as one of this repository. Call it before and after the review.
 */
export const findBranchMismatch = async (
  branch: string,
  commit: string | undefined,
  { change, getBranchHead }: { readonly change: Change; readonly getBranchHead: GetBranchHead },
): Promise<string | undefined> => {
  if (change.kind === 'pull-request' && change.isFork) {
    return `CodeGuru Reviewer fetches only branches of the associated repository, but '${branch}' is a branch of a fork`;
  }
  const branchHead = await getBranchHead(branch);
  if (branchHead === undefined) {
    const hint = "set 'github-token', or 'persist-credentials: true' in actions/checkout";
    return `cannot determine the head commit of branch '${branch}', which CodeGuru Reviewer fetches: ${hint}`;
  }
  if (branchHead === commit) return undefined;
  return `CodeGuru Reviewer fetches branch '${branch}' at commit ${branchHead}, expected ${commit ?? 'a known commit'}`;
};
