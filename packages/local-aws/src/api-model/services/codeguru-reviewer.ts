import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** What a call names: an association, a review of one, or nothing (service authorization reference). */
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
