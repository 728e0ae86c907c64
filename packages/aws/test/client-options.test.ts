import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTimeLimit } from '@aws-delivery/action-kit/host/time-limit';
import { createNetwork, type NetworkOptions } from '@aws-delivery/action-kit/http/network';
import { createCertificate } from '@aws-delivery/action-kit/testing/certificate';
import {
  startForwardProxy,
  startHttpServer,
  startHttpsServer,
  startSilentServer,
} from '@aws-delivery/action-kit/testing/http-servers';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsClientOptions, createClientConfig } from '../src/client-options.js';
import { renewExpiredCredentials } from '../src/credentials.js';
import { classifyError } from '../src/error.js';

const REGION = 'eu-west-1';

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::123456789012:assumed-role/deploy/ci</Arn><UserId>AROA:ci</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1f0c</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

const failure = (code: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>
<Message>said the service</Message></Error><RequestId>1f0c</RequestId></ErrorResponse>`;

type ScriptedResponse =
  | 'ok'
  | 'reset'
  | 'no-response'
  | { readonly status: number; readonly code: string; readonly after?: string };

/** An STS server with responses in the format of its documentation. */
const createSts = (respond: (call: IncomingMessage, index: number) => ScriptedResponse) => {
  const calls: IncomingMessage['headers'][] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const scripted = respond(request, calls.length);
    calls.push(request.headers);
    request.resume();
    if (scripted === 'ok') response.writeHead(200, { 'content-type': 'text/xml' }).end(identity);
    else if (scripted === 'reset') request.socket.destroy();
    else if (scripted !== 'no-response') {
      const after = scripted.after === undefined ? {} : { 'retry-after': scripted.after };
      response.writeHead(scripted.status, { 'content-type': 'text/xml', ...after }).end(failure(scripted.code));
    }
  };
  return { calls, listener };
};

const respondInOrder =
  (...responses: ScriptedResponse[]) =>
  (_: IncomingMessage, index: number): ScriptedResponse =>
    responses[Math.min(index, responses.length - 1)] ?? 'ok';

const throttling: ScriptedResponse = { status: 400, code: 'Throttling' };

describe('an AWS client', () => {
  const open: (() => void | Promise<void>)[] = [];
  const names = Object.keys(process.env).filter((name) => /^AWS_/u.test(name));
  const before = new Map(names.map((name) => [name, process.env[name]]));

  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
    Object.assign(process.env, { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    for (const [name, value] of before) process.env[name] = value;
  });

  const createClient = (
    options: Partial<AwsClientOptions & { endpoint: string }> = {},
    networkOptions: Partial<NetworkOptions> = {},
  ) => {
    const { endpoint, ...rest } = options;
    const network = createNetwork({ env: {}, ...networkOptions });
    // The SDK converts `Retry-After` to a date with the system clock.
    const clock = new VirtualClock({ start: Date.now() });
    const shared = { region: REGION, network, clock, action: 'sample', env: {}, random: () => 0 };
    const client = new STSClient({
      ...createClientConfig({ ...shared, ...rest }),
      ...(endpoint === undefined ? {} : { endpoint }),
    });
    open.push(() => client.destroy());
    const start = clock.now();
    return { client, waited: () => clock.now() - start, send: () => client.send(new GetCallerIdentityCommand({})) };
  };

  const startClient = async (
    respond: (call: IncomingMessage, index: number) => ScriptedResponse,
    options: Partial<AwsClientOptions> = {},
  ) => {
    const { calls, listener } = createSts(respond);
    const server = await startHttpServer(listener);
    open.push(() => server.stop());
    return { calls, ...createClient({ ...options, endpoint: `http://127.0.0.1:${server.port}` }) };
  };

  const startBehindProxy = async (host: string) => {
    const certificate = createCertificate([host]);
    const server = await startHttpsServer(certificate, createSts(respondInOrder('ok')).listener);
    const proxy = await startForwardProxy({ hosts: { [host]: server.port } });
    open.push(
      certificate.dispose,
      () => server.stop(),
      () => proxy.stop(),
    );
    const network = { httpProxy: `http://127.0.0.1:${proxy.port}`, env: { AWS_CA_BUNDLE: certificate.file } };
    return { tunnels: proxy.tunnels, network };
  };

  it.each([
    ['its Region’s endpoint', REGION, {}, 'sts.eu-west-1.amazonaws.com'],
    ['the European Sovereign Cloud', 'eusc-de-east-1', {}, 'sts.eusc-de-east-1.amazonaws.eu'],
    ['China', 'cn-north-1', {}, 'sts.cn-north-1.amazonaws.com.cn'],
    ['FIPS', 'us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'sts-fips.us-east-1.amazonaws.com'],
    ['dual stack', REGION, { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'sts.eu-west-1.api.aws'],
  ])('reaches %s through a proxy with a private certificate authority', async (_, region, variables, host) => {
    Object.assign(process.env, variables);
    const { tunnels, network } = await startBehindProxy(host);
    const { send } = createClient({ region, maxAttempts: 1 }, network);
    await expect(send()).resolves.toMatchObject({ Account: '123456789012' });
    expect(tunnels).toEqual([`${host}:443`]);
  });

  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS'])('uses the endpoint in %s', async (name) => {
    const { calls, listener } = createSts(respondInOrder('ok'));
    const server = await startHttpServer(listener);
    open.push(() => server.stop());
    process.env[name] = `http://127.0.0.1:${server.port}`;
    await expect(createClient({ maxAttempts: 1 }).send()).resolves.toMatchObject({ Account: '123456789012' });
    expect(calls).toHaveLength(1);
  });

  it('takes the Region from the environment by default', async () => {
    process.env['AWS_REGION'] = 'ap-south-1';
    const { calls, send } = await startClient(respondInOrder('ok'), { region: undefined });
    await send();
    expect(calls[0]?.authorization).toContain('/ap-south-1/sts/aws4_request');
  });

  it('identifies the action in the user agent', async () => {
    const { calls, send } = await startClient(respondInOrder('ok'));
    await send();
    expect(calls[0]?.['user-agent']).toMatch(/aws-delivery-actions\/1\.0\.0 .*sample/u);
  });

  it('suppresses the SDK warning about the Node version', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', onWarning);
    createClient();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED']).toBe('true');
  });

  it('backs off exponentially when throttled', async () => {
    const { calls, waited, send } = await startClient(respondInOrder(throttling, throttling, throttling, 'ok'));
    await expect(send()).resolves.toMatchObject({ $metadata: { attempts: 4 } });
    expect(calls).toHaveLength(4);
    expect(waited()).toBe(1000 + 2000 + 4000);
  });

  it('retries lost connections and server errors', async () => {
    const { waited, send } = await startClient(
      respondInOrder('reset', { status: 503, code: 'ServiceUnavailable' }, 'ok'),
    );
    await expect(send()).resolves.toMatchObject({ Account: '123456789012' });
    expect(waited()).toBe(300 + 600);
  });

  it('reduces a delay by at most half as jitter', async () => {
    const { waited, send } = await startClient(respondInOrder(throttling, throttling, 'ok'), { random: () => 0.999 });
    await send();
    expect(waited()).toBeGreaterThan(1500);
    expect(waited()).toBeLessThan(1510);
  });

  it.each([
    ['for the time in Retry-After', '7', 6000, 7500],
    ['for at most one minute', '3600', 60_000, 60_000],
  ])('waits %s', async (_, after, min, max) => {
    const { waited, send } = await startClient(respondInOrder({ status: 503, code: 'SlowDown', after }, 'ok'));
    await send();
    expect(waited()).toBeGreaterThanOrEqual(min);
    expect(waited()).toBeLessThanOrEqual(max);
  });

  it.each(['AccessDenied', 'ValidationError', 'LimitExceededException', 'ExpiredToken'])(
    'does not repeat a call for %s',
    async (code) => {
      const { calls, waited, send } = await startClient(respondInOrder({ status: 400, code }));
      await expect(send()).rejects.toMatchObject({ name: code });
      expect(calls).toHaveLength(1);
      expect(waited()).toBe(0);
    },
  );

  it.each([
    ['6 by default', {}, 6],
    ['AWS_MAX_ATTEMPTS', { env: { AWS_MAX_ATTEMPTS: '2' } }, 2],
    ['6 when AWS_MAX_ATTEMPTS is invalid', { env: { AWS_MAX_ATTEMPTS: 'many' } }, 6],
    ['maxAttempts over AWS_MAX_ATTEMPTS', { env: { AWS_MAX_ATTEMPTS: '2' }, maxAttempts: 3 }, 3],
  ])('limits attempts: %s', async (_, options, attempts) => {
    const { calls, send } = await startClient(respondInOrder(throttling), options);
    await expect(send()).rejects.toMatchObject({ name: 'Throttling', $metadata: { attempts } });
    expect(calls).toHaveLength(attempts);
  });

  it('stops retrying when cancelled', async () => {
    const controller = new AbortController();
    const { calls, send } = await startClient(
      () => {
        controller.abort();
        return throttling;
      },
      { signal: controller.signal },
    );
    await expect(send()).rejects.toMatchObject({ name: 'Throttling' });
    expect(calls).toHaveLength(1);
  });

  it('times out when the server does not respond', async () => {
    const { listener } = createSts(respondInOrder('no-response'));
    const server = await startHttpServer(listener);
    open.push(() => server.stop());
    const endpoint = `http://127.0.0.1:${server.port}`;
    const { send } = createClient({ endpoint, maxAttempts: 1 }, { timeouts: { request: 50 } });
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(classifyError(error)).toBe('transient');
  });

  it('ends a request at the time limit of the run, without a retry', async () => {
    const { listener, calls } = createSts(respondInOrder('no-response'));
    const server = await startHttpServer(listener);
    open.push(() => server.stop());
    const { send } = createClient({ endpoint: `http://127.0.0.1:${server.port}`, maxAttempts: 3 });
    const error = await withTimeLimit(systemClock, 50, send).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/^timed out after 0s waiting for a response from 127\.0\.0\.1: .*'timeout'$/u),
    });
    expect(calls).toHaveLength(1);
  });

  it('ends a response body at the time limit of the run', async () => {
    const server = await startHttpServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 1000 }).write('<GetCaller');
    });
    open.push(() => server.stop());
    const { send } = createClient({ endpoint: `http://127.0.0.1:${server.port}`, maxAttempts: 3 });
    const error = await withTimeLimit(systemClock, 100, send).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'timeout' });
  });

  it('treats a proxy that does not respond as a transient error', async () => {
    const silentServer = await startSilentServer();
    open.push(() => silentServer.stop());
    const network = { httpProxy: `http://127.0.0.1:${silentServer.port}`, timeouts: { connect: 50 } };
    const error = await createClient({ maxAttempts: 1 }, network)
      .send()
      .catch((thrown: unknown) => thrown);
    expect(classifyError(error)).toBe('transient');
  });

  it('treats a rejection by the proxy as permanent', async () => {
    const proxy = await startForwardProxy({ hosts: {}, rejectStatus: 407 });
    open.push(() => proxy.stop());
    const { send } = createClient({}, { httpProxy: `http://127.0.0.1:${proxy.port}` });
    await expect(send()).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('returned HTTP 407'),
    });
    expect(proxy.tunnels).toHaveLength(1);
  });

  describe('with expired credentials', () => {
    const findAccessKey = ({ headers }: IncomingMessage): string | undefined =>
      /Credential=([^/]+)/u.exec(headers.authorization ?? '')?.[1];
    const expired: ScriptedResponse = { status: 403, code: 'ExpiredToken' };

    const useCredentialsFile = (): { readonly write: (key: string) => void } => {
      const directory = mkdtempSync(join(tmpdir(), 'credentials-'));
      const file = join(directory, 'credentials');
      open.push(() => rmSync(directory, { recursive: true, force: true }));
      const write = (key: string): void =>
        writeFileSync(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`);
      delete process.env['AWS_ACCESS_KEY_ID'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
      return { write };
    };

    it('reads new credentials from the file and repeats the call', async () => {
      const { write } = useCredentialsFile();
      write('AKIDOLD');
      const keys: (string | undefined)[] = [];
      const { client, send } = await startClient((call) => {
        keys.push(findAccessKey(call));
        write('AKIDNEW');
        return findAccessKey(call) === 'AKIDOLD' ? expired : 'ok';
      });
      renewExpiredCredentials(client);
      await expect(send()).resolves.toMatchObject({ Account: '123456789012' });
      await send();
      expect(keys).toEqual(['AKIDOLD', 'AKIDNEW', 'AKIDNEW']);
    });

    it('repeats the call only once', async () => {
      useCredentialsFile().write('AKIDOLD');
      const { calls, client, send } = await startClient(respondInOrder(expired));
      renewExpiredCredentials(client);
      await expect(send()).rejects.toMatchObject({ name: 'ExpiredToken' });
      expect(calls).toHaveLength(2);
    });

    it('throws the original error when no other credentials exist', async () => {
      const { write } = useCredentialsFile();
      write('AKIDOLD');
      const { calls, client, send } = await startClient(() => {
        process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere';
        process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
        return expired;
      });
      renewExpiredCredentials(client);
      await expect(send()).rejects.toMatchObject({ name: 'ExpiredToken' });
      expect(calls).toHaveLength(1);
    });

    it('does not repeat the call after other errors', async () => {
      const { calls, client, send } = await startClient(respondInOrder({ status: 403, code: 'AccessDenied' }));
      renewExpiredCredentials(client);
      await expect(send()).rejects.toMatchObject({ name: 'AccessDenied' });
      expect(calls).toHaveLength(1);
    });
  });
});
