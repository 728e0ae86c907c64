import { type GitHubOptions, githubApi } from '@aws-delivery/action-kit/github-api';
import type { Repository } from '@aws-delivery/findings/git';

/** The commit that a branch is at now, where the checkout came from; undefined where nobody says. */
export type BranchTip = (branch: string) => Promise<string | undefined>;

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Asks GitHub, which takes the job's token; or git, for which a checkout may have kept no credentials. */
export const branchTip = (
  options: Omit<GitHubOptions, 'token'> & { readonly token: string | undefined },
  repository: Repository,
): BranchTip => {
  const { token } = options;
  if (token === undefined) return (branch) => repository.branchThere(branch);
  const api = githubApi({ ...options, token });
  return async (branch) => {
    const name = branch.split('/').map(encodeURIComponent).join('/');
    const answer = await api.send('GET', `/git/ref/heads/${name}`).catch(() => undefined);
    const commit = memberOf(memberOf(answer, 'object'), 'sha');
    return typeof commit === 'string' ? commit : repository.branchThere(branch);
  };
};
