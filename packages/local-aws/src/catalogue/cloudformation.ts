import type { Demand } from '../call.js';
import type { Asked, ServiceEntry } from './entry.js';

/** The stack a call means: by ARN, or by name with `*` for the id that only the service knows; `*` where none is named. */
const stackArn = ({ input, account, partition, region }: Asked): string => {
  const name = input['StackName'] ?? input['StackId'];
  const changeSet = input['ChangeSetName'];
  if (typeof name === 'string') {
    return name.startsWith('arn:') ? name : `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/*`;
  }
  return typeof changeSet === 'string' && changeSet.startsWith('arn:') ? changeSet : '*';
};

/** Handing a role to CloudFormation takes `iam:PassRole` on it. */
const passRole = ({ input }: Asked): readonly Demand[] =>
  typeof input['RoleARN'] === 'string'
    ? [
        {
          action: 'iam:PassRole',
          resource: input['RoleARN'],
          context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
        },
      ]
    : [];

export const cloudformation: ServiceEntry = {
  name: 'cloudformation',
  protocol: 'aws-query',
  target: '2010-05-15',
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  load: () => import('@aws-sdk/client-cloudformation'),
  resource: stackArn,
  besides: passRole,
};
