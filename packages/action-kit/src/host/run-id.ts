import { createHash } from 'node:crypto';
import type { Env } from '../util/env.js';

/** A name for what one step of one run does, for client tokens and names: `<run>-<hash>-<attempt>`. */
export interface RunId {
  /** What all attempts of this step share: `<run>-<hash>-`. */
  readonly prefix: string;
  /** Letters, digits and hyphens, far below 128 characters. */
  readonly id: string;
}

const matchDigits = (text: string | undefined): string | undefined => (/^\d+$/u.test(text ?? '') ? text : undefined);

// act numbers every run 1 (nektos/act pkg/runner/run_context.go): that tells nothing apart.
const readRunNumber = (env: Env): string | undefined =>
  env['ACT'] === 'true' ? undefined : matchDigits(env['GITHUB_RUN_ID']);

/** What tells one step of one run from all others; `step` is a hash, `attempt` a number as text. */
export interface RunIdentity {
  readonly run: string;
  readonly step: string;
  readonly attempt: string;
}

/**
 * Who works, from the host's variables and from what the step works on. The leg of a matrix has no variable of its own:
 * what tells it apart is among `parts`; GITHUB_ACTION tells two steps of one job apart.
 * @param fallbackRun unique to this process; stands for the run id where the host gives none. Then nothing is found
 * again by a re-run, and nothing collides either.
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

/** The name of a step's work; see `runIdentity`. */
export const createRunId = (env: Env, parts: readonly string[], fallbackRun: string): RunId => {
  const { run, step, attempt } = getRunIdentity(env, parts, fallbackRun);
  const prefix = `${run}-${step}-`;
  return { prefix, id: `${prefix}${attempt}` };
};
