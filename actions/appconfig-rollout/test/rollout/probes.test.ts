import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import type { ProbeOptions } from '../../src/inputs/probe-options.js';
import { type ProbeClients, ProbeMonitor, Probes } from '../../src/rollout/probes.js';

const SUBJECT = { tenant: 'acme', environment: 'a/b' };
const NO_PROBES: ProbeOptions = { urlProbes: [], alarms: [], interval: 15_000, failureThreshold: 2 };

const rejectCall = async (): Promise<never> => {
  throw new Error('unreachable');
};

const createProbes = (options: Partial<ProbeOptions>, clients: Partial<ProbeClients> = {}) => {
  const clock = new VirtualClock({ start: 0 });
  const probes = new Probes(
    { ...NO_PROBES, ...options },
    { fetchStatus: rejectCall, listActiveAlarms: rejectCall, ...clients },
    clock,
  );
  return { clock, probes };
};

describe('probes', () => {
  const urlProbes = [{ url: 'https://{tenant}.example.com/{environment}', status: 200 }];

  it('pass for the expected status, with tenant and environment encoded in the URL', async () => {
    const urls: string[] = [];
    const fetchStatus = async (url: string) => urls.push(url) && 200;
    expect(await createProbes({ urlProbes }, { fetchStatus }).probes.check(SUBJECT)).toBeUndefined();
    expect(urls).toEqual(['https://acme.example.com/a%2Fb']);
  });

  it('fail for another status and for no response', async () => {
    const url = 'https://acme.example.com/a%2Fb';
    const fetchStatus = async () => 503;
    expect(await createProbes({ urlProbes }, { fetchStatus }).probes.check(SUBJECT)).toBe(
      `${url} returned 503, expected 200`,
    );
    expect(await createProbes({ urlProbes }).probes.check(SUBJECT)).toBe(`no response from ${url}: unreachable`);
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
  const urlProbes = [{ url: 'https://example.com', status: 200 }];

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
    const { clock, probes } = createProbes({ urlProbes }, { fetchStatus: async () => statuses.shift() ?? 200 });
    const monitor = new ProbeMonitor(probes, SUBJECT, clock);
    const problems: (string | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) {
      problems.push(await monitor.check());
      await clock.advance(15_000);
    }
    expect(problems.map((problem) => problem !== undefined)).toEqual([false, false, false, true]);
  });
});
