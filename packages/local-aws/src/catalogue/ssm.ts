import type { Asked, ServiceEntry } from './entry.js';

/** Calendars are documents; parameters have the slash that their names may begin with only once in their ARNs. */
const arnsOf = ({ input, account, partition, region }: Asked, operation: string): readonly string[] => {
  const kind = operation.endsWith('Parameter') ? 'parameter' : 'document';
  const names = [input['CalendarNames'] ?? input['Name'] ?? []].flat().map(String);
  const prefix = `arn:${partition}:ssm:${region}:${account}:${kind}/`;
  const arns = names.map((name) => (name.startsWith('arn:') ? name : prefix + name.replace(/^\//, '')));
  return arns.length === 0 ? ['*'] : arns;
};

export const ssm: ServiceEntry = {
  name: 'ssm',
  protocol: 'aws-json',
  target: 'AmazonSSM',
  load: () => import('@aws-sdk/client-ssm'),
  resource: arnsOf,
};
