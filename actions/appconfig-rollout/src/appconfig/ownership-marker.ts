import { getRunIdentity } from '@aws-delivery/action-kit/host/run-id';
import type { Env } from '@aws-delivery/action-kit/util/env';

/**
 * How this run signs what it does: deployments and versions carry it in their description, so that a lost answer, a
 * later attempt, the post step and a revert know them again.
 */
export interface RunMarker {
  /** The id of the run. */
  readonly run: string;
  /** For one deployment: unlike any other's of this or another attempt. */
  createDescription(): string;
  /** Was the deployment begun by any attempt of this very step? */
  isOwn(description: string): boolean;
}

export interface RunMarkerOptions {
  readonly fallback: string;
  readonly nonce: string;
}

const MARKER_PREFIX = 'aws-delivery appconfig-rollout';

/**
 * Marks from the host's variables; `fallback` stands for a run id where the host gives none. `nonce` is unlike any other
 * process's: legs of a matrix are alike in all a host tells, and a leg's post step must not take the other's for its own.
 */
export const createRunMarker = (env: Env, { fallback, nonce }: RunMarkerOptions): RunMarker => {
  const { run, step, attempt } = getRunIdentity(env, [], fallback);
  const prefix = `${MARKER_PREFIX} run=${run} step=${step} `;
  const commit = env['GITHUB_SHA'] ? ` commit=${env['GITHUB_SHA']}` : '';
  let ordinal = 0;
  return {
    run,
    isOwn: (description) => description.startsWith(prefix),
    createDescription: () => {
      ordinal += 1;
      return `${prefix}attempt=${attempt}.${ordinal} process=${nonce}${commit}`;
    },
  };
};

/** The run that made something, where it was one of this action. */
export const parseRunId = (description: string): string | undefined =>
  new RegExp(`^${MARKER_PREFIX} run=(\\S+) `).exec(description)?.[1];

/** Whether a description is one of this action's. */
export const hasMarker = (description: string | undefined): boolean =>
  description?.startsWith(`${MARKER_PREFIX} `) ?? false;
