import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { OidcInputs } from '../../action.js';
import type { RoleStep } from '../role/role-step.js';
import type { CredentialSource } from '../token/credential-source.js';

/** A profile to write, and how to treat an existing one of that name. */
export interface NamedProfile {
  readonly name: string;
  readonly existing: 'replace' | 'reject';
}

/** Targets of the export. */
export interface ExportTarget {
  readonly environment: boolean;
  readonly outputs: boolean;
  readonly profile: NamedProfile | undefined;
  /** `fixed`: keys; `refreshed`: a profile or token file from which SDKs obtain new sessions. */
  readonly form: 'fixed' | 'refreshed';
}

const parseProfile = (inputs: OidcInputs): NamedProfile | undefined => {
  const name = inputs['aws-profile'];
  if (name === undefined) return undefined;
  if (/[\s[\]/\\#;]/u.test(name)) {
    throw new DeliveryError(
      'invalid-input',
      `input 'aws-profile': '${name}' contains characters that are not allowed in a profile name: remove spaces and []/\\#;`,
    );
  }
  return { name, existing: inputs['overwrite-aws-profile'] ? 'replace' : 'reject' };
};

/** Source of the credentials. */
export interface SourceContext {
  readonly source: CredentialSource;
  readonly roleSteps: readonly RoleStep[];
  readonly env: Env;
}

/** The profile of the default credentials. */
export const getSourceProfile = (env: Env): string => env['AWS_PROFILE'] || 'default';

const assertRefreshable = ({ source, roleSteps, env }: SourceContext, profile: NamedProfile | undefined): void => {
  if (roleSteps.length === 0) {
    throw new DeliveryError(
      'missing',
      "'role-arn' is required with 'refresh': only the session of a role can be renewed",
    );
  }
  if (source.kind === 'keys') {
    throw new DeliveryError(
      'invalid-input',
      "'refresh' cannot be combined with 'aws-secret-access-key', which would have to be stored on disk: use an OIDC token, or remove 'refresh'",
    );
  }
  if (source.kind === 'default' && profile?.name === getSourceProfile(env)) {
    throw new DeliveryError(
      'invalid-input',
      `'refresh' uses profile '${profile.name}' as its source and cannot replace it: choose another 'aws-profile'`,
    );
  }
  if (source.kind === 'default' && source.envKeys === 'used' && env['AWS_ACCESS_KEY_ID']) {
    throw new DeliveryError(
      'invalid-input',
      "'refresh' cannot renew from access keys in the environment, because it unsets them: use an OIDC token, or remove 'refresh'",
    );
  }
};

/**
 * Parses the export target: the environment unless a profile is named.
 * @throws DeliveryError for an invalid profile name, or a source that `refresh` cannot renew from
 */
export const parseExportTarget = (inputs: OidcInputs, context: SourceContext): ExportTarget => {
  const profile = parseProfile(inputs);
  if (inputs.refresh) assertRefreshable(context, profile);
  return {
    environment: inputs['output-env-credentials'] ?? profile === undefined,
    outputs: inputs['output-credentials'],
    profile,
    form: inputs.refresh ? 'refreshed' : 'fixed',
  };
};
