import type { Variables } from '@aws-delivery/action-kit/inputs';
import { runIdentity } from '@aws-delivery/action-kit/run-name';

/**
 * How this run signs what it does: deployments and versions carry it in their description, so that a lost answer, a
 * later attempt, the post step and a revert know them again.
 */
export interface Mark {
  /** The id of the run. */
  readonly run: string;
  /** For one deployment: unlike any other's of this or another attempt. */
  next(): string;
  /** Was the deployment begun by any attempt of this very step? */
  isOwn(description: string): boolean;
}

export interface MarkOptions {
  readonly fallback: string;
  readonly nonce: string;
}

const PREFIX = 'aws-delivery appconfig-rollout';

/**
 * Marks from the host's variables; `fallback` stands for a run id where the host gives none. `nonce` is unlike any other
 * process's: legs of a matrix are alike in all a host tells, and a leg's post step must not take the other's for its own.
 */
export const createMark = (variables: Variables, { fallback, nonce }: MarkOptions): Mark => {
  const { run, step, attempt } = runIdentity(variables, [], fallback);
  const own = `${PREFIX} run=${run} step=${step} `;
  const commit = variables['GITHUB_SHA'] ? ` commit=${variables['GITHUB_SHA']}` : '';
  let ordinal = 0;
  return {
    run,
    isOwn: (description) => description.startsWith(own),
    next: () => {
      ordinal += 1;
      return `${own}attempt=${attempt}.${ordinal} process=${nonce}${commit}`;
    },
  };
};

/** The run that made something, where it was one of this action. */
export const runIn = (description: string): string | undefined =>
  new RegExp(`^${PREFIX} run=(\\S+) `).exec(description)?.[1];

/** Whether a description is one of this action's. */
export const isMarked = (description: string | undefined): boolean => description?.startsWith(`${PREFIX} `) ?? false;
