import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** Calendars are documents; parameters have the slash that their names may begin with only once in their ARNs. */
const listResourceArns = (
  { input, account, partition, region }: PermissionContext,
  operation: string,
): readonly string[] => {
  const kind = operation.endsWith('Parameter') ? 'parameter' : 'document';
  const names = [input['CalendarNames'] ?? input['Name'] ?? []].flat().map(String);
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
