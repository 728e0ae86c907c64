import { describe, expect, it } from '@jest/globals';
import { Authenticator, type AuthenticatorOptions } from '../../src/registry/authenticator.js';
import type { HttpRequest } from '../../src/registry/transport.js';

const SCOPE = 'repository:app:pull';
const CHALLENGE = 'Bearer realm="https://auth.example/token",service="registry.example"';

const readBody = async ({ body }: HttpRequest): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body?.open() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/** Answers a challenge with these credentials; returns the requests to the token server. */
const respondToChallenge = async (
  credentials: Awaited<ReturnType<AuthenticatorOptions['getCredentials']>>,
  options: Pick<AuthenticatorOptions, 'isTrusted'> = {},
) => {
  const requests: HttpRequest[] = [];
  const authenticator = new Authenticator({
    ...options,
    scheme: 'challenge',
    getCredentials: async () => credentials,
    transport: async (request) => {
      requests.push(request);
      const bytes = Buffer.from('{ "access_token": "fresh" }');
      return {
        status: 200,
        headers: {},
        body: (async function* () {})(),
        readBytes: async () => bytes,
        drop: () => {},
      };
    },
  });
  const isHandled = authenticator.handleChallenge(CHALLENGE, SCOPE, undefined);
  return { isHandled, requests, getHeader: () => authenticator.getHeader(SCOPE) };
};

describe('a bearer challenge', () => {
  it('is answered with name and password', async () => {
    const { isHandled, requests, getHeader } = await respondToChallenge({ username: 'me', password: 'pw' });
    expect(await isHandled).toBe(true);
    expect(requests).toMatchObject([{ method: 'GET', headers: { authorization: 'Basic bWU6cHc=' } }]);
    expect(requests[0]?.url.search).toBe('?service=registry.example&scope=repository%3Aapp%3Apull');
    expect(await getHeader()).toBe('Bearer fresh');
  });

  it('is answered with an identity token through the refresh-token grant', async () => {
    const { isHandled, requests, getHeader } = await respondToChallenge({ identityToken: 'IDTOK' });
    expect(await isHandled).toBe(true);
    expect(requests).toMatchObject([
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
    expect(requests[0]?.url.href).toBe('https://auth.example/token');
    expect(await readBody(requests[0] as HttpRequest)).toBe(
      'grant_type=refresh_token&client_id=aws-delivery&refresh_token=IDTOK&service=registry.example&scope=repository%3Aapp%3Apull',
    );
    expect(await getHeader()).toBe('Bearer fresh');
  });

  it('of a token server that is not trusted is rejected without a request', async () => {
    const isTrusted = ({ host }: URL): boolean => host === 'registry.example';
    const { isHandled, requests } = await respondToChallenge({ username: 'AWS', password: 'pw' }, { isTrusted });
    await expect(isHandled).rejects.toThrow('the registry names auth.example as its token server');
    expect(requests).toEqual([]);
  });
});
