import { getPartition } from '@aws-delivery/aws/region';
import type { HealthEvent } from './health-event.js';

// The Health consoles of the partitions; elsewhere there is no public one.
const CONSOLE_URLS: Readonly<Record<string, string>> = {
  aws: 'https://health.aws.amazon.com/health',
  'aws-cn': 'https://health.console.amazonaws.cn/health',
  'aws-us-gov': 'https://health.console.amazonaws-us-gov.com/health',
};

/** Where people read on about an event: the public status page for what everybody may see, else their own log. */
export const buildConsoleLink = (event: HealthEvent, region: string, view: 'account' | 'organization'): string => {
  const consoleUrl = CONSOLE_URLS[getPartition(region)] ?? CONSOLE_URLS['aws'];
  const id = encodeURIComponent(event.arn);
  if (event.scope === 'PUBLIC' && getPartition(region) === 'aws') return `${consoleUrl}/status?eventID=${id}`;
  return `${consoleUrl}/home#/${view}/event-log?eventID=${id}&eventTab=details`;
};
