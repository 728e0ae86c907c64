import type { ServiceEntry } from './entry.js';

/** AWS Health reads only, and knows no resources but `*` for what it is asked here. */
export const health: ServiceEntry = {
  name: 'health',
  protocol: 'aws-json',
  target: 'AWSHealth_20160804',
  load: () => import('@aws-sdk/client-health'),
  operations: {
    EnableHealthServiceAccessForOrganization: {
      write: true,
      demands: () => [{ action: 'health:EnableHealthServiceAccessForOrganization', resource: '*' }],
    },
    DisableHealthServiceAccessForOrganization: {
      write: true,
      demands: () => [{ action: 'health:DisableHealthServiceAccessForOrganization', resource: '*' }],
    },
  },
};
