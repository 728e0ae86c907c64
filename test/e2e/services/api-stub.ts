import { text } from 'node:stream/consumers';
import { startHttpServer } from '../../../packages/action-kit/src/testing/http-servers.js';

export interface ApiRequest {
  /** The target of the JSON protocol, or the action of the query protocol. */
  readonly operation: string;
  readonly body: string;
}

export interface ApiStub {
  readonly url: string;
  readonly requests: readonly ApiRequest[];
  close(): Promise<void>;
}

/**
 * Emulates operations: by target with an object for the JSON protocol, by action with the XML of the result for the query
 * protocol. A function gets the body of the request. The response to any other operation is 400.
 */
export const startApiStub = async (
  responses: Readonly<Record<string, object | string | ((body: string) => object)>>,
): Promise<ApiStub> => {
  const requests: ApiRequest[] = [];
  const server = await startHttpServer(async (incoming, response) => {
    const body = await text(incoming);
    const target = incoming.headers['x-amz-target'];
    const operation = typeof target === 'string' ? target : (new URLSearchParams(body).get('Action') ?? '');
    requests.push({ operation, body });
    const configured = responses[operation];
    const result = typeof configured === 'function' ? configured(body) : configured;
    response.writeHead(result === undefined ? 400 : 200);
    if (typeof result === 'string')
      response.end(`<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`);
    else response.end(JSON.stringify(result ?? {}));
  });
  return { url: `http://127.0.0.1:${server.port}`, requests, close: () => server.stop() };
};
