import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { LocalAws } from '../../src/local-aws.js';
import { getCallerIdentity, useLocalAws } from '../fixtures.js';

const start = useLocalAws();

const sendControlRequest = async (aws: LocalAws, method: string, name: string, body?: unknown) => {
  const response = await fetch(`${aws.url}/_local-aws/${name}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};

const stringRecordSchema = z.record(z.string(), z.string());
const parseStrings = async (response: Response) => stringRecordSchema.parse(await response.json());

describe('the control endpoint', () => {
  it("reports the server's health", async () => {
    await expect(sendControlRequest(await start(), 'GET', 'health')).resolves.toMatchObject({
      status: 200,
      body: { status: 'ok', services: expect.arrayContaining(['sts']) },
    });
  });

  it('returns and advances the clock', async () => {
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

  it('returns and clears the calls', async () => {
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

  it('sets faults until a reset', async () => {
    const aws = await start();
    await sendControlRequest(aws, 'PUT', 'faults', [{ fault: 'throttle', service: 'sts' }]);
    await expect(getCallerIdentity(aws)).rejects.toMatchObject({ name: 'Throttling' });
    await sendControlRequest(aws, 'POST', 'reset');
    await expect(getCallerIdentity(aws)).resolves.toBeDefined();
    await expect(sendControlRequest(aws, 'PUT', 'faults', [{ fault: 'explode' }])).resolves.toMatchObject({
      status: 400,
    });
  });

  it("keeps each job's environment and claims valid after a reset", async () => {
    const aws = await start();
    aws.createEnv({ claims: { environment: 'test' } });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = aws.createEnv();
    const fetchToken = () => fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect((await fetchToken()).status).toBe(200);
    aws.reset();
    const { value = '' } = await parseStrings(await fetchToken());
    expect(decodeJwt(value).sub).toBe('repo:octocat/my-repo:ref:refs/heads/main');
  });

  it('creates a job environment with the claims in the body', async () => {
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
