import type { Network } from '@aws-delivery/action-kit/http/network';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { VERSION } from '@aws-delivery/action-kit/util/version';
import { partition } from '@aws-sdk/core/client';
import type { Client } from '@smithy/core/client';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { classifyError } from './error.js';
import { SdkRetryStrategy } from './retry-strategy.js';

type Env = Readonly<Record<string, string | undefined>>;

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

/** Any client of the SDK that signs its calls. */
interface SigningClient<I extends object, O extends { $metadata: object }> {
  readonly config: { credentials(options: { forceRefresh: boolean }): Promise<unknown> };
  readonly middlewareStack: Client<unknown, I, O, never>['middlewareStack'];
}

/**
 * Makes a client resolve its credentials again and repeat the call, once, when AWS says that they have expired: files
 * and processes may have newer ones by now, which the SDK looks for by itself only where it knows when they end. Not
 * for calls whose body is a stream.
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
 * A sentence to log at the start where a step may wait for longer than its credentials live; undefined otherwise, also
 * where nobody knows when they end. Times in milliseconds since the epoch.
 */
export const checkCredentialExpiry = (env: Env, now: number, deadline: number): string | undefined => {
  const expiration = env['AWS_CREDENTIAL_EXPIRATION'];
  const end = expiration && env['AWS_ACCESS_KEY_ID'] ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(end) || end >= deadline) return undefined;
  const when = new Date(end).toISOString();
  if (end <= now) return `the credentials ended at ${when}: get new ones before this step`;
  const [remaining, wait] = [formatDuration(end - now), formatDuration(deadline - now)];
  return `the credentials end at ${when}, in ${remaining}, but this step may wait for ${wait}: ask for a longer session, a shorter timeout, or refresh in oidc-credentials`;
};

/** The partition of a Region: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`…; `aws` for unknown ones. */
export const getPartition = (region: string): string => partition(region).name;

/** The domain of a Region's endpoints: `amazonaws.com`, `amazonaws.com.cn`, `amazonaws.eu`… */
export const getDnsSuffix = (region: string): string => partition(region).dnsSuffix;

// https://docs.aws.amazon.com/general/latest/gr/endpoints.html and its counterparts of the other partitions. The
// isolated partitions publish none.
const CONSOLE_DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The address of a console page, `path` with its leading slash; undefined where no public console exists. */
export const getConsoleUrl = (region: string, path: string): string | undefined => {
  const domain = CONSOLE_DOMAINS[getPartition(region)];
  return domain === undefined ? undefined : `https://${region}.${domain}${path}`;
};

export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for global resources. */
  readonly region: string;
  /** Twelve digits, `aws` for AWS's own resources, or empty (S3 buckets). */
  readonly account: string;
  /** Everything after the account: `role/deploy`, `stack/shop/1f0c…`. */
  readonly resource: string;
}

const ARN_PATTERN = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(\S.*)$/u;

/** The parts of an ARN; undefined for any other text. */
export const tryParseArn = (value: string): Arn | undefined => {
  const [, partitionName, service, region, account, resource] = ARN_PATTERN.exec(value) ?? [];
  if (partitionName === undefined || service === undefined || resource === undefined) return undefined;
  return { partition: partitionName, service, region: region ?? '', account: account ?? '', resource };
};

/** The parts of an ARN; throws `invalid-input` for any other text, naming `what` it was given as. */
export const parseArn = (value: string, label: string): Arn => {
  const arn = tryParseArn(value);
  if (arn !== undefined) return arn;
  throw new DeliveryError(
    'invalid-input',
    `${label} '${value}' is not an ARN: write it as arn:aws:service:region:account:resource`,
  );
};
