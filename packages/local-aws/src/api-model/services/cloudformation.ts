import type { RequiredPermission } from '../../api-call.js';
import { createPassRolePermission, type PermissionContext, type ServiceModel } from '../operation-model.js';

/** The stack a call means: by ARN, or by name with `*` for the id that only the service knows; `*` where none is named. */
const buildStackArn = ({ input, account, partition, region }: PermissionContext): string => {
  const name = input['StackName'] ?? input['StackId'];
  const changeSet = input['ChangeSetName'];
  if (typeof name === 'string') {
    return name.startsWith('arn:') ? name : `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/*`;
  }
  return typeof changeSet === 'string' && changeSet.startsWith('arn:') ? changeSet : '*';
};

/** Handing a role to CloudFormation takes `iam:PassRole` on it. */
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
