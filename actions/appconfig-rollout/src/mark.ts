import { createHash } from 'node:crypto';
import type { Variables } from '@aws-delivery/action-kit/inputs';

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

const PREFIX = 'aws-delivery appconfig-rollout';

const digits = (text: string | undefined): string | undefined => (/^\d+$/.test(text ?? '') ? text : undefined);

/** Marks from the host's variables; `fallback` stands for a run id where the host gives none. */
export const createMark = (variables: Variables, fallback: string): Mark => {
  const run = digits(variables['GITHUB_RUN_ID']) ?? fallback;
  const attempt = digits(variables['GITHUB_RUN_ATTEMPT']) ?? '1';
  const step = ['GITHUB_REPOSITORY', 'GITHUB_JOB', 'GITHUB_ACTION'].map((name) => variables[name] ?? '').join('\n');
  const hash = createHash('sha256').update(step).digest('hex').slice(0, 12);
  const own = `${PREFIX} run=${run} step=${hash} `;
  const commit = variables['GITHUB_SHA'] ? ` commit=${variables['GITHUB_SHA']}` : '';
  let ordinal = 0;
  return {
    run,
    isOwn: (description) => description.startsWith(own),
    next: () => {
      ordinal += 1;
      return `${own}attempt=${attempt}.${ordinal}${commit}`;
    },
  };
};

/** The run that made something, where it was one of this action. */
export const runIn = (description: string): string | undefined =>
  new RegExp(`^${PREFIX} run=(\\S+) `).exec(description)?.[1];

/** Whether a description is one of this action's. */
export const isMarked = (description: string | undefined): boolean => description?.startsWith(`${PREFIX} `) ?? false;
