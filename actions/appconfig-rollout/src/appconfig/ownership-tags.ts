import { ListTagsForResourceCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from './client.js';

/** Tags that mark what this action made, and for which tree. */
export const MADE_BY_TAG = { key: 'aws-delivery:made-by', value: 'appconfig-rollout' } as const;
export const TREE_TAG = 'aws-delivery:tree';

/** By what this tree's own things are known. */
export interface TreeOwnership {
  readonly appConfig: AppConfig;
  /** `arn:aws:appconfig:eu-west-1:123456789012`. */
  readonly arnPrefix: string;
  /** What tells this tree from others: `octocat/my-repo:config`. */
  readonly origin: string;
}

/** Whether this action made a thing for this tree: nothing else is ever removed, or changed. */
export const isOwned = async ({ appConfig, arnPrefix, origin }: TreeOwnership, path: string): Promise<boolean> => {
  const { Tags = {} } = await appConfig.client.send(
    new ListTagsForResourceCommand({ ResourceArn: `${arnPrefix}:${path}` }),
  );
  return Tags[MADE_BY_TAG.key] === MADE_BY_TAG.value && Tags[TREE_TAG] === origin;
};
