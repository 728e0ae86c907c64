import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AzureTokenSource } from '../../src/token/azure-token-source.js';
import { FileTokenSource } from '../../src/token/file-token-source.js';
import { TokenEndpoint } from '../../src/token/token-endpoint.js';
import type { TokenSource } from '../../src/token/token-source.js';
import { VariableTokenSource } from '../../src/token/variable-token-source.js';

const now = Date.UTC(2030, 0, 1);
const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const createToken = (claims: object): string => `${encodePart({ alg: 'RS256' })}.${encodePart(claims)}.signature`;
const VALID_TOKEN = createToken({ iss: 'https://ci.example', aud: 'sts.amazonaws.com', exp: now / 1000 + 60 });

const openEndpoint = (source: TokenSource) => {
  const [tokens, errors]: [string[], string[]] = [[], []];
  const onToken = (token: string): number => tokens.push(token);
  const endpoint = TokenEndpoint.open({ source, onToken, onError: (message) => errors.push(message), now: () => now });
  return { endpoint, tokens, errors };
};

const requestToken = async (endpoint: TokenEndpoint, audience = 'sts.amazonaws.com', bearer = endpoint.token) => {
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fetch(`${endpoint.url}&audience=${encodeURIComponent(audience)}`, { headers });
  return { status: response.status, body: await response.json() };
};

describe('the token endpoint', () => {
  it('gives the token to who has the bearer token, after it was masked', async () => {
    const { endpoint: opening, tokens } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    expect(await requestToken(endpoint)).toEqual({ status: 200, body: { value: VALID_TOKEN } });
    expect(tokens).toEqual([VALID_TOKEN]);
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/token\?api-version=2\.0$/);
    expect(endpoint.token).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['', 'x', '0'.repeat(64)])("gives nothing for the bearer token '%s'", async (bearer) => {
    const { endpoint: opening, tokens } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    expect(await requestToken(endpoint, 'sts.amazonaws.com', bearer)).toMatchObject({ status: 401 });
    expect(tokens).toEqual([]);
  });

  it('knows no other path and no other method', async () => {
    const { endpoint: opening } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    const headers = { authorization: `Bearer ${endpoint.token}` };
    expect((await fetch(endpoint.url, { headers, method: 'POST' })).status).toBe(404);
    expect((await fetch(endpoint.url.replace('/token', '/'), { headers })).status).toBe(404);
  });

  it.each([
    ['who has no bearer token', () => 'guess', 401],
    ['who has it', ({ token }: TokenEndpoint) => token, 404],
  ] as const)('outlives an address that is none, from %s', async (_, getBearer, status) => {
    const { endpoint: opening } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    const headers = { authorization: `Bearer ${getBearer(endpoint)}` };
    const { port } = new URL(endpoint.url);
    const receivedStatus = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '//', headers }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });
    expect(receivedStatus).toBe(status);
    expect(await requestToken(endpoint)).toMatchObject({ status: 200 });
  });

  it.each<[string, string, TokenSource, string]>([
    [
      'another audience on GitLab',
      createToken({ iss: 'https://gitlab.example', aud: ['https://gitlab.example'] }),
      new VariableTokenSource('AWS_ID_TOKEN', {}, 'id_tokens'),
      "the token's audience is 'https://gitlab.example', not 'sts.amazonaws.com' (issuer https://gitlab.example): write " +
        "'aud: sts.amazonaws.com' for AWS_ID_TOKEN under 'id_tokens' of the job, or let oidc-credentials ask for it " +
        '(--audience https://gitlab.example), and list it among the audiences (client IDs) of the identity provider in IAM',
    ],
    [
      'another audience on a host that chooses it',
      createToken({ aud: 'ari:cloud:bitbucket' }),
      new VariableTokenSource('T', {}),
      '(--audience ari:cloud:bitbucket), and list it among the audiences (client IDs) of the identity provider in IAM',
    ],
    ['no audience', createToken({}), new VariableTokenSource('T', {}), "the token's audience is none"],
    [
      'a token that is over',
      createToken({ aud: 'sts.amazonaws.com', exp: now / 1000 }),
      new VariableTokenSource('T', {}),
      "the token of the variable 'T' was valid until 2030-01-01T00:00:00.000Z, and this host mints no other",
    ],
    ['what is no token', 'AKIA', new VariableTokenSource('T', {}), "the variable 'T' holds no JSON Web Token"],
    [
      'nothing',
      '',
      new VariableTokenSource('T', {}),
      "the variable 'T' holds no token: let the job ask its host for one",
    ],
  ])('says what to change about %s', async (_, token, source, message) => {
    const mint = (): Promise<string> => (token === '' ? source.mint('') : Promise.resolve(token));
    const getAudienceHint = source.getAudienceHint.bind(source);
    const { endpoint: opening, errors } = openEndpoint({ origin: source.origin, getAudienceHint, mint });
    await using endpoint = await opening;
    const { status, body } = await requestToken(endpoint);
    expect([status, errors]).toEqual([400, [expect.stringContaining(message)]]);
    expect(body).toEqual({ message: errors[0] });
    if (token !== '') expect(errors[0]).not.toContain(token);
  });
});

describe('a file with a token', () => {
  const directory = mkdtempSync(join(tmpdir(), 'token-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is read again for every request', async () => {
    const source = new FileTokenSource(join(directory, 'token'));
    await expect(source.mint()).rejects.toMatchObject({ code: 'token-unavailable' });
    for (const token of ['one', 'two']) {
      writeFileSync(join(directory, 'token'), `${token}\n`);
      expect(await source.mint()).toBe(token);
    }
  });
});

describe('Azure DevOps', () => {
  let server: Server;
  let url: string;
  const requests: string[] = [];
  let cannedResponse = { status: 200, body: JSON.stringify({ oidcToken: VALID_TOKEN }) };
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: string[] = [];
      for await (const chunk of request) chunks.push(String(chunk));
      requests.push(`${request.method} ${request.url} ${request.headers.authorization} ${chunks.join('')}`);
      response.writeHead(cannedResponse.status).end(cannedResponse.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/oidc`;
  });
  afterEach(() => void requests.splice(0));
  afterAll(() => void server.close());
  const createEnv = () => ({ SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: 'access' });

  it.each([
    ['the pipeline', undefined, ''],
    ['a service connection', 'c-1', '&serviceConnectionId=c-1'],
  ])('mints a token of %s for every request', async (_, connection, query) => {
    const source = AzureTokenSource.from(createEnv(), connection);
    expect([await source?.mint(), await source?.mint()]).toEqual([VALID_TOKEN, VALID_TOKEN]);
    const request = `POST /oidc?api-version=7.1-preview.1${query} Bearer access {}`;
    expect(requests).toEqual([request, request]);
  });

  it('has none without an access token', () => {
    expect(AzureTokenSource.from({ SYSTEM_OIDCREQUESTURI: url }, undefined)).toBeUndefined();
  });

  it('says who may not ask', async () => {
    cannedResponse = { status: 403, body: 'no' };
    const options = { url, accessToken: 'a', serviceConnection: 'c-1', network: createNetwork({ env: {} }) };
    const message =
      "Azure DevOps answered 403 when asked for a token: let the pipeline use the service connection 'c-1'";
    await expect(new AzureTokenSource(options).mint()).rejects.toMatchObject({ code: 'token-unavailable', message });
  });

  it('shows nothing of an answer that is no JSON', async () => {
    cannedResponse = { status: 200, body: `${VALID_TOKEN}"` };
    const options = { url, accessToken: 'a', serviceConnection: undefined, network: createNetwork({ env: {} }) };
    const message = 'Azure DevOps answered 200 when asked for a token: see the request in the log of Azure DevOps';
    await expect(new AzureTokenSource(options).mint()).rejects.toMatchObject({ code: 'token-unavailable', message });
  });

  it('says which audience it puts into every token', () => {
    const source = AzureTokenSource.from(createEnv(), undefined);
    expect(source?.getAudienceHint('sts.amazonaws.com', ['api://AzureADTokenExchange'])).toBe(
      'Azure DevOps chooses the audience; let oidc-credentials ask for it (--audience api://AzureADTokenExchange), and list it among the audiences (client IDs) of the identity provider in IAM',
    );
  });
});
