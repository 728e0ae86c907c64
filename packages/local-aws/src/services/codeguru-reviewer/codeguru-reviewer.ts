import { createErrorResponse, type Handler } from '../../api-call.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { Associations } from './association.js';
import { Reviews } from './review.js';
import type { CodeguruReviewerScenario } from './scenario.js';

/** Minimum milliseconds between two calls of an operation, by the fixed quotas of the user guide (2023). */
const getInterval = (operation: string): number => (/^(?:Create|Associate)/.test(operation) ? 2000 : 1000);

/** Throttles calls that exceed the documented rate. */
const limitRate = (next: Handler): Handler => {
  const last = new Map<string, number>();
  return async (call) => {
    const { operation, at } = call;
    if (at - (last.get(operation) ?? Number.NEGATIVE_INFINITY) < getInterval(operation)) {
      return createErrorResponse('ThrottlingException', 'Rate exceeded', 429);
    }
    last.set(operation, at);
    return next(call);
  };
};

/** CodeGuru Reviewer since 7 November 2025: existing associations can be reviewed, new ones cannot be created. */
export const createCodeguruReviewer = (context: ServiceContext<CodeguruReviewerScenario>): Service => {
  const associations = new Associations(context);
  const operations = dispatchByOperation({
    ListRepositoryAssociations: (call) => associations.list(call),
    DescribeRepositoryAssociation: (call) => associations.describe(call),
    AssociateRepository: () => {
      throw serviceError('AccessDeniedException', 'New repository associations are not available.', 403);
    },
    ...new Reviews(context, associations).handlers,
  });
  return { handle: context.scenario.rate === 'documented' ? limitRate(operations) : operations };
};
