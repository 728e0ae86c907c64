import { parseJson } from '@aws-delivery/action-kit/http/request';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { streamBytes } from '../image/digest.js';
import type { HttpRequest, HttpTransport } from './transport.js';

export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** Credentials of a registry: name and password, or the refresh token that Docker calls identity token. */
export type Credentials = BasicCredentials | { readonly identityToken: string };

/** Returns credentials for a registry, new ones with `forceRenewal`; undefined for a registry without credentials. */
export type CredentialSource = (forceRenewal: boolean) => Promise<Credentials | undefined>;

export interface AuthenticatorOptions {
  readonly getCredentials: CredentialSource;
  readonly transport: HttpTransport;
  /** `basic`: send credentials with the first request, as ECR expects. `challenge`: wait for `WWW-Authenticate`. */
  readonly scheme: 'basic' | 'challenge';
  /** Whether credentials may be sent to a token server that the registry names; any server by default. */
  readonly isTrusted?: (url: URL) => boolean;
}

const formatBasicAuth = ({ username, password }: BasicCredentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const MAX_TOKEN_BYTES = 256 * 1024;

/** Parses the parameters of `Bearer realm="…",service="…"`. */
const parseChallenge = (challenge: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...challenge.matchAll(/(\w{1,64})="([^"]*)"/gu)].map(([, name = '', value = '']) => [name, value]),
  );

/**
 * Builds a request to a token server (distribution, "Token Authentication Specification"); a refresh token is sent in
 * the body of a POST ("OAuth2 Token Authentication").
 */
const buildTokenRequest = (
  realm: URL,
  { service, scope }: { readonly service: string | undefined; readonly scope: string },
  credentials: Credentials | undefined,
): HttpRequest => {
  const parameters = { ...(service === undefined ? {} : { service }), scope };
  if (credentials !== undefined && 'identityToken' in credentials) {
    const grant = { grant_type: 'refresh_token', client_id: 'aws-delivery', refresh_token: credentials.identityToken };
    const form = Buffer.from(new URLSearchParams({ ...grant, ...parameters }).toString());
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm, headers, body: { size: form.length, open: () => streamBytes(form) } };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return {
    method: 'GET',
    url,
    headers: credentials === undefined ? {} : { authorization: formatBasicAuth(credentials) },
  };
};

/** Caches the `Authorization` headers of one registry by scope (`repository:app:pull,push`). */
export class Authenticator {
  private readonly headers = new Map<string, string>();
  /** Pending token requests by scope. */
  private readonly pendingTokens = new Map<string, Promise<boolean>>();
  private renewal: Promise<void> | undefined;
  private needsRenewal = false;

  constructor(private readonly options: AuthenticatorOptions) {}

  /** The current header; undefined when the registry has not sent a challenge yet. */
  async getHeader(scope: string): Promise<string | undefined> {
    await this.renewal;
    const known = this.headers.get(scope) ?? this.headers.get('');
    if (known !== undefined || this.options.scheme === 'challenge') return known;
    await this.authenticate();
    return this.headers.get('');
  }

  /**
   * Handles a rejected request: gets a token for a challenge, or new credentials when `used` was rejected. One renewal
   * serves parallel requests. Returns false when a retry would not help.
   */
  async handleChallenge(challenge: string | undefined, scope: string, used: string | undefined): Promise<boolean> {
    const current = this.headers.get(scope) ?? this.headers.get('');
    if (current !== used) return true;
    if (used !== undefined) this.needsRenewal = true;
    if (challenge?.toLowerCase().startsWith('bearer') === true) return this.requestTokenOnce(challenge, scope);
    if (used?.startsWith('Bearer ') === true) {
      // ECR Public sends no challenge for an expired token, only for a request without one.
      this.headers.delete(scope);
      return true;
    }
    this.renewal ??= this.authenticate().finally(() => {
      this.renewal = undefined;
    });
    await this.renewal;
    return this.headers.has('');
  }

  private async authenticate(): Promise<void> {
    const credentials = await this.options.getCredentials(this.needsRenewal);
    this.needsRenewal = false;
    if (credentials === undefined || 'identityToken' in credentials) this.headers.delete('');
    else this.headers.set('', formatBasicAuth(credentials));
  }

  private requestTokenOnce(challenge: string, scope: string): Promise<boolean> {
    const pending =
      this.pendingTokens.get(scope) ??
      this.requestToken(challenge, scope).finally(() => this.pendingTokens.delete(scope));
    this.pendingTokens.set(scope, pending);
    return pending;
  }

  private async requestToken(challenge: string, scope: string): Promise<boolean> {
    const { realm = '', service } = parseChallenge(challenge);
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (url === undefined)
      throw new DeliveryError(
        'unexpected',
        `the registry sent an authentication challenge with an invalid realm: '${realm}'`,
      );
    if (this.options.isTrusted?.(url) === false) {
      const hint = "correct 'registry-endpoint', or configure its token server";
      throw new DeliveryError(
        'rejected',
        `the registry names ${url.host} as its token server, not a host of ECR: ${hint}`,
      );
    }
    const credentials = await this.options.getCredentials(this.needsRenewal);
    this.needsRenewal = false;
    const response = await this.options.transport(buildTokenRequest(url, { service, scope }, credentials));
    const bytes = await response.readBytes(MAX_TOKEN_BYTES);
    if (response.status !== 200) {
      const code = response.status === 429 ? 'throttled' : response.status >= 500 ? 'unavailable' : 'denied';
      throw new DeliveryError(
        code,
        `${url.host} returned status ${response.status} for a token with scope ${scope}: check the credentials`,
      );
    }
    const document = parseJson({ text: bytes.toString('utf8'), source: url.host, status: response.status });
    const token = isRecord(document) ? (document['token'] ?? document['access_token']) : undefined;
    if (typeof token !== 'string')
      throw new DeliveryError('unexpected', `the response of ${url.host} contains no token`);
    this.headers.set(scope, `Bearer ${token}`);
    return true;
  }
}
