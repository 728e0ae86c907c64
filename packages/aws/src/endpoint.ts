import type { Env } from '@aws-delivery/action-kit/util/env';

/**
 * The endpoint URL that the environment configures for a service (an emulator or a VPC endpoint), read as the SDK does:
 * AWS_ENDPOINT_URL_<SERVICE> before AWS_ENDPOINT_URL, none when AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is `true`.
 * @param service the service in the variable's name, in upper case: `S3`, `SECRETS_MANAGER`
 */
export const findEndpoint = (service: string, env: Env): string | undefined => {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;
};
