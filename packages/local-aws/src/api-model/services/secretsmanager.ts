import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** The ARN of the secret in the input; `??????` stands for the six random characters when only the name is known. */
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
