import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createNetwork, type Network, type NetworkOptions } from '../../src/http/network.js';
import { type HttpRequest, parseJson } from '../../src/http/request.js';
import { type Certificate, createCertificate } from '../../src/testing/certificate.js';
import {
  type ForwardProxy,
  type ForwardProxyOptions,
  type RunningServer,
  startForwardProxy,
  startHttpServer,
  startHttpsServer,
  startSilentServer,
} from '../../src/testing/http-servers.js';
import { DeliveryError } from '../../src/util/error.js';

const HOST = 'token.delivery.example';

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

describe('the network', () => {
  let certificate: Certificate;
  let server: RunningServer;
  let secure: RunningServer;
  const open: { close(): void | Promise<void> }[] = [];

  beforeAll(async () => {
    certificate = createCertificate([HOST, '127.0.0.1']);
    [server, secure] = await Promise.all([startHttpServer(respond), startHttpsServer(certificate, respond)]);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await Promise.all([server.stop(), secure.stop()]);
    certificate.dispose();
  });

  const createTestNetwork = (options: Partial<NetworkOptions> = {}): Network => {
    const created = createNetwork({ env: {}, ...options });
    open.push(created);
    return created;
  };
  const startTestProxy = async (options: Partial<ForwardProxyOptions> = {}): Promise<ForwardProxy> => {
    const created = await startForwardProxy({
      hosts: { [HOST]: secure.port, 'plain.example': server.port },
      ...options,
    });
    open.push({ close: () => created.stop() });
    return created;
  };
  const trustCertificate = () => ({ AWS_CA_BUNDLE: certificate.file });
  const buildLocalUrl = (path: string) => `http://127.0.0.1:${server.port}${path}`;

  describe('with a proxy as the only way out', () => {
    it('reaches an https host through one tunnel for several requests', async () => {
      const { port, tunnels } = await startTestProxy();
      const { request } = createTestNetwork({
        env: { ...trustCertificate(), HTTPS_PROXY: `http://127.0.0.1:${port}` },
      });
      const first = await request({ url: `https://${HOST}/echo?a=1`, headers: { authorization: 'bearer x' } });
      await request({ url: `https://${HOST}/echo` });
      expect(parseJson(first)).toMatchObject({ url: '/echo?a=1', headers: { authorization: 'bearer x', host: HOST } });
      expect(tunnels).toEqual([`${HOST}:443`]);
    });

    it('cannot reach it without', async () => {
      const { request } = createTestNetwork({ env: trustCertificate() });
      await expect(request({ url: `https://${HOST}/` })).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('goes direct for the hosts excepted', async () => {
      const { port, tunnels } = await startTestProxy();
      const { request } = createTestNetwork({
        httpProxy: `http://127.0.0.1:${port}`,
        noProxy: 'delivery.example',
        env: trustCertificate(),
      });
      await expect(request({ url: `https://${HOST}/` })).rejects.toMatchObject({ code: 'unavailable' });
      expect(tunnels).toEqual([]);
    });

    it('sends plain http as an absolute address, with credentials for the proxy alone', async () => {
      const { port, requests, credentials } = await startTestProxy();
      const { request, secrets } = createTestNetwork({ httpProxy: `http://user:p%40ss@127.0.0.1:${port}` });
      const response = await request({ url: 'http://plain.example/echo', plainHttp: 'allow' });
      expect(parseJson(response)).toMatchObject({ method: 'GET', url: '/echo' });
      expect(requests).toEqual(['http://plain.example/echo']);
      expect(credentials).toEqual(['user:p@ss']);
      expect(secrets).toContain('p@ss');
    });

    it('gives the proxy its credentials for a tunnel, and the host none of them', async () => {
      const { port, credentials } = await startTestProxy();
      const { request } = createTestNetwork({
        httpProxy: `http://user:p%40ss@127.0.0.1:${port}`,
        env: trustCertificate(),
      });
      const { text } = await request({ url: `https://${HOST}/echo` });
      expect(credentials).toEqual(['user:p@ss']);
      expect(text).not.toMatch(/proxy-authorization/iu);
    });

    it.each([
      [407, 'rejected', 'answered 407 when asked for token.delivery.example: give it user and password in http-proxy'],
      [403, 'rejected', 'answered 403 when asked for token.delivery.example: let it pass this host'],
      [503, 'unavailable', 'answered 503 when asked for token.delivery.example: try again later'],
    ])('does not take a proxy’s %d for the host’s answer', async (rejectStatus, code, message) => {
      const { port } = await startTestProxy({ rejectStatus });
      const { request } = createTestNetwork({
        httpProxy: `http://user:secret@127.0.0.1:${port}`,
        env: trustCertificate(),
      });
      const response = request({ url: `https://${HOST}/` });
      await expect(response).rejects.toMatchObject({ code, message: `proxy 127.0.0.1:${port} ${message}` });
    });
  });

  describe('trust', () => {
    const url = () => `https://127.0.0.1:${secure.port}/echo`;

    it('is refused to a certificate nobody vouches for, with the remedy', async () => {
      await expect(createTestNetwork().request({ url: url() })).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(/self-signed certificate.*AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS$/u),
      });
    });

    it('is given to the authorities in AWS_CA_BUNDLE', async () => {
      await expect(createTestNetwork({ env: trustCertificate() }).request({ url: url() })).resolves.toMatchObject({
        status: 200,
      });
    });

    it('is not given for another host’s certificate', async () => {
      const env = trustCertificate();
      const { port } = await startTestProxy({ hosts: { 'other.example': secure.port } });
      const { request } = createTestNetwork({ env, httpProxy: `http://127.0.0.1:${port}` });
      await expect(request({ url: 'https://other.example/' })).rejects.toMatchObject({ code: 'rejected' });
    });

    it('keeps NODE_EXTRA_CA_CERTS beside a bundle', async () => {
      const other = createCertificate(['unrelated.example']);
      open.push({ close: other.dispose });
      const env = { AWS_CA_BUNDLE: other.file, NODE_EXTRA_CA_CERTS: certificate.file };
      await expect(createTestNetwork({ env }).request({ url: url() })).resolves.toMatchObject({ status: 200 });
    });

    it('needs files that can be read', () => {
      const create = () => createTestNetwork({ env: { AWS_CA_BUNDLE: '/nowhere/ca.pem' } });
      expect(create).toThrow(/^AWS_CA_BUNDLE names a file that cannot be read: .*\/nowhere\/ca\.pem/u);
    });
  });

  describe('a request', () => {
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

    it('takes any status for an answer', async () => {
      const response = await send('/html?token=secret');
      expect(response.status).toBe(503);
      expect(() => parseJson(response)).toThrow(
        `${buildLocalUrl('/html')} answered 503 with '<!doctype html> <p>no</p>' where JSON belongs`,
      );
    });

    it('ends when the answer takes too long, in a way that is worth a retry', async () => {
      await expect(send('/silent?token=secret', { timeout: 50 })).rejects.toMatchObject({
        code: 'unavailable',
        message: `GET ${buildLocalUrl('/silent')} was not answered within 0.05 s`,
      });
    });

    it('ends when it is cancelled, before and during', async () => {
      const controller = new AbortController();
      const reason = new DeliveryError('cancelled', 'cancelled by SIGINT');
      const sent = send('/silent', { signal: controller.signal });
      setImmediate(() => controller.abort(reason));
      await expect(sent).rejects.toBe(reason);
      await expect(send('/echo', { signal: controller.signal })).rejects.toBe(reason);
    });

    it('reads no more than it should', async () => {
      await expect(send('/big')).rejects.toMatchObject({
        code: 'rejected',
        message: `${buildLocalUrl('/big')} answered more than the 1048576 bytes that are read`,
      });
      await expect(send('/big', { maxResponseBytes: 3_000_000 })).resolves.toMatchObject({ status: 200 });
    });

    it('follows redirects on the same origin', async () => {
      expect(parseJson(await send('/near'))).toMatchObject({ url: '/echo?from=near' });
    });

    it('follows none to another host, none without end, and none of a POST', async () => {
      await expect(send('/far')).rejects.toMatchObject({
        code: 'rejected',
        message: `${buildLocalUrl('/far')} redirects to https://evil.example, another host: use the address it leads to`,
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
        'http://token.example/x is plain http on another machine: use https',
      ],
      ['ftp://x.example', 'invalid-input', "'ftp://x.example' is not an http or https address"],
      ['nonsense', 'invalid-input', "'nonsense' is not an http or https address"],
    ])('is not sent to %s', async (url, code, message) => {
      await expect(createTestNetwork().request({ url })).rejects.toMatchObject({ code, message });
    });

    it('ends when it is cancelled while a proxy has not answered yet', async () => {
      const mute = await startSilentServer();
      open.push({ close: () => mute.stop() });
      const controller = new AbortController();
      const { request } = createTestNetwork({ httpProxy: `http://127.0.0.1:${mute.port}` });
      const sent = request({ url: `https://${HOST}/`, signal: controller.signal });
      setImmediate(() => controller.abort());
      await expect(sent).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('does not wait longer for a connection than the network allows, and leaves none behind', async () => {
      const mute = await startSilentServer();
      open.push({ close: () => mute.stop() });
      const { request } = createTestNetwork({ httpProxy: `http://127.0.0.1:${mute.port}`, timeouts: { connect: 50 } });
      await expect(request({ url: `https://${HOST}/` })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/(?:no connection|opened no way) within 0\.05 s$/u),
      });
      await Promise.all([...mute.sockets].map((socket) => once(socket.resume(), 'close')));
      expect(mute.sockets.size).toBe(0);
    }, 5000);

    it('says which host did not answer', async () => {
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
});
