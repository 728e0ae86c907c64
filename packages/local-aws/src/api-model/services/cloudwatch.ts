import type { PermissionContext, ServiceModel } from '../operation-model.js';

const buildAlarmArn = ({ input, account, partition, region }: PermissionContext): string =>
  typeof input['AlarmName'] === 'string'
    ? `arn:${partition}:cloudwatch:${region}:${account}:alarm:${input['AlarmName']}`
    : '*';

export const cloudwatch: ServiceModel = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  protocol: 'aws-json',
  target: 'GraniteServiceVersion20100801',
  loadClient: () => import('@aws-sdk/client-cloudwatch'),
  getResourceArns: buildAlarmArn,
};
