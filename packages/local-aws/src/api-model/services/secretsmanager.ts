import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** A secret named without its ARN: the six characters at the end are unknown, as they are to a policy's author. */
const buildSecretArn = ({ input, account, partition, region }: PermissionContext): string => {
  const id = input['SecretId'];
  if (typeof id !== 'string') return '*';
  return id.startsWith('arn:') ? id : `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
};

export const secretsmanager: ServiceModel = {
  name: 'secretsmanager',
  protocol: 'aws-json',
  target: 'secretsmanager',
  loadClient: () => import('@aws-sdk/client-secrets-manager'),
  getResourceArns: buildSecretArn,
};
