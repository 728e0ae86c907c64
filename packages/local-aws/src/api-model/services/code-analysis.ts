import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** The ARN of the association or review in the input, or `*` (Service Authorization Reference). */
const getResourceArn = ({ input }: PermissionContext): string => {
  const arn = input['AssociationArn'] ?? input['RepositoryAssociationArn'] ?? input['CodeReviewArn'];
  return typeof arn === 'string' ? arn : '*';
};

export const codeguruReviewer: ServiceModel = {
  name: 'codeguru-reviewer',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-codeguru-reviewer'),
  getResourceArns: getResourceArn,
};

/** The resource of all modeled Inspector operations is `*` (Service Authorization Reference). */
export const inspector2: ServiceModel = {
  name: 'inspector2',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-inspector2'),
};
