import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { textOf } from '../runner-error.js';
import { checkToken } from './claims.js';
import type { TokenSource } from './token-source.js';

export interface TokenEndpointOptions {
  readonly source: TokenSource;
  /** Called with every token before it is given away. */
  readonly onToken: (token: string) => void;
  /** Called with what kept a request from its token. */
  readonly onProblem: (message: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const answer = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

/** Undefined for what is no address, such as `//`: anybody on this machine may ask for it. */
const addressIn = ({ url = '/' }: IncomingMessage): URL | undefined =>
  URL.canParse(url, 'http://127.0.0.1') ? new URL(url, 'http://127.0.0.1') : undefined;

/** GitHub's token request endpoint on loopback, with a host's tokens behind a bearer token of its own. */
export class TokenEndpoint {
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN */
  readonly token = randomBytes(32).toString('hex');
  readonly #options: TokenEndpointOptions;
  readonly #server: Server;

  private constructor(options: TokenEndpointOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(options: TokenEndpointOptions): Promise<TokenEndpoint> {
    const endpoint = new TokenEndpoint(options);
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once('error', reject);
      endpoint.#server.listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  /** ACTIONS_ID_TOKEN_REQUEST_URL, to which `&audience=` is added. */
  get url(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return `http://127.0.0.1:${port}/token?api-version=2.0`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isKnown(request.headers.authorization))
      return answer(response, 401, { message: 'unknown bearer token' });
    const url = addressIn(request);
    if (request.method !== 'GET' || url?.pathname !== '/token') return answer(response, 404, { message: 'GET /token' });
    const { source, onToken, onProblem, now = Date.now } = this.#options;
    const audience = url.searchParams.get('audience') ?? 'sts.amazonaws.com';
    try {
      const token = await source.mint(audience);
      onToken(token);
      answer(response, 200, { value: checkToken(token, audience, source, now()) });
    } catch (error) {
      onProblem(textOf(error));
      // No 401, 403 or 5xx: GitHub's remedies would be wrong, and asking again changes nothing.
      answer(response, 400, { message: textOf(error) });
    }
  }

  #isKnown(authorization: string | undefined): boolean {
    const [given, known] = [authorization ?? '', `Bearer ${this.token}`].map((text) => Buffer.from(text));
    return given !== undefined && known !== undefined && given.length === known.length && timingSafeEqual(given, known);
  }
}
