import type { Env } from '@aws-delivery/action-kit/util/env';
import { buildRef } from './host.js';

/** What the variables of a CI system say of a run; empty values count as absent. */
interface RunDescription {
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  /** `owner/name`, or a URL of the repository. */
  readonly repository?: string | undefined;
  /** A decimal number; other identifiers cannot identify a run. */
  readonly runId?: string | undefined;
  /** The number of the attempt, counted from 1. */
  readonly attempt?: string | undefined;
  readonly job?: string | undefined;
  readonly workflow?: string | undefined;
  readonly actor?: string | undefined;
  /** Target branch of a pull request. */
  readonly target?: string | undefined;
  /** Source branch of a pull request. */
  readonly source?: string | undefined;
  /** Number of a pull request, or a text that ends with it, such as its URL. */
  readonly pullRequest?: string | undefined;
}

interface CiSystem {
  /** Variables that are set on this system only. */
  readonly detectedBy: readonly string[];
  readonly describe: (env: Env) => RunDescription;
}

/** Attempts that systems count from 0. */
const addOne = (count: string | undefined): string | undefined =>
  /^\d+$/u.test(count ?? '') ? String(Number(count) + 1) : undefined;

/** The value unless it is the system's word for "none". */
const unless = (none: string, value: string | undefined): string | undefined => (value === none ? undefined : value);

const stripPrefix = (prefix: string, value: string | undefined): string | undefined =>
  value?.startsWith(prefix) ? value.slice(prefix.length) : undefined;

const describeDrone = (env: Env): RunDescription => ({
  commit: env['DRONE_COMMIT_SHA'] || env['DRONE_COMMIT'],
  branch: env['DRONE_SOURCE_BRANCH'] || env['DRONE_BRANCH'],
  tag: env['DRONE_TAG'],
  repository: env['DRONE_REPO'],
  runId: env['DRONE_BUILD_NUMBER'],
  job: env['DRONE_STAGE_NAME'],
  workflow: env['DRONE_REPO_NAME'],
  // Harness sets `null` for an unknown author, and the ref of a tag as the branch.
  actor: unless('null', env['DRONE_COMMIT_AUTHOR']),
  pullRequest: env['DRONE_PULL_REQUEST'],
  ...(env['DRONE_PULL_REQUEST'] ? { target: env['DRONE_TARGET_BRANCH'], source: env['DRONE_SOURCE_BRANCH'] } : {}),
});

/**
 * The systems in the order of detection. Names of variables:
 * - Bitbucket: support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets
 * - CircleCI: circleci.com/docs/reference/variables
 * - Buildkite: buildkite.com/docs/pipelines/configure/environment-variables
 * - CodeBuild: docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 * - Travis: docs.travis-ci.com/user/environment-variables
 * - Harness: developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var
 * - Drone: docs.drone.io/pipeline/environment/reference
 * - Woodpecker: woodpecker-ci.org/docs/usage/environment
 * - TeamCity: jetbrains.com/help/teamcity/predefined-build-parameters.html
 * - Jenkins: /pipeline-syntax/globals of each Jenkins
 *
 * Tekton sets no variables: its run is read from git or options.
 */
const CI_SYSTEMS: Readonly<Record<string, CiSystem>> = {
  Bitbucket: {
    detectedBy: ['BITBUCKET_BUILD_NUMBER'],
    describe: (env) => ({
      commit: env['BITBUCKET_COMMIT'],
      branch: env['BITBUCKET_BRANCH'],
      tag: env['BITBUCKET_TAG'],
      repository: env['BITBUCKET_REPO_FULL_NAME'],
      runId: env['BITBUCKET_BUILD_NUMBER'],
      attempt: env['BITBUCKET_STEP_RUN_NUMBER'],
      workflow: env['BITBUCKET_REPO_SLUG'],
      target: env['BITBUCKET_PR_DESTINATION_BRANCH'],
      source: env['BITBUCKET_PR_DESTINATION_BRANCH'] && env['BITBUCKET_BRANCH'],
      pullRequest: env['BITBUCKET_PR_ID'],
    }),
  },
  CircleCI: {
    detectedBy: ['CIRCLECI'],
    describe: (env) => ({
      commit: env['CIRCLE_SHA1'],
      branch: env['CIRCLE_BRANCH'],
      tag: env['CIRCLE_TAG'],
      repository: env['CIRCLE_PROJECT_USERNAME']
        ? `${env['CIRCLE_PROJECT_USERNAME']}/${env['CIRCLE_PROJECT_REPONAME'] ?? ''}`
        : env['CIRCLE_REPOSITORY_URL'],
      runId: env['CIRCLE_BUILD_NUM'],
      job: env['CIRCLE_JOB'],
      workflow: env['CIRCLE_PROJECT_REPONAME'],
      actor: env['CIRCLE_USERNAME'],
      pullRequest: env['CIRCLE_PR_NUMBER'] || env['CIRCLE_PULL_REQUEST'],
    }),
  },
  Buildkite: {
    detectedBy: ['BUILDKITE'],
    describe: (env) => ({
      // A build by hand has the commit HEAD.
      commit: unless('HEAD', env['BUILDKITE_COMMIT']),
      branch: env['BUILDKITE_BRANCH'],
      tag: env['BUILDKITE_TAG'],
      repository: env['BUILDKITE_REPO'],
      runId: env['BUILDKITE_BUILD_NUMBER'],
      attempt: addOne(env['BUILDKITE_RETRY_COUNT']),
      job: env['BUILDKITE_STEP_KEY'] || env['BUILDKITE_LABEL'],
      workflow: env['BUILDKITE_PIPELINE_SLUG'],
      actor: env['BUILDKITE_BUILD_CREATOR'],
      target: env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'],
      source: env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'] && env['BUILDKITE_BRANCH'],
      pullRequest: env['BUILDKITE_PULL_REQUEST'],
    }),
  },
  CodeBuild: {
    detectedBy: ['CODEBUILD_BUILD_ID'],
    describe: (env) => {
      const [head, base, trigger] = ['HEAD_REF', 'BASE_REF', 'TRIGGER'].map((name) => env[`CODEBUILD_WEBHOOK_${name}`]);
      const headBranch = stripPrefix('refs/heads/', head);
      return {
        commit: env['CODEBUILD_RESOLVED_SOURCE_VERSION'],
        branch: headBranch ?? stripPrefix('branch/', trigger),
        tag: stripPrefix('refs/tags/', head) ?? stripPrefix('tag/', trigger),
        repository: env['CODEBUILD_SOURCE_REPO_URL'],
        runId: env['CODEBUILD_BUILD_NUMBER'],
        workflow: env['CODEBUILD_BUILD_ID']?.split(':')[0],
        actor: env['CODEBUILD_INITIATOR'],
        target: stripPrefix('refs/heads/', base),
        source: base && headBranch,
        pullRequest: stripPrefix('pr/', trigger ?? env['CODEBUILD_SOURCE_VERSION']),
      };
    },
  },
  Travis: {
    detectedBy: ['TRAVIS'],
    describe: (env) => {
      const isPullRequest = unless('false', env['TRAVIS_PULL_REQUEST']) !== undefined;
      return {
        commit: isPullRequest ? env['TRAVIS_PULL_REQUEST_SHA'] : env['TRAVIS_COMMIT'],
        branch: isPullRequest ? env['TRAVIS_PULL_REQUEST_BRANCH'] : env['TRAVIS_BRANCH'],
        tag: env['TRAVIS_TAG'],
        repository: env['TRAVIS_REPO_SLUG'],
        runId: env['TRAVIS_BUILD_ID'],
        job: env['TRAVIS_JOB_NAME'],
        workflow: env['TRAVIS_REPO_SLUG'],
        pullRequest: env['TRAVIS_PULL_REQUEST'],
        ...(isPullRequest ? { target: env['TRAVIS_BRANCH'], source: env['TRAVIS_PULL_REQUEST_BRANCH'] } : {}),
      };
    },
  },
  // Harness sets the variables of Drone.
  Harness: {
    detectedBy: ['HARNESS_BUILD_ID', 'HARNESS_PIPELINE_ID', 'HARNESS_EXECUTION_ID'],
    describe: (env) => ({
      ...describeDrone(env),
      runId: env['DRONE_BUILD_NUMBER'] || env['HARNESS_BUILD_ID'],
      job: env['HARNESS_STAGE_ID'],
      workflow: env['HARNESS_PIPELINE_ID'],
    }),
  },
  Drone: { detectedBy: ['DRONE'], describe: describeDrone },
  Woodpecker: {
    detectedBy: ['CI_PIPELINE_NUMBER'],
    describe: (env) => ({
      commit: env['CI_COMMIT_SHA'],
      branch: env['CI_COMMIT_SOURCE_BRANCH'] || env['CI_COMMIT_BRANCH'],
      tag: env['CI_COMMIT_TAG'],
      repository: env['CI_REPO'],
      runId: env['CI_PIPELINE_NUMBER'],
      job: env['CI_WORKFLOW_NAME'],
      workflow: env['CI_REPO_NAME'],
      actor: env['CI_PIPELINE_AUTHOR'] || env['CI_COMMIT_AUTHOR'],
      target: env['CI_COMMIT_TARGET_BRANCH'],
      source: env['CI_COMMIT_SOURCE_BRANCH'],
      pullRequest: env['CI_COMMIT_PULL_REQUEST'],
    }),
  },
  TeamCity: {
    detectedBy: ['TEAMCITY_VERSION'],
    describe: (env) => ({
      commit: env['BUILD_VCS_NUMBER'],
      runId: env['BUILD_NUMBER'],
      job: env['TEAMCITY_BUILDCONF_NAME'],
      workflow: env['TEAMCITY_PROJECT_NAME'],
    }),
  },
  Jenkins: {
    detectedBy: ['JENKINS_URL', 'JENKINS_HOME'],
    describe: (env) => ({
      commit: env['GIT_COMMIT'],
      branch:
        env['CHANGE_BRANCH'] || env['BRANCH_NAME'] || unless('detached', env['GIT_BRANCH']?.replace(/^origin\//u, '')),
      tag: env['TAG_NAME'],
      repository: env['GIT_URL'],
      runId: env['BUILD_NUMBER'],
      job: env['STAGE_NAME'],
      workflow: env['JOB_NAME'],
      actor: env['CHANGE_AUTHOR'] || env['BUILD_USER_ID'],
      target: env['CHANGE_TARGET'],
      source: env['CHANGE_BRANCH'],
      pullRequest: env['CHANGE_ID'],
    }),
  },
};

/** `owner/name` from a name or a URL such as `git@host:owner/name.git`. */
export const parseRepositoryName = (repository: string): string | undefined => {
  const path = repository
    .replace(/^[a-z+]+:\/\/[^/]*\//u, '')
    .replace(/^(?:[^/:@]*@)?[^/:@]*:/u, '')
    .replace(/\.git$/u, '');
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length < 2 ? undefined : parts.slice(-2).join('/');
};

/** The digits at the end of a number or URL; undefined for `false` and other words. */
const parsePullRequestNumber = (value: string | undefined): string | undefined =>
  /^(?:https?:\/\/.*\/)?(\d+)$/u.exec(value ?? '')?.[1];

const toContext = (description: RunDescription): Readonly<Record<string, string>> => {
  const { commit, branch, tag, repository, runId, attempt, job, workflow, actor, target, source } = description;
  const name = repository === undefined ? undefined : parseRepositoryName(repository);
  const [owner] = name?.split('/') ?? [];
  const values = {
    sha: commit,
    ...buildRef(branch, tag),
    repository: name,
    repository_owner: owner,
    run_id: runId,
    run_number: runId,
    run_attempt: attempt,
    job,
    workflow,
    actor,
    triggering_actor: actor,
    base_ref: target,
    head_ref: source,
    pull_request_number: parsePullRequestNumber(description.pullRequest),
  };
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value ? [[key, value]] : [])));
};

/** The github context from the variables of the CI system that is detected; empty for none. */
export const readRunVariables = (env: Env): Readonly<Record<string, string>> => {
  const system = Object.values(CI_SYSTEMS).find(({ detectedBy }) => detectedBy.some((name) => env[name]));
  return system === undefined ? {} : toContext(system.describe(env));
};
