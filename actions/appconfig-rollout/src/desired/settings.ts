import type { StrategySpec } from '../inputs/strategy.js';
import type { ProfileType } from '../appconfig/resources.js';

/** Where a profile lives. */
export type ProfileLocation =
  | { readonly kind: 'hosted' }
  | {
      readonly kind: 'external';
      /** As AppConfig writes it: `ssm-parameter://…`, `ssm-document://…`, `secretsmanager://…`, `s3://…`. */
      readonly uri: string;
      readonly retrievalRole: string | undefined;
      /** Undefined: the current one of the source. */
      readonly version: string | undefined;
    };

export interface ProfileSettings {
  readonly type: ProfileType;
  readonly location: ProfileLocation;
  /** ARNs of functions. */
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

/** What `appconfig.yml` says of a tree. */
export interface TreeSettings {
  readonly profiles: ReadonlyMap<string, ProfileSettings>;
  readonly environments: ReadonlyMap<string, EnvironmentSettings>;
}

/** The settings of a tree that says nothing. */
export const EMPTY_SETTINGS: TreeSettings = { profiles: new Map(), environments: new Map() };

const DEFAULT_PROFILE_SETTINGS: ProfileSettings = {
  type: 'AWS.Freeform',
  location: { kind: 'hosted' },
  validators: [],
};

/** The settings of a profile; what is not said is plain. */
export const getProfileSettings = ({ profiles }: TreeSettings, name: string): ProfileSettings =>
  profiles.get(name) ?? DEFAULT_PROFILE_SETTINGS;
