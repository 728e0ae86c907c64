import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { OidcInputs } from '../../action.js';
import type { Credentials } from '../role/credentials.js';
import type { RoleStep } from '../role/role-step.js';

/** Where a token comes from. */
export type TokenSource =
  | { readonly kind: 'github'; readonly audience: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/** The first identity: a token and its role, keys given as inputs, or what is in place already (the SDK's default chain). */
export type CredentialSource =
  | { readonly kind: 'token'; readonly tokenSource: TokenSource; readonly role: RoleStep }
  | { readonly kind: 'keys'; readonly credentials: Credentials }
  | { readonly kind: 'default'; readonly envKeys: 'used' | 'ignored'; readonly reason: string };

const createMissingError = (message: string): DeliveryError => new DeliveryError('missing', message);

const parseKeys = (inputs: OidcInputs): Credentials | undefined => {
  const [accessKeyId, secretAccessKey] = [inputs['aws-access-key-id'], inputs['aws-secret-access-key']];
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined)
    throw createMissingError("'aws-secret-access-key' is given without 'aws-access-key-id': add it");
  if (secretAccessKey === undefined) {
    throw createMissingError(
      "'aws-access-key-id' is given without 'aws-secret-access-key': add it (is the secret empty here?)",
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: inputs['aws-session-token'] };
};

const hasTokenEndpoint = (env: Env): boolean =>
  [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']].every(Boolean);

/**
 * A token file that the host provides for the role that is asked for. Where AWS_ROLE_ARN names another role, the file
 * belongs to that one (a pod's own role), which the SDK's chain resolves and from which the asked one is assumed.
 */
const findProvidedTokenFile = (env: Env, [firstStep]: readonly RoleStep[]): string | undefined => {
  const role = env['AWS_ROLE_ARN'];
  const isSameRole = role === undefined || role === '' || role === firstStep?.role;
  return isSameRole ? env['AWS_WEB_IDENTITY_TOKEN_FILE'] || undefined : undefined;
};

const parseTokenSource = (inputs: OidcInputs, env: Env): TokenSource | undefined => {
  const [name, path] = [inputs['token-variable'], inputs['web-identity-token-file']];
  switch (inputs['token-source']) {
    case 'auto':
      return undefined;
    case 'github':
      if (!inputs['force-skip-oidc']) return { kind: 'github', audience: inputs.audience };
      throw new DeliveryError(
        'invalid-input',
        "'token-source: github' and 'force-skip-oidc' exclude each other: drop one",
      );
    case 'variable':
      if (name !== undefined) return { kind: 'variable', name };
      throw createMissingError("'token-source: variable' needs to know which: add 'token-variable'");
    case 'file': {
      const file = path ?? env['AWS_WEB_IDENTITY_TOKEN_FILE'];
      if (file) return { kind: 'file', path: file };
      throw createMissingError("'token-source: file' needs to know which: add 'web-identity-token-file'");
    }
  }
};

const detectTokenSource = (inputs: OidcInputs, env: Env, roleSteps: readonly RoleStep[]): TokenSource | undefined => {
  const name = inputs['token-variable'];
  if (name !== undefined) return { kind: 'variable', name };
  const canUseGitHub = hasTokenEndpoint(env) && !inputs['force-skip-oidc'];
  if (canUseGitHub) return { kind: 'github', audience: inputs.audience };
  const path = findProvidedTokenFile(env, roleSteps);
  return path === undefined ? undefined : { kind: 'file', path };
};

const createDefaultSource = (inputs: OidcInputs, reason: string): CredentialSource => ({
  kind: 'default',
  envKeys: inputs['unset-current-credentials'] ? 'ignored' : 'used',
  reason,
});

const selectKeysOrDefault = (inputs: OidcInputs, reason: string): CredentialSource => {
  const credentials = parseKeys(inputs);
  return credentials === undefined ? createDefaultSource(inputs, reason) : { kind: 'keys', credentials };
};

/** Decides where the first identity comes from; one that was named wins over one that happens to be there. */
export const parseCredentialSource = (
  inputs: OidcInputs,
  env: Env,
  roleSteps: readonly RoleStep[],
): CredentialSource => {
  const [role] = roleSteps;
  const file = inputs['web-identity-token-file'];
  const namedSource = parseTokenSource(inputs, env) ?? (file === undefined ? undefined : { kind: 'file', path: file });
  if (role === undefined) {
    if (inputs['token-source'] === 'auto') return selectKeysOrDefault(inputs, 'since no role is asked for');
    throw createMissingError("a token needs a role to be exchanged for: add 'role-arn'");
  }
  if (namedSource !== undefined) return { kind: 'token', tokenSource: namedSource, role };
  const keys = inputs['aws-access-key-id'] ?? inputs['aws-secret-access-key'];
  if (keys !== undefined || inputs['role-chaining']) return selectKeysOrDefault(inputs, "as 'role-chaining' asks");
  const tokenSource = detectTokenSource(inputs, env, roleSteps);
  return tokenSource === undefined
    ? selectKeysOrDefault(inputs, 'since there is no OIDC token here')
    : { kind: 'token', tokenSource, role };
};
