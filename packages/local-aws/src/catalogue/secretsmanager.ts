import type { Asked, ServiceEntry } from './entry.js';

/** A secret named without its ARN: the six characters at the end are unknown, as they are to a policy's author. */
const secretArn = ({ input, account, partition, region }: Asked): string => {
  const id = String(input['SecretId']);
  return id.startsWith('arn:') ? id : `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
};

const onSecret = (action: string, write: boolean) => ({
  write,
  demands: (asked: Asked) => [{ action: `secretsmanager:${action}`, resource: secretArn(asked) }],
});

export const secretsmanager: ServiceEntry = {
  name: 'secretsmanager',
  protocol: 'aws-json',
  target: 'secretsmanager',
  load: () => import('@aws-sdk/client-secrets-manager'),
  operations: {
    GetSecretValue: onSecret('GetSecretValue', false),
    DescribeSecret: onSecret('DescribeSecret', false),
    PutSecretValue: onSecret('PutSecretValue', true),
    UpdateSecret: onSecret('UpdateSecret', true),
    DeleteSecret: onSecret('DeleteSecret', true),
  },
};
