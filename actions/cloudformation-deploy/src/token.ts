import type { Variables } from '@aws-delivery/action-kit/inputs';
import { runName } from '@aws-delivery/action-kit/run-name';

/** What tells one step of one job apart from all others. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** Names this run's operations: `<run>-<hash>-<attempt>-<process>-<ordinal>`, letters, digits and hyphens, below 128. */
export interface Tokens {
  /** A token for the next operation. */
  next(): string;
  /** Was this operation started by any attempt of this very step? */
  isOwn(token: string | undefined): boolean;
}

/**
 * Tokens from the host's variables. Hosts do not tell all steps apart: two uses of one composite action or reusable
 * workflow bear the same names. What each process adds keeps one from taking another's operation for its own end.
 * Where the host gives no run id, that stands for it too, so that a re-run finds nothing again.
 * @param instance letters and digits, unique to this process
 */
export const createTokens = (variables: Variables, place: Place, instance: string): Tokens => {
  const { account, region, stackName } = place;
  const { own, name } = runName(variables, [account, region, stackName], instance);
  let ordinal = 0;
  return {
    isOwn: (token) => token?.startsWith(own) ?? false,
    next: () => {
      ordinal += 1;
      return `${name}-${instance}-${ordinal}`;
    },
  };
};
