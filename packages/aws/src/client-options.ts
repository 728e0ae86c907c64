import type { Network } from '@aws-delivery/action-kit/http/network';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { VERSION } from '@aws-delivery/action-kit/util/version';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SdkRetryStrategy } from './retry-strategy.js';

export interface AwsClientOptions {
  /** Without one the SDK looks for it: AWS_REGION, then the profile. */
  readonly region?: string | undefined;
  readonly network: Network;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** The action that calls, for the user agent in CloudTrail. */
  readonly action: string;
  /** Attempts of one call, the first included; by default AWS_MAX_ATTEMPTS, or 6. */
  readonly maxAttempts?: number;
  readonly env: Env;
  readonly random?: () => number;
}

/** What every client of the AWS SDK for JavaScript v3 takes. */
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
 * The SDK's own switch for its advice to upgrade Node, which on Node 20 it would print into every log (aws-facts
 * §0.1). The SDK reads it from the process when a client is made, so it has to be set there.
 */
const disableNodeVersionWarning = (): void => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
};

/**
 * The settings of a client, to spread into its constructor. What they leave out the SDK itself takes from environment
 * and profile: credentials, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>, AWS_USE_FIPS_ENDPOINT,
 * AWS_USE_DUALSTACK_ENDPOINT. Use it as it is for one client; a copy with changes for another is fine.
 */
export const createClientConfig = (options: AwsClientOptions): AwsClientConfig => {
  const { region, network, clock, signal, random, action } = options;
  const maxAttempts = options.maxAttempts ?? parseMaxAttempts(options.env);
  disableNodeVersionWarning();
  return {
    ...(region === undefined ? {} : { region }),
    requestHandler: new NodeHttpHandler({
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
    // Handed on to the credential chain, which otherwise remembers the files it has read for as long as it lives.
    ignoreCache: true,
  };
};
