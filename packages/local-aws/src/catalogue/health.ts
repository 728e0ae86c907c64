import type { ServiceEntry } from './entry.js';

/** AWS Health knows no resources but `*` for what it is asked here. */
export const health: ServiceEntry = {
  name: 'health',
  protocol: 'aws-json',
  target: 'AWSHealth_20160804',
  load: () => import('@aws-sdk/client-health'),
};
