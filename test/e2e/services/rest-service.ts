import { json } from 'node:stream/consumers';
import { startHttpServer } from '../../../packages/action-kit/src/testing/http-servers.js';

export interface RestRequest {
  /** Method and path, such as `GET /clusters/shop`. */
  readonly route: string;
  readonly query: URLSearchParams;
  /** The parsed body; undefined if there is none. */
  readonly body: unknown;
}

export interface RestService {
  readonly url: string;
  readonly requests: readonly RestRequest[];
  close(): Promise<void>;
}

/** Emulates operations of an AWS service with the REST JSON protocol: responses by route; 404 for all others. */
export const startRestService = async (
  routes: Readonly<Record<string, (request: RestRequest) => object>>,
): Promise<RestService> => {
  const requests: RestRequest[] = [];
  const server = await startHttpServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const route = `${incoming.method} ${pathname}`;
    const hasBody = Number(incoming.headers['content-length'] ?? 0) > 0;
    const request = { route, query: searchParams, body: hasBody ? await json(incoming) : undefined };
    requests.push(request);
    const respond = routes[route];
    response.writeHead(respond === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(respond?.(request) ?? { message: `no route ${route}` }));
  });
  return { url: `http://127.0.0.1:${server.port}`, requests, close: () => server.stop() };
};
