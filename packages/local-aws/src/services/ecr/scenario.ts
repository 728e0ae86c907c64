import { z } from 'zod';
import { durationSchema, HOUR_MS } from '../../time/duration.js';

const MUTABILITIES = ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'] as const;

const repository = z.strictObject({
  mutability: z.enum(MUTABILITIES).default('MUTABLE'),
  /** Tags with `*` that are treated the other way round, with a mutability WITH_EXCLUSION. */
  exclusions: z.array(z.string()).default([]),
  scanOnPush: z.boolean().default(false),
});

const finding = z.strictObject({
  id: z.string(),
  severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED']).default('HIGH'),
  package: z.string().default('openssl'),
  version: z.string().default('1.0.0'),
  fixedIn: z.string().optional(),
  /** The one image that has it, by its digest; all have it where left out. */
  image: z.string().optional(),
});

/** ECR and its registry: what there is, what a scan says, and which of ECR's habits the registry has. */
export const ecrScenario = z.strictObject({
  /** By name, in every Region of the account; or by ARN. */
  repositories: z.record(z.string(), repository.prefault({})).default({}),
  /**
   * What GetAuthorizationToken calls the registries: `address` is this server's own, for clients that resolve no
   * other; `names` gives each account and Region its own name below `localhost`.
   */
  naming: z.enum(['address', 'names']).default('address'),
  /** Whether blobs may be mounted from one repository into another (account setting BLOB_MOUNTING). */
  mounting: z.enum(['ENABLED', 'DISABLED']).default('DISABLED'),
  tokenLifetime: durationSchema.default(12 * HOUR_MS),
  /** Address of a real registry that keeps the images behind ECR's rules; in memory where left out. */
  storage: z.url().optional(),
  scanning: z
    .strictObject({
      type: z.enum(['BASIC', 'ENHANCED']).default('BASIC'),
      /** How long a scan takes. */
      duration: durationSchema.default(10_000),
      /** What a scan ends in, where not in its normal end. */
      ends: z.string().optional(),
      findings: z.array(finding).default([]),
    })
    .prefault({}),
});

export type EcrScenario = z.output<typeof ecrScenario>;
export type RepositoryScenario = EcrScenario['repositories'][string];
