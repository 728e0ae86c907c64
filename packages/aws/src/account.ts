import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsClientConfig } from './client-options.js';

/**
 * The id of the account that the credentials belong to.
 * @throws DeliveryError `unexpected` when the response names no account
 */
export const fetchAccountId = async (config: AwsClientConfig): Promise<string> => {
  const { Account: accountId } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  if (accountId !== undefined) return accountId;
  throw new DeliveryError('unexpected', 'GetCallerIdentity returned no account');
};
