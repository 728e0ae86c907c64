import type { ProfileType } from '../appconfig/resources.js';
import type { Content } from './documents/content.js';
import type { ProfileLocation, TreeSettings } from './settings.js';

/** One profile in one environment of one tenant, by name. */
export interface ProfileRef {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
}

/** `shop/dev/FeatureFlags`: the key in maps and outputs. */
export const formatProfileKey = ({ tenant, environment, profile }: ProfileRef): string =>
  `${tenant}/${environment}/${profile}`;

/** `shop/dev FeatureFlags`: the name in logs and reports. */
export const formatProfileName = ({ tenant, environment, profile }: ProfileRef): string =>
  `${tenant}/${environment} ${profile}`;

/** Where the configuration of a profile comes from. */
export type ConfigurationSource =
  | {
      readonly kind: 'hosted';
      readonly content: Content;
      /** Relative to the workspace. */
      readonly file: string;
      /** The template that the file was merged into. */
      readonly template: string | undefined;
    }
  | { readonly kind: 'external'; readonly location: Extract<ProfileLocation, { kind: 'external' }> };

/** A profile as the tree defines it. */
export interface DesiredProfile extends ProfileRef {
  readonly type: ProfileType;
  readonly source: ConfigurationSource;
  /** Text of the JSON Schema that is a validator of the profile. */
  readonly schema: string | undefined;
  /** ARNs of the Lambda functions that are validators of the profile. */
  readonly functions: readonly string[];
}

/** A tenant of the tree, by names. */
export interface DesiredTenant {
  /** The selected environments. */
  readonly environments: readonly string[];
  /** The selected environments and every environment with a directory. */
  readonly knownEnvironments: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
}

/** A validated tree: what to deploy, and with which settings. */
export interface DesiredConfiguration {
  /** The selected profiles; empty in modes that read no content. */
  readonly profiles: readonly DesiredProfile[];
  /** Every tenant of the tree, selected or not. */
  readonly tenants: ReadonlyMap<string, DesiredTenant>;
  readonly settings: TreeSettings;
  /** Patterns of schemas and constraints that took too long to match: only AppConfig judges them. */
  readonly unknownPatterns: readonly string[];
}
