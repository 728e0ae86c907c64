import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { checkToken } from './claims.js';
import type { TokenSource } from './token-source.js';

export interface TokenEndpointOptions {
  readonly source: TokenSource;
  /** Called with every token before it is returned. */
  readonly onToken: (token: string) => void;
  /** Called with the error of a failed request. */
  readonly onError: (message: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

/** Undefined for an invalid path such as `//`, which any local process can send. */
const parseRequestUrl = ({ url = '/' }: IncomingMessage): URL | undefined =>
  URL.canParse(url, 'http://127.0.0.1') ? new URL(url, 'http://127.0.0.1') : undefined;

/** GitHub's token request endpoint on loopback: returns tokens of the host to callers with its bearer token. */
export class TokenEndpoint {
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN */
  readonly token = randomBytes(32).toString('hex');
  private readonly options: TokenEndpointOptions;
  private readonly server: Server;

  private constructor(options: TokenEndpointOptions) {
    this.options = options;
    this.server = createServer((request, response) => void this.handleRequest(request, response));
  }

  static async open(options: TokenEndpointOptions): Promise<TokenEndpoint> {
    const endpoint = new TokenEndpoint(options);
    await new Promise<void>((resolve, reject) => {
      endpoint.server.once('error', reject);
      endpoint.server.listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  /** ACTIONS_ID_TOKEN_REQUEST_URL, to which callers append `&audience=`. */
  get url(): string {
    const address = this.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return `http://127.0.0.1:${port}/token?api-version=2.0`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isAuthorized(request.headers.authorization))
      return sendJson(response, 401, { message: 'unknown bearer token' });
    const url = parseRequestUrl(request);
    if (request.method !== 'GET' || url?.pathname !== '/token')
      return sendJson(response, 404, { message: 'GET /token' });
    const { source, onToken, onError, now = Date.now } = this.options;
    const audience = url.searchParams.get('audience') ?? 'sts.amazonaws.com';
    try {
      const token = await source.mint(audience);
      onToken(token);
      sendJson(response, 200, { value: checkToken(token, audience, source, now()) });
    } catch (error) {
      onError(errorMessage(error));
      // Not 401, 403 or 5xx: clients would show GitHub's hints or retry in vain.
      sendJson(response, 400, { message: errorMessage(error) });
    }
  }

  private isAuthorized(authorization: string | undefined): boolean {
    const [provided, expected] = [authorization ?? '', `Bearer ${this.token}`].map((value) => Buffer.from(value));
    return (
      provided !== undefined &&
      expected !== undefined &&
      provided.length === expected.length &&
      timingSafeEqual(provided, expected)
    );
  }
}
