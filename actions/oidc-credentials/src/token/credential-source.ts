import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { OidcInputs } from '../../action.js';
import type { Credentials } from '../role/credentials.js';
import type { RoleStep } from '../role/role-step.js';

/** Source of an OIDC token. */
export type TokenSource =
  | { readonly kind: 'github'; readonly audience: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/** Why the default credentials are used. */
export type DefaultReason = 'no-role' | 'role-chaining' | 'no-token';

/** Source of the first credentials: a token with its role, keys from the inputs, or the SDK's default chain. */
export type CredentialSource =
  | { readonly kind: 'token'; readonly tokenSource: TokenSource; readonly role: RoleStep }
  | { readonly kind: 'keys'; readonly credentials: Credentials }
  | { readonly kind: 'default'; readonly envKeys: 'used' | 'ignored'; readonly reason: DefaultReason };

/** The value is secret and is not part of the message. */
const validateKey = (input: string, value: string | undefined): void => {
  if (value === undefined || /^[\x21-\x7e]+$/u.test(value)) return;
  throw new DeliveryError(
    'invalid-input',
    `input '${input}' contains spaces, line breaks or characters other than ASCII: correct the secret`,
  );
};

const parseKeys = (inputs: OidcInputs): Credentials | undefined => {
  const [accessKeyId, secretAccessKey] = [inputs['aws-access-key-id'], inputs['aws-secret-access-key']];
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined)
    throw new DeliveryError('missing', "'aws-access-key-id' is required with 'aws-secret-access-key'");
  if (secretAccessKey === undefined) {
    throw new DeliveryError(
      'missing',
      "'aws-secret-access-key' is required with 'aws-access-key-id': check that the secret is available to this job",
    );
  }
  for (const input of ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'] as const) {
    validateKey(input, inputs[input]);
  }
  return { accessKeyId, secretAccessKey, sessionToken: inputs['aws-session-token'] };
};

const hasTokenEndpoint = (env: Env): boolean =>
  [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']].every(Boolean);

/**
 * Path of a token file that the host provides for the requested role. If AWS_ROLE_ARN names another role (the role of
 * a pod), the file belongs to that one: the SDK's default chain assumes it, and the requested role is assumed from it.
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
        "'token-source: github' cannot be combined with 'force-skip-oidc': remove one of them",
      );
    case 'variable':
      if (name !== undefined) return { kind: 'variable', name };
      throw new DeliveryError('missing', "'token-variable' is required with 'token-source: variable'");
    case 'file': {
      const file = path ?? env['AWS_WEB_IDENTITY_TOKEN_FILE'];
      if (file) return { kind: 'file', path: file };
      throw new DeliveryError('missing', "'web-identity-token-file' is required with 'token-source: file'");
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

const createDefaultSource = (inputs: OidcInputs, reason: DefaultReason): CredentialSource => ({
  kind: 'default',
  envKeys: inputs['unset-current-credentials'] ? 'ignored' : 'used',
  reason,
});

const selectKeysOrDefault = (inputs: OidcInputs, reason: DefaultReason): CredentialSource => {
  const credentials = parseKeys(inputs);
  return credentials === undefined ? createDefaultSource(inputs, reason) : { kind: 'keys', credentials };
};

/**
 * Selects the source of the first credentials. A source that the inputs name takes precedence over one that is
 * detected.
 * @throws DeliveryError `missing` or `invalid-input` for incomplete or contradictory inputs
 */
export const parseCredentialSource = (
  inputs: OidcInputs,
  env: Env,
  roleSteps: readonly RoleStep[],
): CredentialSource => {
  const [role] = roleSteps;
  const file = inputs['web-identity-token-file'];
  const namedSource = parseTokenSource(inputs, env) ?? (file === undefined ? undefined : { kind: 'file', path: file });
  if (role === undefined) {
    if (inputs['token-source'] === 'auto') return selectKeysOrDefault(inputs, 'no-role');
    throw new DeliveryError('missing', `'role-arn' is required with 'token-source: ${inputs['token-source']}'`);
  }
  if (namedSource !== undefined) return { kind: 'token', tokenSource: namedSource, role };
  const keys = inputs['aws-access-key-id'] ?? inputs['aws-secret-access-key'];
  if (keys !== undefined || inputs['role-chaining']) return selectKeysOrDefault(inputs, 'role-chaining');
  const tokenSource = detectTokenSource(inputs, env, roleSteps);
  return tokenSource === undefined ? selectKeysOrDefault(inputs, 'no-token') : { kind: 'token', tokenSource, role };
};
