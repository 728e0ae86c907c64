import type { Demand } from '../call.js';
import type { Asked, ServiceEntry } from './entry.js';

const documentArn = (name: string, { account, partition, region }: Asked): string =>
  name.startsWith('arn:') ? name : `arn:${partition}:ssm:${region}:${account}:document/${name}`;

const onCalendars = (asked: Asked): readonly Demand[] => {
  const names = asked.input['CalendarNames'];
  return (Array.isArray(names) ? names : ['*']).map((name) => ({
    action: 'ssm:GetCalendarState',
    resource: documentArn(String(name), asked),
  }));
};

export const ssm: ServiceEntry = {
  name: 'ssm',
  protocol: 'aws-json',
  target: 'AmazonSSM',
  load: () => import('@aws-sdk/client-ssm'),
  operations: { GetCalendarState: { demands: onCalendars } },
};
