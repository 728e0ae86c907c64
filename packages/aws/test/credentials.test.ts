import { describe, expect, it } from '@jest/globals';
import { checkCredentialExpiry } from '../src/credentials.js';

describe('checkCredentialExpiry', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const deadline = now + 3_600_000;
  const checkExpiry = (expiration: string, env: Record<string, string> = { AWS_ACCESS_KEY_ID: 'AKID' }) =>
    checkCredentialExpiry({ AWS_CREDENTIAL_EXPIRATION: expiration, ...env }, now, deadline);

  it('reports the expiry and how long the step may wait', () => {
    expect(checkExpiry('2026-01-01T12:20:00Z')).toBe(
      'the credentials expire at 2026-01-01T12:20:00.000Z, in 20m 00s, but this step may take 1h 00m 00s: request a longer session, reduce the timeout, or set refresh in oidc-credentials',
    );
  });

  it('reports expired credentials', () => {
    expect(checkExpiry('2026-01-01T11:59:00Z')).toBe(
      'the credentials expired at 2026-01-01T11:59:00.000Z: request new ones before this step',
    );
  });

  it.each([
    ['the credentials outlast the step', '2026-01-01T13:00:00Z', { AWS_ACCESS_KEY_ID: 'AKID' }],
    ['their expiry is unknown', 'soon', { AWS_ACCESS_KEY_ID: 'AKID' }],
    ['the environment has no credentials', '2026-01-01T12:20:00Z', {}],
  ])('reports nothing when %s', (_, expiration, env) => {
    expect(checkExpiry(expiration, env)).toBeUndefined();
  });
});
