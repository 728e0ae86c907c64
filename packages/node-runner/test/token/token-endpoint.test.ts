import { get } from 'node:http';
import { describe, expect, it } from '@jest/globals';
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

describe('TokenEndpoint', () => {
  it('returns the token to a caller with the bearer token after masking it', async () => {
    const { endpoint: opening, tokens } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    expect(await requestToken(endpoint)).toEqual({ status: 200, body: { value: VALID_TOKEN } });
    expect(tokens).toEqual([VALID_TOKEN]);
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/token\?api-version=2\.0$/);
    expect(endpoint.token).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['', 'x', '0'.repeat(64)])("rejects the bearer token '%s'", async (bearer) => {
    const { endpoint: opening, tokens } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    expect(await requestToken(endpoint, 'sts.amazonaws.com', bearer)).toMatchObject({ status: 401 });
    expect(tokens).toEqual([]);
  });

  it('rejects other paths and methods', async () => {
    const { endpoint: opening } = openEndpoint(new VariableTokenSource('TOKEN', { TOKEN: VALID_TOKEN }));
    await using endpoint = await opening;
    const headers = { authorization: `Bearer ${endpoint.token}` };
    expect((await fetch(endpoint.url, { headers, method: 'POST' })).status).toBe(404);
    expect((await fetch(endpoint.url.replace('/token', '/'), { headers })).status).toBe(404);
  });

  it.each([
    ['a caller without the bearer token', () => 'guess', 401],
    ['a caller with it', ({ token }: TokenEndpoint) => token, 404],
  ] as const)('survives an invalid URL from %s', async (_, getBearer, status) => {
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
      "the audience of the token is 'https://gitlab.example', expected 'sts.amazonaws.com' (issuer https://gitlab.example): set " +
        "'aud: sts.amazonaws.com' for AWS_ID_TOKEN under 'id_tokens' of the job, or set --audience https://gitlab.example " +
        'for oidc-credentials, and add it to the audiences (client IDs) of the identity provider in IAM',
    ],
    [
      'another audience on a host that chooses it',
      createToken({ aud: 'ari:cloud:bitbucket' }),
      new VariableTokenSource('T', {}),
      'set --audience ari:cloud:bitbucket for oidc-credentials, and add it to the audiences (client IDs) of the identity provider in IAM',
    ],
    [
      'no audience',
      createToken({}),
      new VariableTokenSource('T', {}),
      "the audience of the token is none, expected 'sts.amazonaws.com': request a token with an audience",
    ],
    [
      'an expired token',
      createToken({ aud: 'sts.amazonaws.com', exp: now / 1000 }),
      new VariableTokenSource('T', {}),
      "the token of the variable 'T' expired at 2030-01-01T00:00:00.000Z, and the host does not issue another",
    ],
    [
      'a value that is not a token',
      'AKIA',
      new VariableTokenSource('T', {}),
      "the variable 'T' does not contain a JSON Web Token",
    ],
    [
      'an empty variable',
      '',
      new VariableTokenSource('T', {}),
      "the variable 'T' is empty: configure the job to request a token from its host",
    ],
  ])('explains how to correct %s', async (_, token, source, message) => {
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
