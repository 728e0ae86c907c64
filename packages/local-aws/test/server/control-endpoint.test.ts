import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { z } from 'zod';
import { runCli } from '../../src/cli.js';
import { type LocalAws, type StartOptions, startLocalAws } from '../../src/local-aws.js';
import { parseScenario } from '../../src/scenario.js';

const started: LocalAws[] = [];

const start = async (options: StartOptions = {}): Promise<LocalAws> => {
  const aws = await startLocalAws(options);
  started.push(aws);
  return aws;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((aws) => aws.close()));
});

const sendControlRequest = async (aws: LocalAws, method: string, name: string, body?: unknown) => {
  const response = await fetch(`${aws.url}/_local-aws/${name}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};

const stringRecordSchema = z.record(z.string(), z.string());
const parseStrings = async (response: Response) => stringRecordSchema.parse(await response.json());

const getCallerIdentity = (aws: LocalAws, maxAttempts = 1) =>
  new STSClient({
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  }).send(new GetCallerIdentityCommand({}));

describe('control endpoint', () => {
  it('says that the server is well', async () => {
    await expect(sendControlRequest(await start(), 'GET', 'health')).resolves.toMatchObject({
      status: 200,
      body: { status: 'ok', services: expect.arrayContaining(['sts']) },
    });
  });

  it('shows and advances the clock', async () => {
    const aws = await start({ scenario: { clock: { start: '2026-01-01T00:00:00Z', scale: 0 } } });
    await expect(sendControlRequest(aws, 'GET', 'clock')).resolves.toMatchObject({
      body: { now: '2026-01-01T00:00:00.000Z' },
    });
    await expect(sendControlRequest(aws, 'POST', 'clock', { advance: '1h30m' })).resolves.toMatchObject({
      body: { now: '2026-01-01T01:30:00.000Z' },
    });
    await expect(sendControlRequest(aws, 'POST', 'clock', { advance: '1 day' })).resolves.toMatchObject({
      status: 400,
    });
    expect(aws.clock.now()).toBe(Date.parse('2026-01-01T01:30:00Z'));
  });

  it('shows the calls and forgets them', async () => {
    const aws = await start();
    await getCallerIdentity(aws);
    await expect(sendControlRequest(aws, 'GET', 'calls')).resolves.toMatchObject({
      body: [
        {
          operation: 'GetCallerIdentity',
          principal: 'arn:aws:iam::123456789012:root',
          verdict: 'allowed',
          status: 200,
        },
      ],
    });
    await sendControlRequest(aws, 'DELETE', 'calls');
    await expect(sendControlRequest(aws, 'GET', 'calls')).resolves.toMatchObject({ body: [] });
  });

  it('sets faults and takes them away with a reset', async () => {
    const aws = await start();
    await sendControlRequest(aws, 'PUT', 'faults', [{ fault: 'throttle', service: 'sts' }]);
    await expect(getCallerIdentity(aws)).rejects.toMatchObject({ name: 'Throttling' });
    await sendControlRequest(aws, 'POST', 'reset');
    await expect(getCallerIdentity(aws)).resolves.toBeDefined();
    await expect(sendControlRequest(aws, 'PUT', 'faults', [{ fault: 'explode' }])).resolves.toMatchObject({
      status: 400,
    });
  });

  it('keeps the environment of a job good through a reset', async () => {
    const aws = await start();
    aws.createEnv({ claims: { environment: 'test' } });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = aws.createEnv();
    const fetchToken = () => fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect((await fetchToken()).status).toBe(200);
    aws.reset();
    const { value = '' } = await parseStrings(await fetchToken());
    expect(decodeJwt(value).sub).toBe('repo:octocat/my-repo:ref:refs/heads/main');
  });

  it('gives a job an environment of its own', async () => {
    const aws = await start();
    const { body } = await sendControlRequest(aws, 'POST', 'environment', { claims: { environment: 'production' } });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = stringRecordSchema.parse(body);
    const headers = { authorization: `Bearer ${token}` };
    const { value = '' } = await parseStrings(await fetch(`${url}&audience=a`, { headers }));
    expect(decodeJwt(value)).toMatchObject({
      sub: 'repo:octocat/my-repo:environment:production',
      aud: 'a',
    });
  });
});

describe('OIDC issuer', () => {
  const fetchToken = async (aws: LocalAws, query = '', authorization?: string) => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = aws.createEnv();
    return fetch(`${url}${query}`, { headers: { authorization: authorization ?? `Bearer ${token}` } });
  };

  it('gives tokens that its published keys verify, for the owner unless an audience is asked for', async () => {
    const aws = await start({ scenario: { oidc: { issuer: 'local', claims: { repository: 'acme/shop' } } } });
    const found = await fetch(`${aws.url}/_local-aws/oidc/.well-known/openid-configuration`);
    const discovery = z.looseObject({ jwks_uri: z.string(), issuer: z.string() }).parse(await found.json());
    const { value = '' } = await parseStrings(await fetchToken(aws));
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const { payload } = await jwtVerify(value, keys, { issuer: discovery.issuer });
    expect(payload).toMatchObject({
      aud: 'https://github.com/acme',
      repository: 'acme/shop',
      repository_owner: 'acme',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it.each(['Bearer guess', 'Basic x', ''])('refuses the authorization "%s"', async (authorization) => {
    expect((await fetchToken(await start(), '', authorization)).status).toBe(401);
  });

  it('is disturbed and logged like any service', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'error', service: 'oidc', status: 503, calls: 1 }] } });
    expect((await fetchToken(aws)).status).toBe(503);
    expect((await fetchToken(aws)).status).toBe(200);
    expect(aws.calls().map(({ operation, verdict }) => [operation, verdict])).toEqual([
      ['GetIdToken', 'disturbed'],
      ['GetIdToken', 'unsigned'],
    ]);
  });
});

describe('faults on the wire', () => {
  it('are survived by the SDK where they pass', async () => {
    const aws = await start({
      scenario: {
        faults: [
          { fault: 'reset', calls: 1 },
          { fault: 'error', calls: 2, status: 503 },
        ],
      },
    });
    await expect(getCallerIdentity(aws, 3)).resolves.toBeDefined();
    expect(aws.calls().map(({ status }) => status)).toEqual([0, 503, 200]);
  });

  it('lose the reply of a call that was done', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'lost-reply' }] } });
    await expect(getCallerIdentity(aws)).rejects.toThrow('socket hang up');
    expect(aws.calls()).toMatchObject([{ verdict: 'allowed', status: 0 }]);
  });

  it('delay an answer', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'latency', by: '60ms' }] } });
    const before = performance.now();
    await getCallerIdentity(aws);
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});

describe('scenario', () => {
  it.each([
    [{ acount: '1' }, 'acount'],
    [{ account: '1' }, 'an account is 12 digits'],
    [{ faults: [{ fault: 'latency', by: 'long' }] }, 'long'],
    [{ iam: { roles: { r: { trust: { Statement: { Effect: 'Maybe' } } } } } }, 'Effect'],
  ])('refuses %j and says where', (input, message) => {
    expect(() => parseScenario(input, 'a.yml')).toThrow(/^a\.yml is not a scenario/);
    expect(() => parseScenario(input)).toThrow(message);
  });

  it('may be empty', () => {
    expect(parseScenario(undefined)).toMatchObject({ account: '123456789012', iam: { accessKeys: { test: 'test' } } });
  });
});

describe('command line', () => {
  const run = async (args: readonly string[], during: (env: Record<string, string>) => Promise<void>) => {
    const { promise, resolve } = (() => {
      let finish: () => void = () => undefined;
      return { promise: new Promise<void>((done) => (finish = done)), resolve: () => finish() };
    })();
    await runCli(args, {
      ended: promise,
      write: (content) => {
        const pairs = content
          .split('\n')
          .flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : []));
        during(Object.fromEntries(pairs)).finally(resolve);
      },
    });
  };

  it('prints the environment to export and serves until it is asked to end', async () => {
    let url = '';
    await run([], async (env) => {
      url = env['AWS_ENDPOINT_URL'] ?? '';
      expect(Object.keys(env)).toEqual(
        expect.arrayContaining(['AWS_REGION', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']),
      );
      expect((await fetch(`${url}/_local-aws/health`)).status).toBe(200);
    });
    await expect(fetch(`${url}/_local-aws/health`)).rejects.toThrow('fetch failed');
  });

  it.each([
    [['--port', 'x'], '--port x is no port'],
    [['--upstream', 'localhost'], 'neither a URL nor service=URL'],
    [['--upstream', 'sts=http://localhost'], 'sts cannot go upstream'],
    [['--scenario', '/absent.yml'], 'ENOENT'],
    [['--unknown'], 'unknown'],
  ])('refuses %j', async (args, message) => {
    await expect(run(args, async () => undefined)).rejects.toThrow(message);
  });
});
