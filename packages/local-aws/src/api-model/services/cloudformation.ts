import type { RequiredPermission } from '../../api-call.js';
import { createPassRolePermission, type PermissionContext, type ServiceModel } from '../operation-model.js';

/**
 * The ARN of the stack in the input: `stack/<name>/*` for a name, because only the service knows the id; `*` without a
 * stack.
 */
const buildStackArn = ({ input, account, partition, region }: PermissionContext): string => {
  const name = input['StackName'] ?? input['StackId'];
  const changeSet = input['ChangeSetName'];
  if (typeof name === 'string') {
    return name.startsWith('arn:') ? name : `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/*`;
  }
  return typeof changeSet === 'string' && changeSet.startsWith('arn:') ? changeSet : '*';
};

/** CloudFormation requires `iam:PassRole` for a service role. */
const listPassRolePermissions = ({ input }: PermissionContext): readonly RequiredPermission[] =>
  typeof input['RoleARN'] === 'string' ? [createPassRolePermission(input['RoleARN'], 'cloudformation')] : [];

export const cloudformation: ServiceModel = {
  name: 'cloudformation',
  protocol: 'aws-query',
  target: '2010-05-15',
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  loadClient: () => import('@aws-sdk/client-cloudformation'),
  getResourceArns: buildStackArn,
  getAdditionalPermissions: listPassRolePermissions,
};
