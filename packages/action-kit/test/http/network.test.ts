import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createNetwork, type Network, type NetworkOptions } from '../../src/http/network.js';
import { parseJson } from '../../src/http/request.js';
import { type Certificate, createCertificate } from '../../src/testing/certificate.js';
import {
  type ForwardProxy,
  type ForwardProxyOptions,
  type RunningServer,
  startForwardProxy,
  startHttpServer,
  startHttpsServer,
} from '../../src/testing/http-servers.js';

const HOST = 'token.delivery.example';

/** Responds with the request as JSON. */
const respond = (request: IncomingMessage, response: ServerResponse): void => {
  const { method, url, headers } = request;
  request.resume().on('end', () => response.end(JSON.stringify({ method, url, headers })));
};

describe('createNetwork', () => {
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

  describe('with a proxy', () => {
    it('reuses one tunnel for several requests to an https host', async () => {
      const { port, tunnels } = await startTestProxy();
      const { request } = createTestNetwork({
        env: { ...trustCertificate(), HTTPS_PROXY: `http://127.0.0.1:${port}` },
      });
      const first = await request({ url: `https://${HOST}/echo?a=1`, headers: { authorization: 'bearer x' } });
      await request({ url: `https://${HOST}/echo` });
      expect(parseJson(first)).toMatchObject({ url: '/echo?a=1', headers: { authorization: 'bearer x', host: HOST } });
      expect(tunnels).toEqual([`${HOST}:443`]);
    });

    it('does not reach the host without the proxy', async () => {
      const { request } = createTestNetwork({ env: trustCertificate() });
      await expect(request({ url: `https://${HOST}/` })).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('connects directly to hosts in noProxy', async () => {
      const { port, tunnels } = await startTestProxy();
      const { request } = createTestNetwork({
        httpProxy: `http://127.0.0.1:${port}`,
        noProxy: 'delivery.example',
        env: trustCertificate(),
      });
      await expect(request({ url: `https://${HOST}/` })).rejects.toMatchObject({ code: 'unavailable' });
      expect(tunnels).toEqual([]);
    });

    it('sends plain http with an absolute URL and credentials only for the proxy', async () => {
      const { port, requests, credentials } = await startTestProxy();
      const { request, secrets } = createTestNetwork({ httpProxy: `http://user:p%40ss@127.0.0.1:${port}` });
      const response = await request({ url: 'http://plain.example/echo', plainHttp: 'allow' });
      expect(parseJson(response)).toMatchObject({ method: 'GET', url: '/echo' });
      expect(requests).toEqual(['http://plain.example/echo']);
      expect(credentials).toEqual(['user:p@ss']);
      expect(secrets).toContain('p@ss');
    });

    it('sends every one of several plain requests with an absolute URL', async () => {
      const { port, requests } = await startTestProxy();
      const { request } = createTestNetwork({ httpProxy: `http://127.0.0.1:${port}` });
      for (const index of [1, 2, 3]) {
        const { status } = await request({ url: `http://plain.example/echo?${index}`, plainHttp: 'allow' });
        expect(status).toBe(200);
      }
      await Promise.all(
        [4, 5].map((index) => request({ url: `http://plain.example/echo?${index}`, plainHttp: 'allow' })),
      );
      expect([...requests].sort()).toEqual([1, 2, 3, 4, 5].map((index) => `http://plain.example/echo?${index}`));
    });

    it('sends the credentials of a tunnel to the proxy, not to the host', async () => {
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
      [407, 'rejected', 'returned HTTP 407 for token.delivery.example: set user and password in the URL of the proxy'],
      [403, 'rejected', 'returned HTTP 403 for token.delivery.example: allow this host in the proxy'],
      [503, 'unavailable', 'returned HTTP 503 for token.delivery.example: try again later'],
    ])('reports status %d of the proxy as an error of the proxy', async (rejectStatus, code, message) => {
      const { port } = await startTestProxy({ rejectStatus });
      const { request } = createTestNetwork({
        httpProxy: `http://user:secret@127.0.0.1:${port}`,
        env: trustCertificate(),
      });
      const response = request({ url: `https://${HOST}/` });
      await expect(response).rejects.toMatchObject({ code, message: `proxy 127.0.0.1:${port} ${message}` });
    });
  });

  describe('certificates', () => {
    const url = () => `https://127.0.0.1:${secure.port}/echo`;

    it('rejects an untrusted certificate with the hint', async () => {
      await expect(createTestNetwork().request({ url: url() })).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(
          /self-signed certificate.*set AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS to the file of your certificate authority$/u,
        ),
      });
    });

    it('trusts the authorities in AWS_CA_BUNDLE', async () => {
      await expect(createTestNetwork({ env: trustCertificate() }).request({ url: url() })).resolves.toMatchObject({
        status: 200,
      });
    });

    it('rejects the certificate of another host', async () => {
      const env = trustCertificate();
      const { port } = await startTestProxy({ hosts: { 'other.example': secure.port } });
      const { request } = createTestNetwork({ env, httpProxy: `http://127.0.0.1:${port}` });
      await expect(request({ url: 'https://other.example/' })).rejects.toMatchObject({ code: 'rejected' });
    });

    it('trusts NODE_EXTRA_CA_CERTS in addition to a bundle', async () => {
      const other = createCertificate(['unrelated.example']);
      open.push({ close: other.dispose });
      const env = { AWS_CA_BUNDLE: other.file, NODE_EXTRA_CA_CERTS: certificate.file };
      await expect(createTestNetwork({ env }).request({ url: url() })).resolves.toMatchObject({ status: 200 });
    });

    it('rejects a bundle that cannot be read', () => {
      const create = () => createTestNetwork({ env: { AWS_CA_BUNDLE: '/nowhere/ca.pem' } });
      expect(create).toThrow(/^AWS_CA_BUNDLE: cannot read the file: .*\/nowhere\/ca\.pem/u);
    });
  });
});
