import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { createGitHubApi, type GitHubOptions } from '@aws-delivery/action-kit/github/api';

/** The commit that a branch is at now, where the checkout came from; undefined where nobody says. */
export type GetBranchHead = (branch: string) => Promise<string | undefined>;

const getMember = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Asks GitHub, which takes the job's token; or git, for which a checkout may have kept no credentials. */
export const createBranchHeadLookup = (
  options: Omit<GitHubOptions, 'token'> & { readonly token: string | undefined },
  repository: Repository,
): GetBranchHead => {
  const { token } = options;
  if (token === undefined) return (branch) => repository.getRemoteBranchHead(branch);
  const api = createGitHubApi({ ...options, token });
  return async (branch) => {
    const name = branch.split('/').map(encodeURIComponent).join('/');
    const response = await api.send('GET', `/git/ref/heads/${name}`).catch(() => undefined);
    const commit = getMember(getMember(response, 'object'), 'sha');
    return typeof commit === 'string' ? commit : repository.getRemoteBranchHead(branch);
  };
};
