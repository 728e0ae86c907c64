import type { Asked, ServiceEntry } from './entry.js';

/** What a call names: an association, a review of one, or nothing (service authorization reference). */
const arns = ({ input }: Asked): string => {
  const arn = input['AssociationArn'] ?? input['RepositoryAssociationArn'] ?? input['CodeReviewArn'];
  return typeof arn === 'string' ? arn : '*';
};

export const codeguruReviewer: ServiceEntry = {
  name: 'codeguru-reviewer',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-codeguru-reviewer'),
  resource: arns,
};
