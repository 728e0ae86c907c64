import { createErrorResponse, type Handler } from '../../api-call.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { Associations } from './association.js';
import { Reviews } from './review.js';
import type { CodeguruReviewerScenario } from './scenario.js';

/** Milliseconds between two calls of an operation, by the quotas of the user guide (2023), which cannot be raised. */
const getInterval = (operation: string): number => (/^(?:Create|Associate)/.test(operation) ? 2000 : 1000);

/** Lets an operation be called at the documented rate, and throttles what is faster. */
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

/** CodeGuru Reviewer as it is since 7 November 2025: it reviews what is associated, and associates nothing. */
export const createCodeguruReviewer = (context: ServiceContext<CodeguruReviewerScenario>): Service => {
  const associations = new Associations(context);
  const reviews = new Reviews(context, associations);
  const operations = dispatchByOperation({
    ListRepositoryAssociations: async (call) => associations.list(call),
    DescribeRepositoryAssociation: async (call) => associations.describe(call),
    AssociateRepository: async () =>
      createErrorResponse('AccessDeniedException', 'New repository associations are not available.', 403),
    CreateCodeReview: (call) => reviews.create(call),
    DescribeCodeReview: async (call) => reviews.describe(call),
    ListRecommendations: async (call) => reviews.listRecommendations(call),
  });
  return { handle: context.scenario.rate === 'documented' ? limitRate(operations) : operations };
};
