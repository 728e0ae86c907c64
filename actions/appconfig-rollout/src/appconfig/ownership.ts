import { getRunIdentity } from '@aws-delivery/action-kit/host/run-id';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { ListTagsForResourceCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from './client.js';

/** Tags of the resources that this action creates: the action, and the tree they were created for. */
export const MADE_BY_TAG = { key: 'aws-delivery:made-by', value: 'appconfig-rollout' } as const;
export const TREE_TAG = 'aws-delivery:tree';

/** Identifies the resources of one tree by their tags. */
export interface TreeOwnership {
  readonly appConfig: AppConfig;
  /** `arn:aws:appconfig:eu-west-1:123456789012`. */
  readonly arnPrefix: string;
  /** Value of the tree tag: `octocat/my-repo:config`. */
  readonly origin: string;
}

/** The value of the tree tag: repository and path, in the characters that a tag allows, at most 256. */
export const formatTreeOrigin = (env: Env, path: string): string =>
  `${env['GITHUB_REPOSITORY'] || 'local'}:${path}`.replace(/[^\p{L}\p{Z}\p{N}_.:/=+@-]/gu, '-').slice(0, 256);

/** Whether this action created a resource for this tree, by its tags. Only such resources are deleted or changed. */
export const isOwned = async ({ appConfig, arnPrefix, origin }: TreeOwnership, path: string): Promise<boolean> => {
  const { Tags = {} } = await appConfig.client.send(
    new ListTagsForResourceCommand({ ResourceArn: `${arnPrefix}:${path}` }),
  );
  return Tags[MADE_BY_TAG.key] === MADE_BY_TAG.value && Tags[TREE_TAG] === origin;
};

/**
 * Marks deployments and versions of this run in their description, so that a retry after a lost response, a later
 * attempt, the post step and a revert recognise them.
 */
export interface RunMarker {
  /** The id of the run. */
  readonly run: string;
  /** A new description, unique among all deployments of all attempts. */
  createDescription(): string;
  /** Whether any attempt of this step wrote the description. */
  isOwn(description: string): boolean;
}

export interface RunMarkerOptions {
  /** Run id on hosts that provide none. */
  readonly fallback: string;
  /**
   * Unique per process: the jobs of a matrix have the same run, step and attempt, and the post step of one must not
   * handle deployments of another.
   */
  readonly nonce: string;
  /** Text of the user, after the marker. */
  readonly text?: string | undefined;
}

const MARKER_PREFIX = 'aws-delivery appconfig-rollout';

export const createRunMarker = (env: Env, { fallback, nonce, text }: RunMarkerOptions): RunMarker => {
  const { run, step, attempt } = getRunIdentity(env, [], fallback);
  const prefix = `${MARKER_PREFIX} run=${run} step=${step} `;
  const commit = env['GITHUB_SHA'] ? ` commit=${env['GITHUB_SHA']}` : '';
  let ordinal = 0;
  return {
    run,
    isOwn: (description) => description.startsWith(prefix),
    createDescription: () => {
      ordinal += 1;
      return `${prefix}attempt=${attempt}.${ordinal} process=${nonce}${commit}${text === undefined ? '' : ` ${text}`}`;
    },
  };
};

/** The id of the run that wrote a description; undefined if it is not one of this action. */
export const parseRunId = (description: string): string | undefined =>
  new RegExp(`^${MARKER_PREFIX} run=(\\S+) `).exec(description)?.[1];

/** Whether this action wrote a description. */
export const hasMarker = (description: string | undefined): boolean =>
  description?.startsWith(`${MARKER_PREFIX} `) ?? false;
