import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { paginate } from '@aws-delivery/aws/pagination';
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

/** Operations of CodeGuru Reviewer. */
export interface Reviewer {
  findAssociations(names: readonly string[]): Promise<readonly RepositoryAssociationSummary[]>;
  getAssociation(arn: string): Promise<RepositoryAssociation>;
  createReview(request: CreateCodeReviewRequest): Promise<CodeReview>;
  getReview(arn: string): Promise<CodeReview>;
  listRecommendations(arn: string): Promise<readonly RecommendationSummary[]>;
}

export interface RateLimiterOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** No call starts after it; milliseconds since the epoch. */
  readonly deadline: number;
}

/** Spaces the calls of each operation by a minimum interval. */
class RateLimiter {
  private readonly nextStart = new Map<string, number>();

  constructor(private readonly options: RateLimiterOptions) {}

  /**
   * Waits until the operation may be called again.
   * @param intervalMs minimum time between two calls
   * @throws DeliveryError `timeout` if that would be after the deadline
   */
  async acquire(operation: string, intervalMs: number): Promise<void> {
    const { clock, signal, deadline } = this.options;
    const startAt = Math.max(clock.now(), this.nextStart.get(operation) ?? 0);
    if (startAt > deadline) throw new DeliveryError('timeout', `timed out before ${operation} completed`);
    this.nextStart.set(operation, startAt + intervalMs);
    const wait = startAt - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
  }
}

// Quotas of the user guide (2023), per operation: one call per second, for CreateCodeReview one every two seconds.
const SECOND_MS = 1000;

const createMissingError = (operation: string, label: string): DeliveryError =>
  new DeliveryError('unexpected', `${operation} returned no ${label}`);

/** CodeGuru Reviewer through its SDK client, within the documented request rates. */
export class SdkReviewer implements Reviewer {
  private readonly client: CodeGuruReviewerClient;
  private readonly rateLimiter: RateLimiter;
  private readonly signal: AbortSignal;

  constructor(configuration: AwsClientConfig, options: RateLimiterOptions) {
    this.client = new CodeGuruReviewerClient(configuration);
    renewExpiredCredentials(this.client);
    this.rateLimiter = new RateLimiter(options);
    this.signal = options.signal;
  }

  async findAssociations(Names: readonly string[]): Promise<readonly RepositoryAssociationSummary[]> {
    return paginate(async (NextToken) => {
      await this.rateLimiter.acquire('ListRepositoryAssociations', SECOND_MS);
      const input = { Names: [...Names], ...(NextToken === undefined ? {} : { NextToken }) };
      const { RepositoryAssociationSummaries: items = [], NextToken: next } = await this.client.send(
        new ListRepositoryAssociationsCommand(input),
        { abortSignal: this.signal },
      );
      return { items, next };
    });
  }

  async getAssociation(AssociationArn: string): Promise<RepositoryAssociation> {
    await this.rateLimiter.acquire('DescribeRepositoryAssociation', SECOND_MS);
    const { RepositoryAssociation: found } = await this.client.send(
      new DescribeRepositoryAssociationCommand({ AssociationArn }),
      { abortSignal: this.signal },
    );
    if (found === undefined) throw createMissingError('DescribeRepositoryAssociation', 'association');
    return found;
  }

  async createReview(request: CreateCodeReviewRequest): Promise<CodeReview> {
    await this.rateLimiter.acquire('CreateCodeReview', 2 * SECOND_MS);
    const { CodeReview: review } = await this.client.send(new CreateCodeReviewCommand(request), {
      abortSignal: this.signal,
    });
    if (review === undefined) throw createMissingError('CreateCodeReview', 'review');
    return review;
  }

  async getReview(CodeReviewArn: string): Promise<CodeReview> {
    await this.rateLimiter.acquire('DescribeCodeReview', SECOND_MS);
    const { CodeReview: review } = await this.client.send(new DescribeCodeReviewCommand({ CodeReviewArn }), {
      abortSignal: this.signal,
    });
    if (review === undefined) throw createMissingError('DescribeCodeReview', 'review');
    return review;
  }

  async listRecommendations(CodeReviewArn: string): Promise<readonly RecommendationSummary[]> {
    return paginate(async (NextToken) => {
      await this.rateLimiter.acquire('ListRecommendations', SECOND_MS);
      const input = { CodeReviewArn, MaxResults: 300, ...(NextToken === undefined ? {} : { NextToken }) };
      const { RecommendationSummaries: items = [], NextToken: next } = await this.client.send(
        new ListRecommendationsCommand(input),
        { abortSignal: this.signal },
      );
      return { items, next };
    });
  }
}
