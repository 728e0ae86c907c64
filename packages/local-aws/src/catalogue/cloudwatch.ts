import type { Asked, ServiceEntry } from './entry.js';

const alarmArn = ({ input, account, partition, region }: Asked): string =>
  typeof input['AlarmName'] === 'string'
    ? `arn:${partition}:cloudwatch:${region}:${account}:alarm:${input['AlarmName']}`
    : '*';

export const cloudwatch: ServiceEntry = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  protocol: 'aws-json',
  target: 'GraniteServiceVersion20100801',
  load: () => import('@aws-sdk/client-cloudwatch'),
  resource: alarmArn,
};
