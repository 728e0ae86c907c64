import type { Authenticator } from './authenticator.js';
import { createRegistryError } from './registry-error.js';
import { type RetryPolicy, withRetry } from './retry.js';
import { type HttpRequest, type HttpResponse, type HttpTransport, sendWithRedirects } from './transport.js';

export interface RegistryConnectionOptions {
  /** Scheme, host and port that requests are sent to. */
  readonly origin: URL;
  readonly transport: HttpTransport;
  readonly authenticator: Authenticator;
  readonly retry: RetryPolicy;
  /** Access in the scope of requested tokens. */
  readonly access: 'pull' | 'pull,push';
}

/** A request below `/v2/<repository>/`. */
export interface RepositoryRequest extends Omit<HttpRequest, 'url' | 'headers'> {
  readonly repository: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Retries of one request after rejected credentials: one for a challenge, one for expired credentials. */
const MAX_AUTH_RETRIES = 2;

/** Sends the requests of one registry, with its credentials and retries. */
export class RegistryConnection {
  constructor(private readonly options: RegistryConnectionOptions) {}

  get origin(): URL {
    return this.options.origin;
  }

  runWithRetry<T>(label: string, operation: () => Promise<T>): Promise<T> {
    return withRetry(this.options.retry, label, operation);
  }

  /** Sends a request to a repository. Throws RegistryError for a status other than `expected`. */
  async sendRequest(
    { repository, path, headers = {}, ...rest }: RepositoryRequest,
    label: string,
    expected: readonly number[],
  ) {
    const url = new URL(`/v2/${repository}/${path}`, this.origin);
    const response = await this.sendAuthorized(url, repository, { ...rest, headers }, label);
    if (expected.includes(response.status)) return response;
    throw await createRegistryError(response, label);
  }

  /** Adds credentials for the registry's own host, and renews them when they are rejected. */
  async sendAuthorized(
    url: URL,
    repository: string,
    request: Omit<HttpRequest, 'url'>,
    label: string,
  ): Promise<HttpResponse> {
    const { authenticator } = this.options;
    const scope = `repository:${repository}:${this.options.access}`;
    for (let retries = 0; ; retries += 1) {
      const header = url.origin === this.origin.origin ? await authenticator.getHeader(scope) : undefined;
      const response = await sendWithRedirects(this.options.transport, { ...request, url }, header);
      if (response.status < 400 || ![400, 401, 403].includes(response.status)) return response;
      const error = await createRegistryError(response, label);
      const isExpired = error.code === 'expired' && retries < MAX_AUTH_RETRIES;
      const challenge = response.headers['www-authenticate'];
      if (!isExpired || !(await authenticator.handleChallenge(challenge, scope, header))) throw error;
    }
  }
}
