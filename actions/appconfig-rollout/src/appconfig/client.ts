import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import type { Semaphore } from '../util/concurrency.js';

/** AppConfig as this action uses it: commands of the SDK's client, errors that name the operation. */
export interface AppConfig {
  /** Repeats what is throttled or transient. */
  readonly client: Pick<AppConfigClient, 'send'>;
  /** Never repeats a call: for what would be there twice. */
  readonly clientWithoutRetry: Pick<AppConfigClient, 'send'>;
  readonly region: () => Promise<string>;
}

/** How many calls are under way at once; AppConfig publishes no rates, so throttling is answered by patience. */
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

/** Connects; `once` is the configuration of a client that makes one attempt. */
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
