import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { OidcInputs } from '../action.js';
import type { Credentials } from './credentials.js';
import type { Hop } from './hop.js';

/** Where a token comes from. */
export type TokenOrigin =
  | { readonly kind: 'github'; readonly audience: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/** The first identity: a token and its role, keys given as inputs, or what is in place already (the SDK's default chain). */
export type Source =
  | { readonly kind: 'token'; readonly origin: TokenOrigin; readonly role: Hop }
  | { readonly kind: 'keys'; readonly credentials: Credentials }
  | { readonly kind: 'ambient'; readonly environment: 'used' | 'ignored'; readonly why: string };

const missing = (message: string): DeliveryError => new DeliveryError('missing', message);

const keysIn = (inputs: OidcInputs): Credentials | undefined => {
  const [accessKeyId, secretAccessKey] = [inputs['aws-access-key-id'], inputs['aws-secret-access-key']];
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined) throw missing("'aws-secret-access-key' is given without 'aws-access-key-id': add it");
  if (secretAccessKey === undefined) {
    throw missing("'aws-access-key-id' is given without 'aws-secret-access-key': add it (is the secret empty here?)");
  }
  return { accessKeyId, secretAccessKey, sessionToken: inputs['aws-session-token'] };
};

const hasEndpoint = (variables: Variables): boolean =>
  [variables['ACTIONS_ID_TOKEN_REQUEST_URL'], variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']].every(Boolean);

/**
 * A token file that the host provides for the role that is asked for. Where AWS_ROLE_ARN names another role, the file
 * belongs to that one (a pod's own role), which the SDK's chain resolves and from which the asked one is assumed.
 */
const providedFile = (variables: Variables, [first]: readonly Hop[]): string | undefined => {
  const role = variables['AWS_ROLE_ARN'];
  const isOurs = role === undefined || role === '' || role === first?.role;
  return isOurs ? variables['AWS_WEB_IDENTITY_TOKEN_FILE'] || undefined : undefined;
};

const explicitOrigin = (inputs: OidcInputs, variables: Variables): TokenOrigin | undefined => {
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
      throw missing("'token-source: variable' needs to know which: add 'token-variable'");
    case 'file': {
      const file = path ?? variables['AWS_WEB_IDENTITY_TOKEN_FILE'];
      if (file) return { kind: 'file', path: file };
      throw missing("'token-source: file' needs to know which: add 'web-identity-token-file'");
    }
  }
};

const foundOrigin = (inputs: OidcInputs, variables: Variables, hops: readonly Hop[]): TokenOrigin | undefined => {
  const name = inputs['token-variable'];
  if (name !== undefined) return { kind: 'variable', name };
  const github = hasEndpoint(variables) && !inputs['force-skip-oidc'];
  if (github) return { kind: 'github', audience: inputs.audience };
  const path = providedFile(variables, hops);
  return path === undefined ? undefined : { kind: 'file', path };
};

const ambient = (inputs: OidcInputs, why: string): Source => ({
  kind: 'ambient',
  environment: inputs['unset-current-credentials'] ? 'ignored' : 'used',
  why,
});

const withoutToken = (inputs: OidcInputs, why: string): Source => {
  const credentials = keysIn(inputs);
  return credentials === undefined ? ambient(inputs, why) : { kind: 'keys', credentials };
};

/** Decides where the first identity comes from; one that was named wins over one that happens to be there. */
export const sourceIn = (inputs: OidcInputs, variables: Variables, hops: readonly Hop[]): Source => {
  const [role] = hops;
  const file = inputs['web-identity-token-file'];
  const named = explicitOrigin(inputs, variables) ?? (file === undefined ? undefined : { kind: 'file', path: file });
  if (role === undefined) {
    if (inputs['token-source'] === 'auto') return withoutToken(inputs, 'since no role is asked for');
    throw missing("a token needs a role to be exchanged for: add 'role-arn'");
  }
  if (named !== undefined) return { kind: 'token', origin: named, role };
  const keys = inputs['aws-access-key-id'] ?? inputs['aws-secret-access-key'];
  if (keys !== undefined || inputs['role-chaining']) return withoutToken(inputs, "as 'role-chaining' asks");
  const origin = foundOrigin(inputs, variables, hops);
  return origin === undefined
    ? withoutToken(inputs, 'since there is no OIDC token here')
    : { kind: 'token', origin, role };
};
