import { z } from 'zod';
import { durationSchema, HOUR_MS } from '../../time/duration.js';

/** ECR's pattern of repository names (API_CreateRepository, `repositoryName`). */
export const REPOSITORY_NAME = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';

export const isRepositoryName = (name: string): boolean =>
  name.length >= 2 && name.length <= 256 && new RegExp(`^${REPOSITORY_NAME}$`).test(name);

const MUTABILITIES = ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'] as const;

const repository = z.strictObject({
  mutability: z.enum(MUTABILITIES).default('MUTABLE'),
  /** Patterns of tags excluded from the mutability (`*_WITH_EXCLUSION`). */
  exclusions: z.array(z.string()).default([]),
  scanOnPush: z.boolean().default(false),
});

const isNameOrArn = (key: string): boolean => isRepositoryName(key.split(':repository/').at(-1) ?? key);

const finding = z.strictObject({
  id: z.string(),
  severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED']).default('HIGH'),
  package: z.string().default('openssl'),
  version: z.string().default('1.0.0'),
  fixedIn: z.string().optional(),
  /** Digest of the only image with this finding; default: all images. */
  image: z.string().optional(),
});

/** ECR's part of a scenario: repositories, scan results and settings of the registry. */
export const ecrScenario = z.strictObject({
  /** By name, in every Region of the account; or by ARN. */
  repositories: z
    .record(z.string().refine(isNameOrArn, 'not a valid repository name'), repository.prefault({}))
    .default({}),
  /**
   * Host names of registries in GetAuthorizationToken: `address` is the server's own address, for clients that cannot
   * resolve other names; `names` gives each account and Region its own name below `localhost`.
   */
  naming: z.enum(['address', 'names']).default('address'),
  /** Whether blobs can be mounted from another repository (account setting BLOB_MOUNTING). */
  mounting: z.enum(['ENABLED', 'DISABLED']).default('DISABLED'),
  tokenLifetime: durationSchema.default(12 * HOUR_MS),
  /** URL of a real registry that stores the images; default: in memory. */
  storage: z.url().optional(),
  /** Destinations of replication, with the duration and the final status. */
  replication: z
    .array(
      z.strictObject({
        region: z.string(),
        registryId: z.string().default('111122223333'),
        duration: durationSchema.default(10_000),
        ends: z.enum(['COMPLETE', 'FAILED']).default('COMPLETE'),
      }),
    )
    .default([]),
  scanning: z
    .strictObject({
      type: z.enum(['BASIC', 'ENHANCED']).default('BASIC'),
      /** Duration of a scan. */
      duration: durationSchema.default(10_000),
      /** Final status of a scan, if not the normal one. */
      ends: z.string().optional(),
      findings: z.array(finding).default([]),
    })
    .prefault({}),
});

export type EcrScenario = z.output<typeof ecrScenario>;
export type RepositoryScenario = EcrScenario['repositories'][string];
