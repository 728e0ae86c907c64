import { createRunId } from '@aws-delivery/action-kit/host/run-id';
import type { Env } from '@aws-delivery/action-kit/util/env';

/** The stack that the client request tokens are for. */
export interface StackIdentity {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** Client request tokens `<run>-<hash>-<attempt>-<process>-<ordinal>`: letters, digits and hyphens, less than 128. */
export interface ClientTokens {
  create(): string;
  /** Whether an attempt of this step started the operation. */
  isOwn(token: string | undefined): boolean;
}

/**
 * Creates tokens from the host's environment. Two steps of one composite action or reusable workflow may have the same
 * identity there; the instance keeps their operations apart. Without a run id the instance replaces it, so that a re-run
 * does not recognise the operations of an earlier attempt.
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
