import type { ProfileType } from '../appconfig/resources.js';
import type { StrategySpec } from '../inputs/strategy.js';

/** Where the configuration data of a profile is stored. */
export type ProfileLocation =
  | { readonly kind: 'hosted' }
  | {
      readonly kind: 'external';
      /** LocationUri of AppConfig: `ssm-parameter://…`, `ssm-document://…`, `secretsmanager://…`, `s3://…`. */
      readonly uri: string;
      readonly retrievalRole: string | undefined;
      /** Undefined: the current version of the source. */
      readonly version: string | undefined;
    };

export interface ProfileSettings {
  readonly type: ProfileType;
  readonly location: ProfileLocation;
  /** ARNs of Lambda functions. */
  readonly validators: readonly string[];
}

export interface Monitor {
  readonly alarm: string;
  readonly role: string | undefined;
}

export interface EnvironmentSettings {
  readonly strategy: StrategySpec | undefined;
  readonly monitors: readonly Monitor[] | undefined;
}

/** The settings in `appconfig.yml`. */
export interface TreeSettings {
  readonly profiles: ReadonlyMap<string, ProfileSettings>;
  readonly environments: ReadonlyMap<string, EnvironmentSettings>;
}

/** Settings of a tree without `appconfig.yml`. */
export const EMPTY_SETTINGS: TreeSettings = { profiles: new Map(), environments: new Map() };

const DEFAULT_PROFILE_SETTINGS: ProfileSettings = {
  type: 'AWS.Freeform',
  location: { kind: 'hosted' },
  validators: [],
};

/** The settings of a profile, or the default: a hosted freeform profile without validators. */
export const getProfileSettings = ({ profiles }: TreeSettings, name: string): ProfileSettings =>
  profiles.get(name) ?? DEFAULT_PROFILE_SETTINGS;
