import { type AwsConfiguration, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { pages } from '@aws-delivery/action-kit/page-walk';
import {
  CodeGuruReviewerClient,
  type CodeReview,
  CreateCodeReviewCommand,
  type CreateCodeReviewRequest,
  DescribeCodeReviewCommand,
  DescribeRepositoryAssociationCommand,
  ListRecommendationsCommand,
  ListRepositoryAssociationsCommand,
  type RecommendationSummary,
  type RepositoryAssociation,
  type RepositoryAssociationSummary,
} from '@aws-sdk/client-codeguru-reviewer';
import { Rate, type RateOptions } from './rate.js';

/** What is asked of CodeGuru Reviewer. */
export interface Reviewer {
  associationsNamed(names: readonly string[]): Promise<readonly RepositoryAssociationSummary[]>;
  association(arn: string): Promise<RepositoryAssociation>;
  createReview(request: CreateCodeReviewRequest): Promise<CodeReview>;
  review(arn: string): Promise<CodeReview>;
  recommendations(arn: string): Promise<readonly RecommendationSummary[]>;
}

// Quotas of the user guide (2023), for each operation: one call a second, CreateCodeReview one in two seconds.
const SECOND = 1000;

const missing = (operation: string, what: string): DeliveryError =>
  new DeliveryError('unexpected', `${operation} named no ${what}`);

/** CodeGuru Reviewer by its SDK client, at the documented rate. */
export class SdkReviewer implements Reviewer {
  private readonly client: CodeGuruReviewerClient;
  private readonly rate: Rate;

  private readonly signal: AbortSignal;

  constructor(configuration: AwsConfiguration, options: RateOptions) {
    this.client = new CodeGuruReviewerClient(configuration);
    renewExpired(this.client);
    this.rate = new Rate(options);
    this.signal = options.signal;
  }

  async associationsNamed(Names: readonly string[]): Promise<readonly RepositoryAssociationSummary[]> {
    return pages(async (NextToken) => {
      await this.rate.turn('ListRepositoryAssociations', SECOND);
      const input = { Names: [...Names], ...(NextToken === undefined ? {} : { NextToken }) };
      const { RepositoryAssociationSummaries: items = [], NextToken: next } = await this.client.send(
        new ListRepositoryAssociationsCommand(input),
        { abortSignal: this.signal },
      );
      return { items, next };
    });
  }

  async association(AssociationArn: string): Promise<RepositoryAssociation> {
    await this.rate.turn('DescribeRepositoryAssociation', SECOND);
    const { RepositoryAssociation: found } = await this.client.send(
      new DescribeRepositoryAssociationCommand({ AssociationArn }),
      { abortSignal: this.signal },
    );
    if (found === undefined) throw missing('DescribeRepositoryAssociation', 'association');
    return found;
  }

  async createReview(request: CreateCodeReviewRequest): Promise<CodeReview> {
    await this.rate.turn('CreateCodeReview', 2 * SECOND);
    const { CodeReview: review } = await this.client.send(new CreateCodeReviewCommand(request), {
      abortSignal: this.signal,
    });
    if (review === undefined) throw missing('CreateCodeReview', 'review');
    return review;
  }

  async review(CodeReviewArn: string): Promise<CodeReview> {
    await this.rate.turn('DescribeCodeReview', SECOND);
    const { CodeReview: review } = await this.client.send(new DescribeCodeReviewCommand({ CodeReviewArn }), {
      abortSignal: this.signal,
    });
    if (review === undefined) throw missing('DescribeCodeReview', 'review');
    return review;
  }

  async recommendations(CodeReviewArn: string): Promise<readonly RecommendationSummary[]> {
    return pages(async (NextToken) => {
      await this.rate.turn('ListRecommendations', SECOND);
      const input = { CodeReviewArn, MaxResults: 300, ...(NextToken === undefined ? {} : { NextToken }) };
      const { RecommendationSummaries: items = [], NextToken: next } = await this.client.send(
        new ListRecommendationsCommand(input),
        { abortSignal: this.signal },
      );
      return { items, next };
    });
  }
}
