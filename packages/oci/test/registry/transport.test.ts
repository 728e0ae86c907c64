import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { describe, expect, it } from '@jest/globals';
import { createTransport, type HttpRequest } from '../../src/registry/transport.js';

it.each(['http://registry.example/v2/', 'http://localhost.example/v2/', 'http://169.254.169.254/v2/'])(
  'rejects plain HTTP to another machine: %s',
  async (address) => {
    const transport = createTransport(createNetwork({ env: {} }), AbortSignal.timeout(2000));
    const url = new URL(address);
    const response = transport({ method: 'GET', url, headers: { authorization: 'Basic secret' } });
    await expect(response).rejects.toMatchObject({
      code: 'rejected',
      message: `${url.origin} uses plain HTTP, which is only allowed for loopback addresses: use https`,
    });
  },
);

describe('a request body', () => {
  /** Starts a server that returns the digest of each body, or rejects a request before its body has arrived. */
  const startServer = async () => {
    const server = createServer((request, response) => {
      if (request.url === '/rejected') {
        response.writeHead(403, { connection: 'close' }).end();
        return;
      }
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk));
      request.on('error', () => {});
      request.on('end', () => response.writeHead(201).end(hash.digest('hex')));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, [Symbol.dispose]: () => void server.close() };
  };

  /** Streams random chunks out of one buffer, which is overwritten each time. */
  const createBody = (count: number) => {
    const buffer = Buffer.alloc(1024 * 1024);
    const hash = createHash('sha256');
    const open = async function* () {
      for (let index = 0; index < count; index += 1) {
        buffer.set(randomBytes(buffer.length));
        hash.update(buffer);
        yield buffer;
      }
    };
    return { body: { size: count * buffer.length, open }, hash };
  };

  const sendBody = (url: string, body: HttpRequest['body']) => {
    const transport = createTransport(createNetwork({ env: {} }), AbortSignal.timeout(20_000));
    return transport({ method: 'PUT', url: new URL(url), headers: {}, ...(body === undefined ? {} : { body }) });
  };

  it('arrives unchanged from a source that uses its buffer again', async () => {
    using server = await startServer();
    const { body, hash } = createBody(40);
    const response = await sendBody(`${server.origin}/`, body);
    expect((await response.readBytes(100)).toString()).toBe(hash.digest('hex'));
  });

  it('stops when the server rejects the request', async () => {
    using server = await startServer();
    const response = await sendBody(`${server.origin}/rejected`, createBody(200).body).catch((error: unknown) => error);
    if (response instanceof Error) expect(response).toMatchObject({ code: 'unavailable' });
    else expect(response).toMatchObject({ status: 403 });
  });

  it("ends the request with the source's error", async () => {
    using server = await startServer();
    const open = async function* () {
      yield Buffer.alloc(10);
      throw new DeliveryError('rejected', 'the layer is truncated');
    };
    const response = sendBody(`${server.origin}/`, { size: 20, open });
    await expect(response).rejects.toMatchObject({ message: 'the layer is truncated' });
  });
});
