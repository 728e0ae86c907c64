import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { WireRequest } from './call.js';
import type { Answer } from './gateway.js';

/** A listening server. */
export interface Listening {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const readRequest = async (request: IncomingMessage): Promise<WireRequest> => {
  const [, path = '/', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.url ?? '/') ?? [];
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const method = request.method ?? 'GET';
  return { method, path, query, headers: Object.fromEntries(headers), body: await buffer(request) };
};

const writeAnswer = (response: ServerResponse, answer: Answer, method: string): void => {
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  const length = method === 'HEAD' ? answer.headers['content-length'] : String(answer.body.length);
  const bodiless = answer.status === 204 || answer.status === 304 || length === undefined;
  response.writeHead(answer.status, { ...answer.headers, ...(bodiless ? {} : { 'content-length': length }) });
  response.end(method === 'HEAD' ? undefined : answer.body);
};

const crashed = (thrown: unknown): Answer => ({
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from(
    `local AWS has a defect: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
  ),
});

/** Serves on the loopback interface only; port 0 takes any that is free. */
export const listen = async (port: number, answer: (request: WireRequest) => Promise<Answer>): Promise<Listening> => {
  const server = createServer((incoming, response) => {
    readRequest(incoming)
      .then(answer)
      .catch(crashed)
      .then((reply) => writeAnswer(response, reply, incoming.method ?? 'GET'))
      .catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined));
  });
  // longer than any client keeps an idle connection: closing first would cut a request that is on its way
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
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
