import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const association = z.strictObject({
  name: z.string(),
  owner: z.string().optional(),
  provider: z.enum(['CodeCommit', 'GitHub', 'Bitbucket', 'GitHubEnterpriseServer', 'S3Bucket']).default('S3Bucket'),
  /** Bucket of an S3 association. */
  bucket: z.string().optional(),
  state: z.enum(['Associated', 'Associating', 'Failed', 'Disassociating', 'Disassociated']).default('Associated'),
  reason: z.string().optional(),
  /** When the state changes from Associating to Associated, from the server's start; default: never. */
  ready: durationSchema.optional(),
  /** ARN of a customer managed KMS key. */
  kmsKey: z.string().optional(),
});

const recommendation = z.strictObject({
  file: z.string(),
  line: z.int().positive().default(1),
  endLine: z.int().positive().optional(),
  severity: z.enum(['Info', 'Low', 'Medium', 'High', 'Critical']).default('High'),
  category: z.string().default('SecurityIssues'),
  description: z.string().default('Untrusted data is concatenated into a SQL query. Use a prepared statement.'),
  rule: z.string().default('java/sql-injection@v1.0'),
  tags: z.array(z.string()).default([]),
  /** Number of copies, on consecutive lines. */
  times: z.int().positive().default(1),
});

/** CodeGuru Reviewer's part of a scenario: associations, and the result of every review. */
export const codeguruReviewerScenario = z.strictObject({
  associations: z.array(association).default([]),
  review: z
    .strictObject({
      takes: durationSchema.default(90_000),
      outcome: z.enum(['Completed', 'Failed', 'Deleting']).default('Completed'),
      reason: z.string().optional(),
      recommendations: z.array(recommendation).default([]),
      /** The review's FindingsCount, if it should differ from the number of recommendations. */
      counted: z.int().optional(),
    })
    .prefault({}),
  /** Whether to throttle calls beyond the documented rate. */
  rate: z.enum(['documented', 'unlimited']).default('documented'),
});

export type CodeguruReviewerScenario = z.output<typeof codeguruReviewerScenario>;
export type AssociationScenario = CodeguruReviewerScenario['associations'][number];
export type RecommendationScenario = CodeguruReviewerScenario['review']['recommendations'][number];
