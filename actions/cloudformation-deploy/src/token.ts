import type { Variables } from '@aws-delivery/action-kit/inputs';
import { runName } from '@aws-delivery/action-kit/run-name';

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

/**
 * Tokens from the host's variables. Where the host gives no run id, `fallbackRun` (unique to this process) stands for
 * it: then nothing is found again by a re-run, and nothing collides either.
 */
export const createTokens = (variables: Variables, place: Place, fallbackRun: string): Tokens => {
  const { account, region, stackName } = place;
  const { own, name } = runName(variables, [account, region, stackName], fallbackRun);
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
