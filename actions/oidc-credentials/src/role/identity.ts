import { toDeliveryError } from '@aws-delivery/aws/error';
import type { Guards } from '../inputs/parse-request.js';
import { getArnPartition } from './arn.js';
import type { Credentials } from './credentials.js';
import { type RetryOptions, withRetry } from './retry.js';
import type { Identity, StsApi } from './sts-api.js';

/**
 * Calls GetCallerIdentity with the credentials, which also proves that they work.
 * @throws DeliveryError
 */
export const identify = async (
  credentials: Credentials,
  stsApi: StsApi,
  retryOptions: RetryOptions,
): Promise<Identity> => {
  try {
    return await withRetry(retryOptions, {
      label: 'the caller identity',
      call: () => stsApi.getCallerIdentity(credentials),
    });
  } catch (error) {
    throw toDeliveryError(error, 'GetCallerIdentity');
  }
};

/** The reason why credentials must not be exported; undefined for an allowed account and partition. */
export const findGuardViolation = ({ account, arn }: Identity, { accounts, partition }: Guards): string | undefined => {
  if (accounts.length > 0 && !accounts.includes(account)) {
    const allowed = accounts.join(', ');
    return `the credentials belong to account ${account} (${arn}), but 'allowed-account-ids' contains only ${allowed}: use a role of an allowed account`;
  }
  if (getArnPartition(arn) === partition) return undefined;
  return `the credentials belong to partition ${getArnPartition(arn)} (${arn}), but 'aws-region' is in partition ${partition}: choose a Region of ${getArnPartition(arn)}`;
};
