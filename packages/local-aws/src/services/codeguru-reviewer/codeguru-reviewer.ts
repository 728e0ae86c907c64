import { apiError, type Handle } from '../../call.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { Associations } from './association.js';
import { Reviews } from './review.js';
import type { CodeguruReviewerScenario } from './scenario.js';

/** Milliseconds between two calls of an operation, by the quotas of the user guide (2023), which cannot be raised. */
const intervalOf = (operation: string): number => (/^(?:Create|Associate)/.test(operation) ? 2000 : 1000);

/** Lets an operation be called at the documented rate, and throttles what is faster. */
const atRate = (next: Handle): Handle => {
  const last = new Map<string, number>();
  return async (call) => {
    const { operation, at } = call;
    if (at - (last.get(operation) ?? Number.NEGATIVE_INFINITY) < intervalOf(operation)) {
      return apiError('ThrottlingException', 'Rate exceeded', 429);
    }
    last.set(operation, at);
    return next(call);
  };
};

/** CodeGuru Reviewer as it is since 7 November 2025: it reviews what is associated, and associates nothing. */
export const createCodeguruReviewer = (context: ServiceContext<CodeguruReviewerScenario>): Service => {
  const associations = new Associations(context);
  const reviews = new Reviews(context, associations);
  const operations = byOperation({
    ListRepositoryAssociations: async (call) => associations.list(call),
    DescribeRepositoryAssociation: async (call) => associations.describe(call),
    AssociateRepository: async () =>
      apiError('AccessDeniedException', 'New repository associations are not available.', 403),
    CreateCodeReview: (call) => reviews.create(call),
    DescribeCodeReview: async (call) => reviews.describe(call),
    ListRecommendations: async (call) => reviews.recommendations(call),
  });
  return { handle: context.scenario.rate === 'documented' ? atRate(operations) : operations };
};
