import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCheckout } from '../../src/host/git-checkout.js';
import { parseRepositoryName, readRunVariables } from '../../src/host/run-variables.js';

const SHA = '5e8ef5c2b1c6a4f1c5d4b3a2918070605040302f';

/** Variables as in the documentation of each system, and the context that they describe. */
const SYSTEMS: Readonly<Record<string, readonly [Record<string, string>, Record<string, string>]>> = {
  'Jenkins, a branch': [
    {
      JENKINS_URL: 'https://ci.example/',
      GIT_COMMIT: SHA,
      GIT_BRANCH: 'origin/main',
      GIT_URL: 'git@github.com:octo/shop.git',
      BUILD_NUMBER: '42',
      JOB_NAME: 'shop',
    },
    { sha: SHA, ref: 'refs/heads/main', repository: 'octo/shop', run_id: '42', workflow: 'shop' },
  ],
  'Jenkins, a pull request': [
    {
      JENKINS_URL: 'https://ci.example/',
      GIT_COMMIT: SHA,
      BRANCH_NAME: 'PR-7',
      CHANGE_ID: '7',
      CHANGE_BRANCH: 'feature',
      CHANGE_TARGET: 'main',
      BUILD_NUMBER: '42',
    },
    { sha: SHA, ref: 'refs/heads/feature', base_ref: 'main', head_ref: 'feature', pull_request_number: '7' },
  ],
  'Jenkins, a tag': [
    { JENKINS_URL: 'https://ci.example/', GIT_COMMIT: SHA, BRANCH_NAME: 'v1', TAG_NAME: 'v1', GIT_BRANCH: 'v1' },
    { sha: SHA, ref: 'refs/tags/v1', ref_name: 'v1' },
  ],
  Bitbucket: [
    {
      BITBUCKET_BUILD_NUMBER: '17',
      BITBUCKET_COMMIT: SHA,
      BITBUCKET_BRANCH: 'feature',
      BITBUCKET_REPO_FULL_NAME: 'octo/shop',
      BITBUCKET_STEP_RUN_NUMBER: '2',
      BITBUCKET_PR_ID: '7',
      BITBUCKET_PR_DESTINATION_BRANCH: 'main',
    },
    {
      sha: SHA,
      ref: 'refs/heads/feature',
      repository: 'octo/shop',
      run_id: '17',
      run_attempt: '2',
      base_ref: 'main',
      pull_request_number: '7',
    },
  ],
  'CircleCI, a pull request': [
    { CIRCLECI: 'true', CIRCLE_SHA1: SHA, CIRCLE_PULL_REQUEST: 'https://github.com/octo/shop/pull/7' },
    { sha: SHA, pull_request_number: '7' },
  ],
  'CircleCI, a tag': [
    {
      CIRCLECI: 'true',
      CIRCLE_SHA1: SHA,
      CIRCLE_TAG: 'v1.2.0',
      CIRCLE_PROJECT_USERNAME: 'octo',
      CIRCLE_PROJECT_REPONAME: 'shop',
      CIRCLE_BUILD_NUM: '99',
      CIRCLE_JOB: 'deliver',
    },
    { sha: SHA, ref: 'refs/tags/v1.2.0', ref_type: 'tag', repository: 'octo/shop', run_id: '99', job: 'deliver' },
  ],
  'CircleCI, a project of the GitHub App': [
    { CIRCLECI: 'true', CIRCLE_BRANCH: 'feature', CIRCLE_REPOSITORY_URL: 'git@github.com:octo/shop.git' },
    { ref: 'refs/heads/feature', repository: 'octo/shop' },
  ],
  'Buildkite, a pull request': [
    {
      BUILDKITE: 'true',
      BUILDKITE_COMMIT: SHA,
      BUILDKITE_BRANCH: 'feature',
      BUILDKITE_PULL_REQUEST: '7',
      BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main',
    },
    { sha: SHA, ref: 'refs/heads/feature', base_ref: 'main', head_ref: 'feature', pull_request_number: '7' },
  ],
  'Buildkite, a tag, by hand': [
    { BUILDKITE: 'true', BUILDKITE_COMMIT: 'HEAD', BUILDKITE_BRANCH: 'v1', BUILDKITE_TAG: 'v1' },
    { ref: 'refs/tags/v1' },
  ],
  Buildkite: [
    {
      BUILDKITE: 'true',
      BUILDKITE_COMMIT: SHA,
      BUILDKITE_BRANCH: 'main',
      BUILDKITE_TAG: '',
      BUILDKITE_REPO: 'https://github.com/octo/shop.git',
      BUILDKITE_BUILD_NUMBER: '5',
      BUILDKITE_RETRY_COUNT: '1',
      BUILDKITE_PULL_REQUEST: 'false',
      BUILDKITE_PULL_REQUEST_BASE_BRANCH: '',
    },
    { sha: SHA, ref: 'refs/heads/main', repository: 'octo/shop', run_id: '5', run_attempt: '2' },
  ],
  'CodeBuild, a pull request': [
    {
      CODEBUILD_BUILD_ID: 'shop:b1e6661e-e4f2-4156-9ab9-82a19',
      CODEBUILD_BUILD_NUMBER: '8',
      CODEBUILD_RESOLVED_SOURCE_VERSION: SHA,
      CODEBUILD_SOURCE_REPO_URL: 'https://github.com/octo/shop.git',
      CODEBUILD_WEBHOOK_TRIGGER: 'pr/7',
      CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/feature',
      CODEBUILD_WEBHOOK_BASE_REF: 'refs/heads/main',
    },
    {
      sha: SHA,
      ref: 'refs/heads/feature',
      base_ref: 'main',
      head_ref: 'feature',
      run_id: '8',
      pull_request_number: '7',
    },
  ],
  'CodeBuild, a pull request by hand': [
    { CODEBUILD_BUILD_ID: 'shop:1', CODEBUILD_RESOLVED_SOURCE_VERSION: SHA, CODEBUILD_SOURCE_VERSION: 'pr/7' },
    { sha: SHA, pull_request_number: '7' },
  ],
  'CodeBuild, a tag': [
    { CODEBUILD_BUILD_ID: 'shop:1', CODEBUILD_RESOLVED_SOURCE_VERSION: SHA, CODEBUILD_WEBHOOK_TRIGGER: 'tag/v1' },
    { sha: SHA, ref: 'refs/tags/v1' },
  ],
  TeamCity: [
    { TEAMCITY_VERSION: '2025.07', BUILD_VCS_NUMBER: SHA, BUILD_NUMBER: '31', TEAMCITY_PROJECT_NAME: 'Shop' },
    { sha: SHA, run_id: '31', workflow: 'Shop' },
  ],
  Drone: [
    {
      DRONE: 'true',
      DRONE_COMMIT_SHA: SHA,
      DRONE_BRANCH: 'main',
      DRONE_SOURCE_BRANCH: 'feature',
      DRONE_TARGET_BRANCH: 'main',
      DRONE_PULL_REQUEST: '7',
      DRONE_REPO: 'octo/shop',
      DRONE_BUILD_NUMBER: '42',
    },
    {
      sha: SHA,
      ref: 'refs/heads/feature',
      repository: 'octo/shop',
      run_id: '42',
      base_ref: 'main',
      pull_request_number: '7',
    },
  ],
  Woodpecker: [
    { CI: 'woodpecker', CI_PIPELINE_NUMBER: '8', CI_COMMIT_SHA: SHA, CI_COMMIT_BRANCH: 'main', CI_REPO: 'octo/shop' },
    { sha: SHA, ref: 'refs/heads/main', repository: 'octo/shop', run_id: '8' },
  ],
  'Woodpecker, a pull request': [
    {
      CI_PIPELINE_NUMBER: '8',
      CI_PIPELINE_AUTHOR: 'jo',
      CI_COMMIT_SHA: SHA,
      CI_COMMIT_BRANCH: 'main',
      CI_COMMIT_SOURCE_BRANCH: 'feature',
      CI_COMMIT_TARGET_BRANCH: 'main',
      CI_COMMIT_PULL_REQUEST: '7',
    },
    { sha: SHA, ref: 'refs/heads/feature', base_ref: 'main', actor: 'jo', pull_request_number: '7' },
  ],
  'Harness, a pull request': [
    {
      HARNESS_EXECUTION_ID: 'x',
      DRONE: 'true',
      DRONE_COMMIT_SHA: SHA,
      DRONE_BRANCH: 'main',
      DRONE_SOURCE_BRANCH: 'feature',
      DRONE_TARGET_BRANCH: 'main',
      DRONE_PULL_REQUEST: '7',
    },
    { sha: SHA, ref: 'refs/heads/feature', base_ref: 'main', head_ref: 'feature', pull_request_number: '7' },
  ],
  'Harness, a pushed tag': [
    { HARNESS_EXECUTION_ID: 'x', DRONE_BRANCH: 'refs/tags/v1', DRONE_SOURCE_BRANCH: 'refs/tags/v1' },
    { ref: 'refs/tags/v1', ref_name: 'v1', ref_type: 'tag' },
  ],
  Harness: [
    {
      HARNESS_BUILD_ID: '12',
      HARNESS_PIPELINE_ID: 'shop',
      DRONE_COMMIT_SHA: SHA,
      DRONE_BRANCH: 'main',
      DRONE_REPO: 'o/s',
    },
    { sha: SHA, ref: 'refs/heads/main', repository: 'o/s', run_id: '12', workflow: 'shop' },
  ],
  'Travis, a pull request': [
    {
      TRAVIS: 'true',
      TRAVIS_BRANCH: 'main',
      TRAVIS_COMMIT: 'f'.repeat(40),
      TRAVIS_PULL_REQUEST: '7',
      TRAVIS_PULL_REQUEST_BRANCH: 'feature',
      TRAVIS_PULL_REQUEST_SHA: SHA,
      TRAVIS_REPO_SLUG: 'octo/shop',
      TRAVIS_BUILD_ID: '266',
    },
    {
      sha: SHA,
      ref: 'refs/heads/feature',
      base_ref: 'main',
      head_ref: 'feature',
      run_id: '266',
      pull_request_number: '7',
    },
  ],
  'Travis, a push': [
    { TRAVIS: 'true', TRAVIS_BRANCH: 'main', TRAVIS_COMMIT: SHA, TRAVIS_PULL_REQUEST: 'false' },
    { sha: SHA, ref: 'refs/heads/main' },
  ],
};

describe('readRunVariables', () => {
  it.each(Object.entries(SYSTEMS))('knows the run of %s', (_, [env, context]) => {
    expect(readRunVariables(env)).toMatchObject(context);
  });

  it.each(['Buildkite', 'Travis, a push', 'CircleCI, a tag', 'CodeBuild, a tag'])(
    'names no pull request for %s',
    (name) => {
      const variables = readRunVariables(SYSTEMS[name]?.[0] ?? {});
      expect(variables).not.toHaveProperty('base_ref');
      expect(variables).not.toHaveProperty('pull_request_number');
    },
  );

  it('takes words of the systems for absent values', () => {
    expect(readRunVariables({ JENKINS_URL: 'https://ci.example/', GIT_BRANCH: 'detached' })).not.toHaveProperty('ref');
    expect(readRunVariables({ DRONE: 'true', DRONE_COMMIT_AUTHOR: 'null' })).not.toHaveProperty('actor');
  });

  it('is empty without a known system', () => {
    expect(readRunVariables({ BUILD_NUMBER: '1', PATH: '/bin' })).toEqual({});
  });
});

describe('parseRepositoryName', () => {
  it.each([
    ['octo/shop', 'octo/shop'],
    ['https://github.com/octo/shop.git', 'octo/shop'],
    ['https://user:token@host.example/group/sub/shop', 'sub/shop'],
    ['git@github.com:octo/shop.git', 'octo/shop'],
    ['ssh://git@host:22/octo/shop.git', 'octo/shop'],
    ['/', undefined],
    ['', undefined],
  ])('of %s is %s', (repository, name) => {
    expect(parseRepositoryName(repository)).toBe(name);
  });
});

describe('readCheckout', () => {
  it('reads commit, branch or tag, and repository with git', () => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'checkout-')));
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
        cwd: directory,
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim();
    try {
      expect(readCheckout(directory, process.env)).toEqual({});
      git('init', '--quiet', '--initial-branch=trunk');
      git('commit', '--quiet', '--allow-empty', '-m', 'one');
      git('remote', 'add', 'origin', 'git@github.com:octo/shop.git');
      const sha = git('rev-parse', 'HEAD');
      const repository = { repository: 'octo/shop', repository_owner: 'octo' };
      expect(readCheckout(directory, process.env)).toEqual({
        sha,
        ref: 'refs/heads/trunk',
        ref_name: 'trunk',
        ref_type: 'branch',
        ...repository,
      });
      git('tag', 'v1');
      git('checkout', '--quiet', '--detach');
      expect(readCheckout(directory, process.env)).toMatchObject({ sha, ref: 'refs/tags/v1', ...repository });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
