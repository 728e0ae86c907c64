import { describe, expect, it } from '@jest/globals';
import { type ProbeOptions, parseProbeOptions } from '../../src/probe/probe-options.js';
import { type ProbeClients, ProbeMonitor, Probes } from '../../src/probe/probes.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

const SUBJECT = { tenant: 'acme', environment: 'a/b' };
const NO_PROBES: ProbeOptions = { urlProbes: [], alarms: [], interval: 15_000, failureThreshold: 2 };

const rejectCall = async (): Promise<never> => {
  throw new Error('unreachable');
};

const createProbes = (options: Partial<ProbeOptions>, clients: Partial<ProbeClients> = {}) => {
  const clock = new VirtualClock({ start: 0 });
  const probes = new Probes(
    { ...NO_PROBES, ...options },
    { fetch: rejectCall, listActiveAlarms: rejectCall, ...clients },
    clock,
  );
  return { clock, probes };
};

describe('probes', () => {
  const urlProbes = [{ url: 'https://{tenant}.example.com/{environment}', status: 200, field: undefined }];

  it('pass for the expected status, with tenant and environment encoded in the URL', async () => {
    const urls: string[] = [];
    const fetch = async (url: string) => ({ status: urls.push(url) && 200, text: '' });
    expect(await createProbes({ urlProbes }, { fetch }).probes.check(SUBJECT)).toBeUndefined();
    expect(urls).toEqual(['https://acme.example.com/a%2Fb']);
  });

  it('fail for another status and for no response', async () => {
    const url = 'https://acme.example.com/a%2Fb';
    const fetch = async () => ({ status: 503, text: '' });
    expect(await createProbes({ urlProbes }, { fetch }).probes.check(SUBJECT)).toBe(
      `${url} returned 503, expected 200`,
    );
    expect(await createProbes({ urlProbes }).probes.check(SUBJECT)).toBe(`no response from ${url}: unreachable`);
  });

  it.each([
    ['{"database": {"status": "up"}}', undefined],
    ['{"database": {"status": "down"}}', 'returned down as database.status, expected up'],
    ['{"database": {"status": {"up": true}}}', 'returned {"up":true} as database.status, expected up'],
    ['{"database": []}', 'returned nothing as database.status, expected up'],
    ['<html>', 'returned nothing as database.status, expected up'],
  ])('compare a field of the response %s: %p', async (text, problem) => {
    const { urlProbes: probes } = parseProbeOptions(
      { probe: ['https://a.example/health database.status=up'], 'probe-interval': 15, 'probe-failures': 1 },
      [],
    );
    const fetch = async () => ({ status: 200, text });
    expect(await createProbes({ urlProbes: probes }, { fetch }).probes.check(SUBJECT)).toBe(
      problem === undefined ? undefined : `https://a.example/health ${problem}`,
    );
  });

  it.each([
    ['https://a.example/', { status: 200, field: undefined }],
    ['https://a.example/ 204', { status: 204, field: undefined }],
    ['http://a.example/ 200 checks.0.ok=true', { status: 200, field: { path: 'checks.0.ok', value: 'true' } }],
    ['https://a.example/ state=all good', { status: 200, field: { path: 'state', value: 'all good' } }],
  ])('are parsed from %p', (line, expected) => {
    const inputs = { probe: [line], 'probe-interval': 15, 'probe-failures': 1 };
    expect(parseProbeOptions(inputs, []).urlProbes).toMatchObject([expected]);
  });

  it.each([
    'ftp://a.example/',
    'https://',
    'https://a.example/ fine',
    'https://a.example/ 200 =x',
    '200 https://a.example/',
  ])('cannot be parsed from %p', (line) => {
    const inputs = { probe: [line], 'probe-interval': 15, 'probe-failures': 1 };
    expect(() => parseProbeOptions(inputs, [])).toThrow(`input 'probe': '${line}' is not valid`);
  });

  it('fail for an active alarm and for alarms that cannot be read', async () => {
    const alarms = ['errors', 'latency'];
    const listActiveAlarms = async () => ['errors'];
    expect(await createProbes({ alarms }, { listActiveAlarms }).probes.check(SUBJECT)).toBe(
      'alarms in ALARM state: errors',
    );
    expect(await createProbes({ alarms }).probes.check(SUBJECT)).toBe('cannot read the alarms: unreachable');
  });

  it('read alarms once per interval for all environments', async () => {
    let reads = 0;
    const listActiveAlarms = async () => {
      reads += 1;
      return [];
    };
    const { clock, probes } = createProbes({ alarms: ['errors'] }, { listActiveAlarms });
    await Promise.all([probes.check(SUBJECT), probes.check({ tenant: 'globex', environment: 'dev' })]);
    expect(reads).toBe(1);
    await clock.advance(15_000);
    await probes.check(SUBJECT);
    expect(reads).toBe(2);
  });
});

describe('a probe monitor', () => {
  const urlProbes = [{ url: 'https://example.com', status: 200, field: undefined }];

  it('reports a problem after consecutive failures, one per interval', async () => {
    const { clock, probes } = createProbes({ urlProbes });
    const monitor = new ProbeMonitor(probes, SUBJECT, clock);
    expect(await monitor.check()).toBeUndefined();
    expect(await monitor.check()).toBeUndefined();
    await clock.advance(15_000);
    expect(await monitor.check()).toBe('no response from https://example.com: unreachable');
  });

  it('starts to count again after a success', async () => {
    const statuses = [500, 200, 500, 500];
    const { clock, probes } = createProbes(
      { urlProbes },
      { fetch: async () => ({ status: statuses.shift() ?? 200, text: '' }) },
    );
    const monitor = new ProbeMonitor(probes, SUBJECT, clock);
    const problems: (string | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) {
      problems.push(await monitor.check());
      await clock.advance(15_000);
    }
    expect(problems.map((problem) => problem !== undefined)).toEqual([false, false, false, true]);
  });
});
