import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { HttpRequest } from '../api-call.js';
import type { GatewayResponse } from './gateway.js';

/** A listening server. */
export interface RunningServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const readRequest = async (request: IncomingMessage): Promise<HttpRequest> => {
  const [, path = '/', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.url ?? '/') ?? [];
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const method = request.method ?? 'GET';
  return { method, path, query, headers: Object.fromEntries(headers), body: await buffer(request) };
};

const writeResponse = (serverResponse: ServerResponse, response: GatewayResponse, method: string): void => {
  if (response === 'reset') {
    serverResponse.destroy();
    return;
  }
  const length = method === 'HEAD' ? response.headers['content-length'] : String(response.body.length);
  const hasNoBody = response.status === 204 || response.status === 304 || length === undefined;
  serverResponse.writeHead(response.status, {
    ...response.headers,
    ...(hasNoBody ? {} : { 'content-length': length }),
  });
  serverResponse.end(method === 'HEAD' ? undefined : response.body);
};

const createCrashResponse = (thrown: unknown): GatewayResponse => ({
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from(
    `Local AWS failed with an internal error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
  ),
});

const explainListenError = (thrown: Error, port: number): Error =>
  'code' in thrown && thrown.code === 'EADDRINUSE'
    ? new Error(`port ${port} is in use by another process: choose another port`, { cause: thrown })
    : thrown;

/** Listens on the loopback interface only; port 0 means any free port. */
export const listen = async (
  port: number,
  handleRequest: (request: HttpRequest) => Promise<GatewayResponse>,
): Promise<RunningServer> => {
  const server = createServer((message, serverResponse) => {
    readRequest(message)
      .then(handleRequest)
      .catch(createCrashResponse)
      .then((response) => writeResponse(serverResponse, response, message.method ?? 'GET'))
      .catch((thrown: unknown) => serverResponse.destroy(thrown instanceof Error ? thrown : undefined));
  });
  // Longer than clients keep idle connections: closing first would abort a request in transit.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) => reject(explainListenError(thrown, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
