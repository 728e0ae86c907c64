import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { renewExpired } from '@aws-delivery/action-kit/aws';
import { toDeliveryError } from '@aws-delivery/action-kit/aws-error';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import type { Gate } from './pool.js';

/** AppConfig as this action uses it: commands of the SDK's client, errors that name the operation. */
export interface AppConfig {
  /** Repeats what is throttled or transient. */
  readonly client: Pick<AppConfigClient, 'send'>;
  /** Never repeats a call: for what would be there twice. */
  readonly once: Pick<AppConfigClient, 'send'>;
  readonly region: () => Promise<string>;
}

/** How many calls are under way at once; AppConfig publishes no rates, so throttling is answered by patience. */
export const CALLS_AT_ONCE = 24;

const prepare = (client: AppConfigClient, gate: Gate): AppConfigClient => {
  renewExpired(client);
  client.middlewareStack.add(
    (next, context) => (request) =>
      gate.through(async () => {
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
export const connect = (usual: AwsConfiguration, once: AwsConfiguration, gate: Gate): AppConfig => {
  const client = prepare(new AppConfigClient(usual), gate);
  return { client, once: prepare(new AppConfigClient(once), gate), region: () => client.config.region() };
};
