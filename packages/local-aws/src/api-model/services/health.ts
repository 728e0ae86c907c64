import type { ServiceModel } from '../operation-model.js';

/** The resource of all modeled AWS Health operations is `*`. */
export const health: ServiceModel = {
  name: 'health',
  protocol: 'aws-json',
  target: 'AWSHealth_20160804',
  loadClient: () => import('@aws-sdk/client-health'),
};
