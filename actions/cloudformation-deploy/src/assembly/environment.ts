import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getPartition } from '@aws-delivery/aws/region';
import type { Services } from '../services.js';
import type { AssemblyStack } from './read-assembly.js';

/** Where a stack is deployed. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/**
 * The environment of a stack. A stack without one of its own is deployed to the account and Region of the step.
 * @throws DeliveryError `invalid-input` for another form than `aws://account/region`
 */
export const resolveEnvironment = async (
  { environment, displayName }: AssemblyStack,
  { getAccount, getRegion }: Pick<Services, 'getAccount' | 'getRegion'>,
): Promise<Environment> => {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/u.exec(environment) ?? [];
  if (account === undefined || region === undefined) {
    throw new DeliveryError(
      'invalid-input',
      `stack ${displayName} has the environment '${environment}', which is not aws://account/region: synthesize it again`,
    );
  }
  return {
    account: account === 'unknown-account' ? await getAccount() : account,
    region: region === 'unknown-region' ? await getRegion() : region,
  };
};

/** Replaces the placeholders of an assembly for account, Region and partition. */
export const replacePlaceholders = (text: string, { account, region }: Environment): string =>
  text
    .replaceAll('${AWS::AccountId}', account)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', getPartition(region));

/** `aws://account/region`, as `cdk bootstrap` takes it. */
export const formatEnvironment = ({ account, region }: Environment): string => `aws://${account}/${region}`;
