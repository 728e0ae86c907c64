import { parseJson } from '@aws-delivery/action-kit/http/request';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { HttpTransport } from './transport.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Returns credentials for a registry, new ones with `forceRenewal`; undefined for a registry without credentials. */
export type CredentialSource = (forceRenewal: boolean) => Promise<Credentials | undefined>;

export interface AuthenticatorOptions {
  readonly getCredentials: CredentialSource;
  readonly transport: HttpTransport;
  /** `basic`: send credentials with the first request, as ECR expects. `challenge`: wait for `WWW-Authenticate`. */
  readonly scheme: 'basic' | 'challenge';
}

const formatBasicAuth = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const MAX_TOKEN_BYTES = 256 * 1024;

/** Parses the parameters of `Bearer realm="…",service="…"`. */
const parseChallenge = (challenge: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/gu)].map(([, name = '', value = '']) => [name, value]));

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
    if (credentials === undefined) this.headers.delete('');
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
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope);
    const credentials = await this.options.getCredentials(this.needsRenewal);
    this.needsRenewal = false;
    const headers = credentials === undefined ? {} : { authorization: formatBasicAuth(credentials) };
    const response = await this.options.transport({ method: 'GET', url, headers });
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
