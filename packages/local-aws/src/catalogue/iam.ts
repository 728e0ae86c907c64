import type { Asked, ServiceEntry } from './entry.js';

export const iam: ServiceEntry = {
  name: 'iam',
  protocol: 'aws-query',
  target: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  load: () => import('@aws-sdk/client-iam'),
  operations: {
    GetRole: {
      write: false,
      demands: ({ input, account, partition }: Asked) => [
        { action: 'iam:GetRole', resource: `arn:${partition}:iam::${account}:role/${String(input['RoleName'])}` },
      ],
    },
  },
};
