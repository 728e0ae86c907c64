import type { ServiceEntry } from './entry.js';

/** Inspector: its IAM actions know no resources that a call would name (service authorization reference). */
export const inspector2: ServiceEntry = {
  name: 'inspector2',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-inspector2'),
};
