import { z } from 'zod';
import type { EnvironmentSettings, Location, Monitor, ProfileSettings, TreeSettings } from './settings.js';
import { strategyIn } from './strategy.js';

const LOCATION = /^(?:ssm-parameter|ssm-document|secretsmanager|s3):\/\/.+$/;

const profile = z
  .strictObject({
    type: z.enum(['AWS.Freeform', 'AWS.AppConfig.FeatureFlags']).default('AWS.Freeform'),
    location: z
      .string()
      .regex(LOCATION, {
        error: 'is not of the form ssm-parameter://…, ssm-document://…, secretsmanager://… or s3://…',
      })
      .optional(),
    'retrieval-role-arn': z.string().optional(),
    version: z.coerce.string().optional(),
    validators: z.array(z.string().startsWith('arn:')).max(2).default([]),
  })
  .transform((given): ProfileSettings => {
    const { type, location: uri, 'retrieval-role-arn': retrievalRole, version, validators } = given;
    const location: Location =
      uri === undefined ? { kind: 'hosted' } : { kind: 'elsewhere', uri, retrievalRole, version };
    return { type, location, validators };
  });

const monitor = z
  .strictObject({ 'alarm-arn': z.string().startsWith('arn:'), 'role-arn': z.string().optional() })
  .transform(({ 'alarm-arn': alarm, 'role-arn': role }): Monitor => ({ alarm, role }));

const environment = z
  .strictObject({ strategy: z.unknown().optional(), monitors: z.array(monitor).max(5).optional() })
  .transform(
    ({ strategy, monitors }): EnvironmentSettings => ({
      strategy: strategy === undefined ? undefined : strategyIn(strategy),
      monitors,
    }),
  );

const settings = z.strictObject({
  profiles: z.record(z.string(), profile).default({}),
  environments: z.record(z.string(), environment).default({}),
});

/** Checks what `appconfig.yml` holds: the settings, or everything that is wrong with their paths. */
export const parseSettings = (
  document: unknown,
):
  | { readonly settings: TreeSettings }
  | { readonly wrong: readonly { path: (string | number)[]; message: string }[] } => {
  const parsed = settings.safeParse(document ?? {});
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: `'${path.join('.')}': ${message}`,
    }));
    return { wrong };
  }
  const { profiles, environments } = parsed.data;
  return {
    settings: { profiles: new Map(Object.entries(profiles)), environments: new Map(Object.entries(environments)) },
  };
};
