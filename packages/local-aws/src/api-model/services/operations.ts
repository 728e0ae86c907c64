import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** The resource of all modeled AWS Health operations is `*`. */
export const health: ServiceModel = {
  name: 'health',
  protocol: 'aws-json',
  target: 'AWSHealth_20160804',
  loadClient: () => import('@aws-sdk/client-health'),
};

/** Calendars are documents. The ARN of a parameter has one slash even if its name begins with one. */
const listResourceArns = (
  { input, account, partition, region }: PermissionContext,
  operation: string,
): readonly string[] => {
  const kind = operation.includes('Parameter') ? 'parameter' : 'document';
  const names = [input['CalendarNames'] ?? input['Names'] ?? input['Name'] ?? input['Path'] ?? []].flat().map(String);
  const prefix = `arn:${partition}:ssm:${region}:${account}:${kind}/`;
  const arns = names.map((name) => (name.startsWith('arn:') ? name : prefix + name.replace(/^\//, '')));
  return arns.length === 0 ? ['*'] : arns;
};

export const ssm: ServiceModel = {
  name: 'ssm',
  protocol: 'aws-json',
  target: 'AmazonSSM',
  loadClient: () => import('@aws-sdk/client-ssm'),
  getResourceArns: listResourceArns,
};

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
