import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { AppConfigClient } from '@aws-sdk/client-appconfig';

/** AppConfig clients whose errors are DeliveryErrors that name the operation. */
export interface AppConfig {
  /** Retries throttled calls and transient errors. */
  readonly client: Pick<AppConfigClient, 'send'>;
  /** Makes one attempt: a retried Create call could create the resource twice. */
  readonly clientWithoutRetry: Pick<AppConfigClient, 'send'>;
  readonly region: () => Promise<string>;
}

/** Calls in flight at once. AppConfig publishes no request rates, so throttled calls are retried. */
export const CALL_CONCURRENCY = 24;

const prepare = (client: AppConfigClient, semaphore: Semaphore): AppConfigClient => {
  renewExpiredCredentials(client);
  client.middlewareStack.add(
    (next, context) => (request) =>
      semaphore.run(async () => {
        try {
          return await next(request);
        } catch (error) {
          throw toDeliveryError(error, context.commandName?.replace(/Command$/u, ''));
        }
      }),
    { step: 'initialize', name: 'deliveryErrors', priority: 'high' },
  );
  return client;
};

export const createAppConfigClient = (
  configuration: AwsClientConfig,
  configurationWithoutRetry: AwsClientConfig,
  semaphore: Semaphore,
): AppConfig => {
  const client = prepare(new AppConfigClient(configuration), semaphore);
  return {
    client,
    clientWithoutRetry: prepare(new AppConfigClient(configurationWithoutRetry), semaphore),
    region: () => client.config.region(),
  };
};

/** Clock, cancellation and jitter of every wait of a run. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}
