import type { ServiceModel } from '../operation-model.js';

/** AWS Health knows no resources but `*` for what it is asked here. */
export const health: ServiceModel = {
  name: 'health',
  protocol: 'aws-json',
  target: 'AWSHealth_20160804',
  loadClient: () => import('@aws-sdk/client-health'),
};
