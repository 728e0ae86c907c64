import type { Asked, ServiceEntry } from './entry.js';

/** A secret named without its ARN: the six characters at the end are unknown, as they are to a policy's author. */
const secretArn = ({ input, account, partition, region }: Asked): string => {
  const id = input['SecretId'];
  if (typeof id !== 'string') return '*';
  return id.startsWith('arn:') ? id : `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
};

export const secretsmanager: ServiceEntry = {
  name: 'secretsmanager',
  protocol: 'aws-json',
  target: 'secretsmanager',
  load: () => import('@aws-sdk/client-secrets-manager'),
  resource: secretArn,
};
