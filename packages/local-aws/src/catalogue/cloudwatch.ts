import type { Asked, ServiceEntry } from './entry.js';

const onAlarm = (operation: string) => ({
  write: true,
  demands: ({ input, account, partition, region }: Asked) => [
    {
      action: `cloudwatch:${operation}`,
      resource: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${String(input['AlarmName'])}`,
    },
  ],
});

export const cloudwatch: ServiceEntry = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  protocol: 'aws-json',
  target: 'GraniteServiceVersion20100801',
  load: () => import('@aws-sdk/client-cloudwatch'),
  operations: { SetAlarmState: onAlarm('SetAlarmState') },
};
