import type { Content, ProfileType } from './content.js';
import type { Location } from './settings.js';

/** What a profile of an environment should hold. */
export type Wanted =
  | {
      readonly kind: 'hosted';
      readonly content: Content;
      /** Relative to the workspace. */
      readonly file: string;
      /** Set where the file was merged into one of the template. */
      readonly template: string | undefined;
    }
  | { readonly kind: 'elsewhere'; readonly location: Extract<Location, { kind: 'elsewhere' }> };

/** One profile in one environment of one tenant. */
export interface Target {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly type: ProfileType;
  readonly wanted: Wanted;
  /** Text of a JSON Schema that is a validator of the profile. */
  readonly schema: string | undefined;
  /** ARNs of functions that are validators of the profile. */
  readonly functions: readonly string[];
}

/** What a tenant has in the source, by name. */
export interface TenantWish {
  /** Those that are asked for. */
  readonly environments: readonly string[];
  /** Those, and all it has a folder for. */
  readonly known: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
}

/** Everything that is wanted. */
export interface Wish {
  readonly targets: readonly Target[];
  /** Every tenant of the source, selected or not. */
  readonly tenants: ReadonlyMap<string, TenantWish>;
}

export const keyOf = ({ tenant, environment, profile }: Pick<Target, 'tenant' | 'environment' | 'profile'>): string =>
  `${tenant}/${environment}/${profile}`;
