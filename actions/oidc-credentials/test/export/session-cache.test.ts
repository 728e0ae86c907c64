import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isDue, SessionCache } from '../../src/export/session-cache.js';
import type { Credentials } from '../../src/role/credentials.js';

const MINUTE = 60_000;
const start = Date.UTC(2026, 10, 1);
const createSession = (name: string, minutes: number): Credentials => ({
  accessKeyId: name,
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: start + minutes * MINUTE,
});

describe('isDue', () => {
  it.each([
    { life: 60, at: 39, due: false },
    { life: 60, at: 41, due: true },
    { life: 15, at: 9, due: false },
    { life: 15, at: 11, due: true },
    { life: 720, at: 699, due: false },
    { life: 720, at: 701, due: true },
  ])('is $due after $at minutes of a session of $life minutes', ({ life, at, due }) => {
    expect(isDue({ credentials: createSession('a', life), obtained: start }, start + at * MINUTE)).toBe(due);
  });
});

describe('the session cache', () => {
  let directory: string;
  let clock: VirtualClock;
  let warnings: string[];
  const createCache = (): SessionCache =>
    new SessionCache({ directory, clock, warn: (message) => warnings.push(message) });
  const failRenewal = (): Promise<Credentials> => Promise.reject(new Error('renewal failed'));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cache-'));
    clock = new VirtualClock({ start });
    warnings = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('renews an unreadable session without a warning', async () => {
    await writeFile(join(directory, 'session.json'), '{"credentials":{"accessKeyId":"ASIA","secretAcc');
    expect((await createCache().getSession(async () => createSession('new', 60))).accessKeyId).toBe('new');
    expect(warnings).toEqual([]);
  });

  it('does not wait for a lock of a killed process', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(join(directory, 'session.json.lock'), `${pid} on ${hostname()}`);
    expect((await createCache().getSession(async () => createSession('new', 60))).accessKeyId).toBe('new');
    expect(clock.now() - start).toBeLessThan(1000);
  });

  it('returns a valid session without a renewal', async () => {
    await createCache().save(createSession('first', 60));
    await clock.advance(39 * MINUTE);
    expect((await createCache().getSession(failRenewal)).accessKeyId).toBe('first');
  });

  it('is readable for its owner only', async () => {
    await createCache().save(createSession('first', 60));
    expect((await stat(join(directory, 'session.json'))).mode & 0o777).toBe(0o600);
  });

  it('renews once for concurrent callers', async () => {
    await createCache().save(createSession('first', 60));
    await clock.advance(45 * MINUTE);
    let renewals = 0;
    const renew = async (): Promise<Credentials> => {
      renewals += 1;
      return createSession(`renewal ${renewals}`, 105);
    };
    const results = await Promise.all(Array.from({ length: 20 }, () => createCache().getSession(renew)));
    expect(renewals).toBe(1);
    expect(new Set(results.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['renewal 1']));
  });

  it('returns the previous session with a warning when a renewal fails before its expiration', async () => {
    await createCache().save(createSession('first', 60));
    await clock.advance(50 * MINUTE);
    expect((await createCache().getSession(failRenewal)).accessKeyId).toBe('first');
    expect(warnings).toEqual([expect.stringContaining('renewal failed')]);
  });

  it('fails when a renewal fails after the expiration', async () => {
    await createCache().save(createSession('first', 60));
    await clock.advance(60 * MINUTE);
    await expect(createCache().getSession(failRenewal)).rejects.toThrow('renewal failed');
  });

  it('renews when the file is missing or invalid', async () => {
    const renew = async (): Promise<Credentials> => createSession('new', 60);
    expect((await createCache().getSession(renew)).accessKeyId).toBe('new');
    await writeFile(join(directory, 'session.json'), '{"credentials": 3}');
    expect((await createCache().getSession(renew)).accessKeyId).toBe('new');
  });

  it('takes over a stale lock', async () => {
    const lock = join(directory, 'session.json.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(start), new Date(start));
    expect((await createCache().getSession(async () => createSession('new', 600))).accessKeyId).toBe('new');
    await expect(stat(lock)).rejects.toThrow('ENOENT');
  });
});
