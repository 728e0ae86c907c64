import type { Env } from '@aws-delivery/action-kit/util/env';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { Client } from '@smithy/core/client';
import { classifyError } from './error.js';

/** An SDK client that signs its requests. */
interface SigningClient<I extends object, O extends { $metadata: object }> {
  readonly config: { credentials(options: { forceRefresh: boolean }): Promise<unknown> };
  readonly middlewareStack: Client<unknown, I, O, never>['middlewareStack'];
}

/**
 * Makes a client resolve its credentials again and repeat the call, once, when AWS rejects them as expired. Credential
 * files and processes may provide newer ones by then; the SDK itself refreshes only credentials with a known expiry.
 * Not for calls whose body is a stream.
 */
export const renewExpiredCredentials = <I extends object, O extends { $metadata: object }>(
  client: SigningClient<I, O>,
): void => {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (classifyError(error) !== 'expired') throw error;
        await client.config.credentials({ forceRefresh: true }).catch(() => {
          throw error;
        });
        return next(args);
      }
    },
    { step: 'initialize', name: 'renewExpiredCredentials', priority: 'high', override: true },
  );
};

/**
 * A notice to log at the start when the credentials may expire before `deadline`; undefined when they last long enough
 * or their expiry is unknown. Times in milliseconds since the epoch.
 */
export const checkCredentialExpiry = (env: Env, now: number, deadline: number): string | undefined => {
  const expiration = env['AWS_CREDENTIAL_EXPIRATION'];
  const end = expiration && env['AWS_ACCESS_KEY_ID'] ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(end) || end >= deadline) return undefined;
  const when = new Date(end).toISOString();
  if (end <= now) return `the credentials expired at ${when}: request new ones before this step`;
  const [remaining, wait] = [formatDuration(end - now), formatDuration(deadline - now)];
  return `the credentials expire at ${when}, in ${remaining}, but this step may take ${wait}: request a longer session, reduce the timeout, or set refresh in oidc-credentials`;
};
