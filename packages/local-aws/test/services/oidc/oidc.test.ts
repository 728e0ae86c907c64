import { describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import type { LocalAws } from '../../../src/local-aws.js';
import { useLocalAws } from '../../fixtures.js';

const start = useLocalAws();

const stringRecordSchema = z.record(z.string(), z.string());
const parseStrings = async (response: Response) => stringRecordSchema.parse(await response.json());

describe('the OIDC issuer', () => {
  const fetchToken = async (aws: LocalAws, query = '', authorization?: string) => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = aws.createEnv();
    return fetch(`${url}${query}`, { headers: { authorization: authorization ?? `Bearer ${token}` } });
  };

  it("issues tokens that its published keys verify, by default for the repository's owner", async () => {
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

  it.each(['Bearer guess', 'Basic x', ''])('rejects the authorization "%s"', async (authorization) => {
    expect((await fetchToken(await start(), '', authorization)).status).toBe(401);
  });

  it('gets faults and log records like any service', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'error', service: 'oidc', status: 503, calls: 1 }] } });
    expect((await fetchToken(aws)).status).toBe(503);
    expect((await fetchToken(aws)).status).toBe(200);
    expect(aws.calls().map(({ operation, verdict }) => [operation, verdict])).toEqual([
      ['GetIdToken', 'disturbed'],
      ['GetIdToken', 'unsigned'],
    ]);
  });
});
