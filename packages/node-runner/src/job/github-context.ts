import { join } from 'node:path';

/** The github context of a job, with fixed sample values for whatever the caller does not override. */
export const buildGitHubContext = (workspace: string, temp: string, overrides: Readonly<Record<string, string>>) => {
  const { repository = 'octo-org/octo-repo', ref = 'refs/heads/main' } = overrides;
  const [owner = ''] = repository.split('/');
  const workflowFile = `${repository}/.github/workflows/delivery.yml@${ref}`;
  return {
    actor: 'octocat',
    actor_id: '583231',
    api_url: 'https://api.github.com',
    base_ref: '',
    event_name: 'push',
    event_path: join(temp, 'event.json'),
    graphql_url: 'https://api.github.com/graphql',
    head_ref: '',
    job: 'deliver',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_protected: 'false',
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_id: '1296269',
    repository_owner: owner,
    repository_owner_id: '9919',
    retention_days: '90',
    run_attempt: '1',
    run_id: '1658821493',
    run_number: '1',
    server_url: 'https://github.com',
    sha: 'ffac537e6cbbf934b08745a378932722df287a53',
    token: '',
    triggering_actor: 'octocat',
    workflow: 'delivery',
    workflow_ref: workflowFile,
    workflow_sha: 'ffac537e6cbbf934b08745a378932722df287a53',
    workspace,
    ...overrides,
  };
};

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macOS', win32: 'Windows' };
const ARCHITECTURES: Readonly<Record<string, string>> = { arm: 'ARM', arm64: 'ARM64', ia32: 'X86', x64: 'X64' };

/** The runner context of this machine. */
export const buildRunnerContext = (temp: string): Record<string, string> => ({
  arch: ARCHITECTURES[process.arch] ?? process.arch.toUpperCase(),
  environment: 'self-hosted',
  name: 'node-runner',
  os: OPERATING_SYSTEMS[process.platform] ?? 'Linux',
  temp,
  tool_cache: join(temp, '_tool'),
});

/** A context as environment variables (`GITHUB_RUN_ID` for `run_id`), without the token, as on GitHub. */
export const buildContextEnv = (prefix: string, context: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(context)
      .filter(([name]) => name !== 'token')
      .map(([name, value]) => [`${prefix}_${name.toUpperCase()}`, value]),
  );
