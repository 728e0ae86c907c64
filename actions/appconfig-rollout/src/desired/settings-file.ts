import { z } from 'zod';
import { parseStrategy } from '../inputs/strategy.js';
import type { EnvironmentSettings, Monitor, ProfileLocation, ProfileSettings, TreeSettings } from './settings.js';
import type { PathIssue } from './validation-issue.js';

const LOCATION_PATTERN = /^(?:ssm-parameter|ssm-document|secretsmanager|s3):\/\/.+$/;

const profileSchema = z
  .strictObject({
    type: z.enum(['AWS.Freeform', 'AWS.AppConfig.FeatureFlags']).default('AWS.Freeform'),
    location: z
      .string()
      .regex(LOCATION_PATTERN, {
        error: 'must start with ssm-parameter://, ssm-document://, secretsmanager:// or s3://',
      })
      .optional(),
    'retrieval-role-arn': z.string().optional(),
    version: z.coerce.string().optional(),
    validators: z.array(z.string().startsWith('arn:')).max(2).default([]),
  })
  .transform((raw): ProfileSettings => {
    const { type, location: uri, 'retrieval-role-arn': retrievalRole, version, validators } = raw;
    const location: ProfileLocation =
      uri === undefined ? { kind: 'hosted' } : { kind: 'external', uri, retrievalRole, version };
    return { type, location, validators };
  });

const monitorSchema = z
  .strictObject({ 'alarm-arn': z.string().startsWith('arn:'), 'role-arn': z.string().optional() })
  .transform(({ 'alarm-arn': alarm, 'role-arn': role }): Monitor => ({ alarm, role }));

const environmentSchema = z
  .strictObject({ strategy: z.unknown().optional(), monitors: z.array(monitorSchema).max(5).optional() })
  .transform(
    ({ strategy, monitors }): EnvironmentSettings => ({
      strategy: strategy === undefined ? undefined : parseStrategy(strategy),
      monitors,
    }),
  );

const settingsSchema = z.strictObject({
  profiles: z.record(z.string(), profileSchema).default({}),
  environments: z.record(z.string(), environmentSchema).default({}),
});

/** Validates the parsed `appconfig.yml`: the settings, or all issues with their paths. */
export const parseSettings = (
  document: unknown,
): { readonly settings: TreeSettings } | { readonly issues: readonly PathIssue[] } => {
  const parsed = settingsSchema.safeParse(document ?? {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: `'${path.join('.')}': ${message}`,
    }));
    return { issues };
  }
  const { profiles, environments } = parsed.data;
  return {
    settings: { profiles: new Map(Object.entries(profiles)), environments: new Map(Object.entries(environments)) },
  };
};
