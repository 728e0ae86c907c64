import { createHash } from 'node:crypto';
import type { Variables } from '@aws-delivery/action-kit/inputs';

/** What tells one step of one job apart from all others. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** Names this run's operations: `<run>-<hash>-<attempt>-<ordinal>`, letters, digits and hyphens, far below 128. */
export interface Tokens {
  /** A token for the next operation. */
  next(): string;
  /** Was this operation started by any attempt of this very step? */
  isOwn(token: string | undefined): boolean;
  /** Everything but the ordinal: fit for the name of a change set. */
  readonly name: string;
}

// The leg of a matrix has no variable of its own: what tells it apart is in the inputs that differ, the stack, or the
// Region. GITHUB_ACTION tells two steps of one job apart.
const identityOf = (variables: Variables, { account, region, stackName }: Place): string =>
  [variables['GITHUB_REPOSITORY'], variables['GITHUB_JOB'], variables['GITHUB_ACTION'], account, region, stackName]
    .map((part) => part ?? '')
    .join('\n');

const digits = (text: string | undefined): string | undefined => (/^\d+$/u.test(text ?? '') ? text : undefined);

// act numbers every run 1 (nektos/act pkg/runner/run_context.go): that tells nothing apart.
const runOf = (variables: Variables): string | undefined =>
  variables['ACT'] === 'true' ? undefined : digits(variables['GITHUB_RUN_ID']);

/**
 * Tokens from the host's variables. Where the host gives no run id, `fallbackRun` (unique to this process) stands for
 * it: then nothing is found again by a re-run, and nothing collides either.
 */
export const createTokens = (variables: Variables, place: Place, fallbackRun: string): Tokens => {
  const run = runOf(variables) ?? fallbackRun;
  const attempt = digits(variables['GITHUB_RUN_ATTEMPT']) ?? '1';
  const hash = createHash('sha256').update(identityOf(variables, place)).digest('hex').slice(0, 12);
  const own = `${run}-${hash}-`;
  const name = `${own}${attempt}`;
  let ordinal = 0;
  return {
    name,
    isOwn: (token) => token?.startsWith(own) ?? false,
    next: () => {
      ordinal += 1;
      return `${name}-${ordinal}`;
    },
  };
};
