import type { Demand } from '../call.js';
import type { Asked, OperationEntry, ServiceEntry } from './entry.js';

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

const onStack = (write: boolean, names: readonly string[]): Readonly<Record<string, OperationEntry>> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        write,
        demands: (asked: Asked) => [
          { action: `cloudformation:${name}`, resource: stackArn(asked) },
          ...passRole(asked),
        ],
      },
    ]),
  );

const WRITES = [
  'CancelUpdateStack',
  'ContinueUpdateRollback',
  'CreateChangeSet',
  'CreateStack',
  'DeleteChangeSet',
  'DeleteStack',
  'ExecuteChangeSet',
  'RollbackStack',
  'SetStackPolicy',
  'SignalResource',
  'UpdateStack',
  'UpdateTerminationProtection',
];

const READS = [
  'DescribeChangeSet',
  'DescribeChangeSetHooks',
  'DescribeEvents',
  'DescribeStackEvents',
  'DescribeStackResource',
  'DescribeStackResourceDrifts',
  'DescribeStackResources',
  'DescribeStacks',
  'DetectStackDrift',
  'DetectStackResourceDrift',
  'GetStackPolicy',
  'GetTemplate',
  'GetTemplateSummary',
  'ListChangeSets',
  'ListStackResources',
];

export const cloudformation: ServiceEntry = {
  name: 'cloudformation',
  protocol: 'aws-query',
  target: '2010-05-15',
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  load: () => import('@aws-sdk/client-cloudformation'),
  operations: { ...onStack(true, WRITES), ...onStack(false, READS) },
};
