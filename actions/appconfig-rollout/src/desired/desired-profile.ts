import type { Content, ProfileType } from './documents/content.js';
import type { ProfileLocation } from './settings.js';

/** What a profile of an environment should hold. */
export type ConfigurationSource =
  | {
      readonly kind: 'hosted';
      readonly content: Content;
      /** Relative to the workspace. */
      readonly file: string;
      /** Set where the file was merged into one of the template. */
      readonly template: string | undefined;
    }
  | { readonly kind: 'external'; readonly location: Extract<ProfileLocation, { kind: 'external' }> };

/** One profile in one environment of one tenant. */
export interface DesiredProfile {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly type: ProfileType;
  readonly source: ConfigurationSource;
  /** Text of a JSON Schema that is a validator of the profile. */
  readonly schema: string | undefined;
  /** ARNs of functions that are validators of the profile. */
  readonly functions: readonly string[];
}

/** What a tenant has in the source, by name. */
export interface DesiredTenant {
  /** Those that are asked for. */
  readonly environments: readonly string[];
  /** Those, and all it has a folder for. */
  readonly knownEnvironments: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
}

/** Everything that is wanted. */
export interface DesiredConfiguration {
  readonly profiles: readonly DesiredProfile[];
  /** Every tenant of the source, selected or not. */
  readonly tenants: ReadonlyMap<string, DesiredTenant>;
}

export const formatProfileKey = ({
  tenant,
  environment,
  profile,
}: Pick<DesiredProfile, 'tenant' | 'environment' | 'profile'>): string => `${tenant}/${environment}/${profile}`;
