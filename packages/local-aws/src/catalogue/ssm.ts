import type { Asked, ServiceEntry } from './entry.js';

const calendarArns = ({ input, account, partition, region }: Asked): readonly string[] => {
  const names = Array.isArray(input['CalendarNames']) ? input['CalendarNames'].map(String) : [];
  const prefix = `arn:${partition}:ssm:${region}:${account}:document/`;
  return names.length === 0 ? ['*'] : names.map((name) => (name.startsWith('arn:') ? name : prefix + name));
};

export const ssm: ServiceEntry = {
  name: 'ssm',
  protocol: 'aws-json',
  target: 'AmazonSSM',
  load: () => import('@aws-sdk/client-ssm'),
  resource: calendarArns,
};
