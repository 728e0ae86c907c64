import type { ServiceModel } from '../operation-model.js';

/** Inspector: its IAM actions know no resources that a call would name (service authorization reference). */
export const inspector2: ServiceModel = {
  name: 'inspector2',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-inspector2'),
};
