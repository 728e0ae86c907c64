import type { ServiceEntry } from './entry.js';

export const ecrPublic: ServiceEntry = {
  name: 'ecr-public',
  protocol: 'aws-json',
  target: 'SpencerFrontendService',
  load: () => import('@aws-sdk/client-ecr-public'),
  operations: {
    // "Requires the ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken permissions"
    GetAuthorizationToken: {
      demands: () =>
        ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'].map((action) => ({ action, resource: '*' })),
    },
  },
};
