import type { Asked, ServiceEntry } from './entry.js';

const roleArn = ({ input, account, partition }: Asked): string =>
  typeof input['RoleName'] === 'string' ? `arn:${partition}:iam::${account}:role/${input['RoleName']}` : '*';

export const iam: ServiceEntry = {
  name: 'iam',
  protocol: 'aws-query',
  target: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  load: () => import('@aws-sdk/client-iam'),
  resource: roleArn,
};
