import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { OidcInputs } from '../../action.js';
import type { RoleStep } from '../role/role-step.js';
import type { CredentialSource } from '../token/credential-source.js';

/** A profile in the shared files, and what to do where one of that name is there already. */
export interface NamedProfile {
  readonly name: string;
  readonly existing: 'replace' | 'reject';
}

/** Where credentials go. */
export interface ExportTarget {
  readonly environment: boolean;
  readonly outputs: boolean;
  readonly profile: NamedProfile | undefined;
  /** `fixed`: the keys themselves; `refreshed`: the means to get new ones. */
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

/** What the credentials come from. */
export interface SourceContext {
  readonly source: CredentialSource;
  readonly roleSteps: readonly RoleStep[];
  readonly env: Env;
}

/** The profile that ambient credentials come from, as this step sees it. */
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

/** Decides where credentials go: to the environment unless a profile is named, and with `refresh` never as keys. */
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
