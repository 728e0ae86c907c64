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
      `input 'aws-profile': '${name}' has characters that a profile's name cannot hold: avoid blanks, []/\\#;`,
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
    throw new DeliveryError('missing', "'refresh' renews a role's session and no role is asked for: add 'role-arn'");
  }
  if (source.kind === 'keys') {
    throw new DeliveryError(
      'invalid-input',
      "'refresh' would have to leave 'aws-secret-access-key' on disk: use an OIDC token, or drop 'refresh'",
    );
  }
  if (source.kind === 'default' && profile?.name === getSourceProfile(env)) {
    throw new DeliveryError(
      'invalid-input',
      `'refresh' starts from the profile '${profile.name}' and cannot replace it: choose another 'aws-profile'`,
    );
  }
  if (source.kind === 'default' && source.envKeys === 'used' && env['AWS_ACCESS_KEY_ID']) {
    throw new DeliveryError(
      'invalid-input',
      "'refresh' blanks the keys in the environment, from which it would have to start: use an OIDC token, or drop 'refresh'",
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
