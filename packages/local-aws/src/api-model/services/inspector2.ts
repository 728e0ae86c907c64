import type { ServiceModel } from '../operation-model.js';

/** The resource of all modeled Inspector operations is `*` (Service Authorization Reference). */
export const inspector2: ServiceModel = {
  name: 'inspector2',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-inspector2'),
};
