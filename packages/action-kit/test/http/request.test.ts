import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createNetwork, type Network, type NetworkOptions } from '../../src/http/network.js';
import { type HttpRequest, parseJson } from '../../src/http/request.js';
import { type RunningServer, startHttpServer, startSilentServer } from '../../src/testing/http-servers.js';
import { DeliveryError } from '../../src/util/error.js';

const respond = (request: IncomingMessage, response: ServerResponse): void => {
  const { url = '' } = request;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (url.startsWith('/silent')) return;
    if (url.startsWith('/big')) response.end('x'.repeat(2_000_000));
    else if (url.startsWith('/loop')) response.writeHead(302, { location: '/loop' }).end();
    else if (url.startsWith('/near')) response.writeHead(302, { location: '/echo?from=near' }).end();
    else if (url.startsWith('/far')) response.writeHead(302, { location: 'https://evil.example/' }).end();
    else if (url.startsWith('/html')) response.writeHead(503).end('<!doctype html>\n<p>no</p>');
    else {
      const { method, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    }
  });
};

describe('sendRequest', () => {
  let server: RunningServer;
  const open: { close(): void | Promise<void> }[] = [];

  beforeAll(async () => {
    server = await startHttpServer(respond);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(() => server.stop());

  const createTestNetwork = (options: Partial<NetworkOptions> = {}): Network => {
    const created = createNetwork({ env: {}, ...options });
    open.push(created);
    return created;
  };
  const buildLocalUrl = (path: string) => `http://127.0.0.1:${server.port}${path}`;
  const send = (path: string, rest: Partial<HttpRequest> = {}) =>
    createTestNetwork().request({ url: buildLocalUrl(path), ...rest });

  it('sends method, headers and body', async () => {
    const response = await send('/echo', { method: 'POST', headers: { 'x-a': 'b' }, body: 'grüß' });
    expect(parseJson(response)).toMatchObject({
      method: 'POST',
      headers: { 'x-a': 'b', 'content-length': '6' },
      body: 'grüß',
    });
  });

  it('returns any status as a response', async () => {
    const response = await send('/html?token=secret');
    expect(response.status).toBe(503);
    expect(() => parseJson(response)).toThrow(
      `unexpected response from ${buildLocalUrl('/html')}: expected JSON, got HTTP 503 with '<!doctype html> <p>no</p>'`,
    );
  });

  it('times out with a retryable error', async () => {
    await expect(send('/silent?token=secret', { timeout: 50 })).rejects.toMatchObject({
      code: 'unavailable',
      message: `GET ${buildLocalUrl('/silent')} timed out after 0.05 s`,
    });
  });

  it('rejects when cancelled before or during the request', async () => {
    const controller = new AbortController();
    const reason = new DeliveryError('cancelled', 'cancelled by SIGINT');
    const sent = send('/silent', { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(sent).rejects.toBe(reason);
    await expect(send('/echo', { signal: controller.signal })).rejects.toBe(reason);
  });

  it('limits the size of the response', async () => {
    await expect(send('/big')).rejects.toMatchObject({
      code: 'rejected',
      message: `${buildLocalUrl('/big')}: the response exceeds the limit of 1048576 bytes`,
    });
    await expect(send('/big', { maxResponseBytes: 3_000_000 })).resolves.toMatchObject({ status: 200 });
  });

  it('follows redirects within the same origin', async () => {
    expect(parseJson(await send('/near'))).toMatchObject({ url: '/echo?from=near' });
  });

  it('follows no redirect to another host, no endless one, and none of a POST', async () => {
    await expect(send('/far')).rejects.toMatchObject({
      code: 'rejected',
      message: `${buildLocalUrl('/far')} redirects to https://evil.example, another host: use the URL of the target`,
    });
    await expect(send('/loop')).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('more than 3'),
    });
    await expect(send('/near', { method: 'POST', body: 'x' })).resolves.toMatchObject({ status: 302 });
  });

  it.each([
    [
      'http://token.example/x?secret=1',
      'rejected',
      'http://token.example/x uses plain http to another machine: use https',
    ],
    ['ftp://x.example', 'invalid-input', "'ftp://x.example' is not an http or https URL"],
    ['nonsense', 'invalid-input', "'nonsense' is not an http or https URL"],
  ])('rejects %s', async (url, code, message) => {
    await expect(createTestNetwork().request({ url })).rejects.toMatchObject({ code, message });
  });

  it('rejects when cancelled before the proxy responds', async () => {
    const mute = await startSilentServer();
    open.push({ close: () => mute.stop() });
    const controller = new AbortController();
    const { request } = createTestNetwork({ httpProxy: `http://127.0.0.1:${mute.port}` });
    const sent = request({ url: `https://token.delivery.example/`, signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(sent).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('times out a connection and closes its socket', async () => {
    const mute = await startSilentServer();
    open.push({ close: () => mute.stop() });
    const { request } = createTestNetwork({ httpProxy: `http://127.0.0.1:${mute.port}`, timeouts: { connect: 50 } });
    await expect(request({ url: `https://token.delivery.example/` })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/(?:no connection|did not connect) within 0\.05 s$/u),
    });
    await Promise.all([...mute.sockets].map((socket) => once(socket.resume(), 'close')));
    expect(mute.sockets.size).toBe(0);
  }, 5000);

  it('names the unreachable host without the query', async () => {
    const gone = await startHttpServer(respond);
    await gone.stop();
    await expect(
      createTestNetwork().request({ url: `http://127.0.0.1:${gone.port}/a?token=secret` }),
    ).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:\d+\/a: connect ECONNREFUSED/u),
    });
  });
});
