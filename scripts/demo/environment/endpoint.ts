import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** The HTTP endpoint of the delivered function. */
export interface Endpoint extends AsyncDisposable {
  /** With a trailing slash, as a Lambda function URL. */
  readonly url: string;
}

const shopModule = z.object({
  handler: z.function({ input: [z.object({ rawPath: z.string() })], output: z.unknown() }),
});
const functionResponse = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

const handleRequest = async (directory: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const module: unknown = await import(pathToFileURL(join(directory, 'index.mjs')).href);
  const rawPath = new URL(request.url ?? '/', 'http://localhost').pathname;
  const { statusCode, headers, body } = functionResponse.parse(await shopModule.parse(module).handler({ rawPath }));
  response.writeHead(statusCode, headers).end(body);
};

/** Emulates a Lambda function URL with the handler in `directory`, since local AWS runs no functions. */
export const openEndpoint = async (directory: string): Promise<Endpoint> => {
  const server = createServer((request, response) => {
    handleRequest(directory, request, response).catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  const close = async (): Promise<void> => {
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}/`, [Symbol.asyncDispose]: close };
};
