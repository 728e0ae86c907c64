import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, createCertificate } from '@aws-delivery/action-kit/testing/certificate';
import { type ForwardProxy, startForwardProxy, startHttpsServer } from '@aws-delivery/action-kit/testing/http-servers';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HANG_CASES, type HangCase, REGION } from './hang-cases.js';
import { HangingServer } from './hanging-server.js';

/** A name that only the proxy can resolve. */
const HOST = 'aws.internal.example';

/** The first case of each action. */
const FIRST_CASES = HANG_CASES.filter(({ name }, index) => {
  const isSameAction = (other: HangCase): boolean => other.name.split(',')[0] === name.split(',')[0];
  return HANG_CASES.findIndex(isSameAction) === index;
});

interface RunOptions {
  readonly scheme?: 'http' | 'https';
  readonly timeout?: string;
  readonly createEnv: (proxyUrl: string) => Readonly<Record<string, string>>;
}

interface Result {
  readonly failures: readonly string[];
  readonly proxy: ForwardProxy;
  /** Labels of the requests that arrived. */
  readonly requests: readonly string[];
}

describe('a proxy', () => {
  let certificate: Certificate;
  beforeAll(() => {
    certificate = createCertificate([HOST]);
  });
  afterAll(() => certificate.dispose());

  /** Runs a case whose servers are reached through a proxy alone. */
  const runCase = async (
    { scenario, inputs, run, prepare }: HangCase,
    { scheme = 'https', timeout = '30s', createEnv }: RunOptions,
  ): Promise<Result> => {
    const aws = await startLocalAws({ scenario: { region: REGION, ...scenario } });
    await using server = await HangingServer.start(aws.url, Number.POSITIVE_INFINITY);
    const front = await startHttpsServer(certificate, (request, response) => {
      const { method, url: path, headers } = request;
      const forwarded = http.request(server.url + (path ?? ''), { method, headers }, (forwardedResponse) => {
        response.writeHead(forwardedResponse.statusCode ?? 502, forwardedResponse.headers);
        forwardedResponse.pipe(response);
      });
      request.pipe(forwarded);
    });
    const plainPort = Number(new URL(server.url).port);
    const proxy = await startForwardProxy({ hosts: { [HOST]: front.port, [`plain.${HOST}`]: plainPort } });
    const directory = mkdtempSync(join(tmpdir(), 'proxy-'));
    const secureUrl = `https://${HOST}`;
    const url = scheme === 'https' ? secureUrl : `http://plain.${HOST}`;
    const env = { AWS_CA_BUNDLE: certificate.file, ...createEnv(`http://127.0.0.1:${proxy.port}`) };
    try {
      const machine = { directory, aws, url, secureUrl, env };
      await prepare?.(machine);
      const failures = await run(machine, { 'aws-region': REGION, timeout, ...inputs(machine) });
      return { failures, proxy, requests: server.requests };
    } finally {
      for (const each of [front, proxy]) await each.stop();
      await aws.close();
      rmSync(directory, { recursive: true, force: true });
    }
  };

  describe.each(HANG_CASES)('for $name', (hangCase) => {
    const setAll = (proxyUrl: string) => ({
      HTTPS_PROXY: proxyUrl,
      HTTP_PROXY: proxyUrl,
      ALL_PROXY: 'socks5://127.0.0.1:1',
    });

    it('serves all requests of a run to https endpoints', async () => {
      const { failures, proxy, requests } = await runCase(hangCase, { createEnv: setAll });
      expect(failures).toEqual([]);
      expect(requests.length).toBeGreaterThan(1);
      expect(new Set(proxy.tunnels)).toEqual(new Set([`${HOST}:443`]));
      expect(proxy.requests).toEqual([]);
    });

    it('serves all requests of a run to http endpoints, each with the absolute URL', async () => {
      const { failures, proxy } = await runCase(hangCase, { scheme: 'http', createEnv: setAll });
      expect(failures).toEqual([]);
      expect(proxy.requests.length).toBeGreaterThan(1);
      for (const url of proxy.requests) expect(url).toContain(`http://plain.${HOST}/`);
    });
  });

  describe.each(FIRST_CASES)('for $name', (hangCase) => {
    it('is not used with NO_PROXY=*, whatever the other variables name', async () => {
      const createEnv = (proxyUrl: string) => ({
        HTTPS_PROXY: proxyUrl,
        ALL_PROXY: 'socks5://127.0.0.1:1',
        NO_PROXY: '*',
      });
      const { failures, proxy } = await runCase(hangCase, { timeout: '2s', createEnv });
      expect(failures[0]).not.toContain('SOCKS');
      expect(failures[0]).toContain(HOST);
      expect([...proxy.tunnels, ...proxy.requests]).toEqual([]);
    });

    it('with SOCKS alone is an error with a remedy', async () => {
      const createEnv = () => ({ ALL_PROXY: 'socks5://127.0.0.1:1' });
      const { failures } = await runCase(hangCase, { timeout: '2s', createEnv });
      expect(failures[0]).toContain('SOCKS proxies are not supported: set HTTPS_PROXY to an HTTP proxy');
    });
  });
});
