import { createHash } from 'node:crypto';
import type { Env } from '../util/env.js';

/** Identifier of a step in a run, for client tokens and resource names: `<run>-<hash>-<attempt>`. */
export interface RunId {
  /** Common prefix of all attempts of this step: `<run>-<hash>-`. */
  readonly prefix: string;
  /** Letters, digits and hyphens, well below 128 characters. */
  readonly id: string;
}

const matchDigits = (text: string | undefined): string | undefined => (/^\d+$/u.test(text ?? '') ? text : undefined);

/**
 * Whether act runs the job: it gives every run the id 1 (nektos/act pkg/runner/run_context.go), which is not unique. The
 * runners of Gitea and Forgejo are built on act and set its variable, but get the id from their server.
 */
const isAct = (env: Env): boolean => env['ACT'] === 'true' && env['GITEA_ACTIONS'] !== 'true';

const readRunNumber = (env: Env): string | undefined => (isAct(env) ? undefined : matchDigits(env['GITHUB_RUN_ID']));

/** Identity of a step in a run; `step` is a hash, `attempt` a decimal number. */
export interface RunIdentity {
  readonly run: string;
  readonly step: string;
  readonly attempt: string;
}

/**
 * Derives the identity from the host's variables and `parts`. GITHUB_ACTION distinguishes the steps of a job. Matrix
 * jobs have no variable of their own: `parts` must contain what distinguishes them.
 * @param fallbackRun a value unique to this process, used when the host sets no run id; a re-run then gets another
 * identity
 */
export const getRunIdentity = (env: Env, parts: readonly string[], fallbackRun: string): RunIdentity => {
  const step = ['GITHUB_REPOSITORY', 'GITHUB_JOB', 'GITHUB_ACTION'].map((name) => env[name] ?? '');
  const hash = createHash('sha256')
    .update([...step, ...parts].join('\n'))
    .digest('hex');
  return {
    run: readRunNumber(env) ?? fallbackRun,
    step: hash.slice(0, 12),
    attempt: matchDigits(env['GITHUB_RUN_ATTEMPT']) ?? '1',
  };
};

/** The identifier of a step; see `getRunIdentity`. */
export const createRunId = (env: Env, parts: readonly string[], fallbackRun: string): RunId => {
  const { run, step, attempt } = getRunIdentity(env, parts, fallbackRun);
  const prefix = `${run}-${step}-`;
  return { prefix, id: `${prefix}${attempt}` };
};
