import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in front of another one that stops responding at one of the requests. */
export class HangingServer implements AsyncDisposable {
  /** Labels of the requests, in order. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: http.Server,
    private readonly origin: URL,
    private readonly hangAt: number,
  ) {}

  /** @param hangAt index of the first request without a response */
  static async start(origin: string, hangAt: number): Promise<HangingServer> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const front = new HangingServer(server, new URL(origin), hangAt);
    server.on('request', (request, response) => void front.handle(request, response));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const index = this.requests.length;
    this.requests.push('');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    this.requests[index] = labelRequest(request, body.toString('latin1'));
    if (index >= this.hangAt) return;
    if (request.url?.startsWith('/github/')) {
      respondAsGitHub(request, response);
      return;
    }
    const { method, url, headers } = request;
    const { hostname, port } = this.origin;
    const forwarded = http.request({ hostname, port, method, path: url, headers }, (respond) => {
      response.writeHead(respond.statusCode ?? 502, respond.headers);
      respond.pipe(response);
    });
    forwarded.once('error', () => response.destroy());
    forwarded.end(body);
  }
}

/** `DescribeStacks`, or method and path. */
const labelRequest = ({ method, url, headers }: http.IncomingMessage, body: string): string => {
  const target = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  const [, query] = /(?:^|&)Action=(\w+)/u.exec(body) ?? [];
  const path = (url ?? '').replace(/\?.*/u, '').replaceAll(/[0-9a-f]{7,}/gu, '…');
  return query ?? (target || `${method} ${path}`);
};

const respondAsGitHub = ({ method }: http.IncomingMessage, response: http.ServerResponse): void => {
  const comment = { id: 1, body: '', html_url: 'https://github.example/1', user: { type: 'Bot' } };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(method === 'GET' ? [] : comment));
};
