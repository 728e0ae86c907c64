import type { PermissionContext, ServiceModel } from '../operation-model.js';

const buildRoleArn = ({ input, account, partition }: PermissionContext): string =>
  typeof input['RoleName'] === 'string' ? `arn:${partition}:iam::${account}:role/${input['RoleName']}` : '*';

export const iam: ServiceModel = {
  name: 'iam',
  protocol: 'aws-query',
  target: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  loadClient: () => import('@aws-sdk/client-iam'),
  getResourceArns: buildRoleArn,
};
