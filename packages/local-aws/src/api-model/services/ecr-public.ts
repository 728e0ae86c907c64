import type { ServiceModel } from '../operation-model.js';

export const ecrPublic: ServiceModel = {
  name: 'ecr-public',
  protocol: 'aws-json',
  target: 'SpencerFrontendService',
  loadClient: () => import('@aws-sdk/client-ecr-public'),
  operations: {
    // "Requires the ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken permissions"
    GetAuthorizationToken: {
      requiredPermissions: () =>
        ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'].map((action) => ({ action, resource: '*' })),
    },
  },
};
