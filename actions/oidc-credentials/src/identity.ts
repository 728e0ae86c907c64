import { toDeliveryError } from '@aws-delivery/action-kit/aws-error';
import { attempt, type Trial } from './attempt.js';
import type { Credentials } from './credentials.js';
import type { Guards } from './request.js';
import type { TokenService } from './token-service.js';

/** Who the credentials are. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** Whose credentials these are, by asking with them: that they work is proven before anybody gets them. */
export const identify = async (credentials: Credentials, sts: TokenService, trial: Trial): Promise<Identity> => {
  try {
    return await attempt(trial, { what: 'the identity of the credentials', call: () => sts.identify(credentials) });
  } catch (error) {
    throw toDeliveryError(error, 'GetCallerIdentity');
  }
};

export const partitionIn = (arn: string): string => arn.split(':')[1] ?? '';

/** Why credentials may not be used; undefined when nothing speaks against them. */
export const objectionTo = ({ account, arn }: Identity, { accounts, partition }: Guards): string | undefined => {
  if (accounts.length > 0 && !accounts.includes(account)) {
    const allowed = accounts.join(', ');
    return `the credentials belong to account ${account} (${arn}), and 'allowed-account-ids' allows ${allowed}: use a role of an allowed account`;
  }
  if (partitionIn(arn) === partition) return undefined;
  return `the credentials belong to partition ${partitionIn(arn)} (${arn}), and 'aws-region' lies in ${partition}: choose a Region of ${partitionIn(arn)}`;
};
