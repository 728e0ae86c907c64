import type { Network } from '@aws-delivery/action-kit/http/network';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { VERSION } from '@aws-delivery/action-kit/util/version';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { LimitedHttpHandler } from './http-handler.js';
import { SdkRetryStrategy } from './retry-strategy.js';
import { assertReadableFiles } from './shared-files.js';

export interface AwsClientOptions {
  /** When undefined, the SDK resolves it from AWS_REGION, then the profile. */
  readonly region?: string | undefined;
  readonly network: Network;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Name of the action, for the user agent in CloudTrail. */
  readonly action: string;
  /** Attempts per call including the first; default AWS_MAX_ATTEMPTS, otherwise 6. */
  readonly maxAttempts?: number;
  readonly env: Env;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
}

/** The configuration shared by all clients of the AWS SDK for JavaScript v3. */
export interface AwsClientConfig {
  readonly region?: string;
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  readonly retryStrategy: SdkRetryStrategy;
  readonly customUserAgent: [name: string, version?: string][];
  readonly ignoreCache: true;
}

/** Changes the configuration of every client before it is created (tests replace endpoint and credentials). */
export type ConfigOverride = (config: AwsClientConfig) => AwsClientConfig;

/** The override that changes nothing. */
export const keepConfig: ConfigOverride = (config) => config;

const DEFAULT_MAX_ATTEMPTS = 6;

const parseMaxAttempts = (env: Env): number => {
  const attempts = Number(env['AWS_MAX_ATTEMPTS']);
  return Number.isInteger(attempts) && attempts > 0 ? attempts : DEFAULT_MAX_ATTEMPTS;
};

/**
 * Turns off the SDK's warning about the Node version, which Node 20 would print into every log (docs/aws-facts.md
 * §0.1). The SDK reads the variable from the process when it creates a client.
 */
const disableNodeVersionWarning = (): void => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
};

/**
 * The configuration of a client, to spread into its constructor. The SDK resolves everything else from environment and
 * profile: credentials, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>, AWS_USE_FIPS_ENDPOINT,
 * AWS_USE_DUALSTACK_ENDPOINT.
 * @throws DeliveryError `rejected` when a file of the default credential chain is not a regular file
 */
export const createClientConfig = (options: AwsClientOptions): AwsClientConfig => {
  const { region, network, clock, signal, random, action } = options;
  const maxAttempts = options.maxAttempts ?? parseMaxAttempts(options.env);
  assertReadableFiles(options.env);
  disableNodeVersionWarning();
  return {
    ...(region === undefined ? {} : { region }),
    requestHandler: new LimitedHttpHandler({
      httpAgent: network.agents.http,
      httpsAgent: network.agents.https,
      connectionTimeout: network.timeouts.connect,
      requestTimeout: network.timeouts.request,
      socketTimeout: network.timeouts.request,
      throwOnRequestTimeout: true,
    }),
    maxAttempts,
    retryStrategy: new SdkRetryStrategy({ clock, maxAttempts, signal, ...(random === undefined ? {} : { random }) }),
    customUserAgent: [['aws-delivery-actions', VERSION], [action]],
    // Passed to the credential chain, which otherwise caches the credential files it has read.
    ignoreCache: true,
  };
};
