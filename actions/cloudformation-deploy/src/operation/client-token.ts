import { createRunId } from '@aws-delivery/action-kit/host/run-id';
import type { Env } from '@aws-delivery/action-kit/util/env';

/** What tells one step of one job apart from all others. */
export interface StackIdentity {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** Names this run's operations: `<run>-<hash>-<attempt>-<process>-<ordinal>`, letters, digits and hyphens, below 128. */
export interface ClientTokens {
  /** A token for the next operation. */
  create(): string;
  /** Was this operation started by any attempt of this very step? */
  isOwn(token: string | undefined): boolean;
}

/**
 * Tokens from the host's variables. Hosts do not tell all steps apart: two uses of one composite action or reusable
 * workflow bear the same names. What each process adds keeps one from taking another's operation for its own end.
 * Where the host gives no run id, that stands for it too, so that a re-run finds nothing again.
 * @param instance letters and digits, unique to this process
 */
export const createClientTokens = (env: Env, stackIdentity: StackIdentity, instance: string): ClientTokens => {
  const { account, region, stackName } = stackIdentity;
  const { prefix, id } = createRunId(env, [account, region, stackName], instance);
  let ordinal = 0;
  return {
    isOwn: (token) => token?.startsWith(prefix) ?? false,
    create: () => {
      ordinal += 1;
      return `${id}-${instance}-${ordinal}`;
    },
  };
};
