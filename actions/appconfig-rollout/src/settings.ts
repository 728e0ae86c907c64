import { z } from 'zod';
import type { ProfileType } from './content.js';
import { type StrategyWish, strategyIn } from './strategy.js';

/** Where a profile lives. */
export type Location =
  | { readonly kind: 'hosted' }
  | {
      readonly kind: 'elsewhere';
      /** As AppConfig writes it: `ssm-parameter://…`, `ssm-document://…`, `secretsmanager://…`, `s3://…`. */
      readonly uri: string;
      readonly retrievalRole: string | undefined;
      /** Undefined: the current one of the source. */
      readonly version: string | undefined;
    };

export interface ProfileSettings {
  readonly type: ProfileType;
  readonly location: Location;
  /** ARNs of functions. */
  readonly validators: readonly string[];
}

export interface Monitor {
  readonly alarm: string;
  readonly role: string | undefined;
}

export interface EnvironmentSettings {
  readonly strategy: StrategyWish | undefined;
  readonly monitors: readonly Monitor[] | undefined;
}

/** What `appconfig.yml` says of a tree. */
export interface TreeSettings {
  readonly profiles: ReadonlyMap<string, ProfileSettings>;
  readonly environments: ReadonlyMap<string, EnvironmentSettings>;
}

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

/** The settings of a tree that says nothing. */
export const NO_SETTINGS: TreeSettings = { profiles: new Map(), environments: new Map() };

const PLAIN: ProfileSettings = { type: 'AWS.Freeform', location: { kind: 'hosted' }, validators: [] };

/** The settings of a profile; what is not said is plain. */
export const profileSettings = ({ profiles }: TreeSettings, name: string): ProfileSettings =>
  profiles.get(name) ?? PLAIN;

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
