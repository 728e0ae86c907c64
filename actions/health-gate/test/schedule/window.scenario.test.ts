import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Harness, runOnce } from '../harness.js';

// The clock of the harness starts on Friday, 2026-11-20, at 12:00 UTC.
const LATER = { 'open-hours': 'Fri 12:30-14:00' };
const incident = { service: 'RDS', region: 'eu-west-1' };

describe('a deployment window', () => {
  it('blocks while it is closed, with the time of the next opening', async () => {
    const step = await runOnce({}, { inputs: LATER });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', 'event-count': '0' });
    expect(step.recorded.failures).toEqual(['blocked by the deployment window: outside the open hours']);
    expect(step.log).toMatch('Deployment window is closed, opens 2026-11-20 12:30 UTC: outside the open hours');
    expect(step.summary).toMatch('| **Deployment window** |  | opens 2026-11-20 12:30 UTC | outside the open hours |');
    expect(JSON.parse(step.outputs['holds'] ?? '')).toEqual([
      {
        kind: 'window',
        name: 'deployment window',
        reason: 'outside the open hours',
        opensAt: '2026-11-20T12:30:00.000Z',
      },
    ]);
  });

  it('is waited for, and joined with the other sources', async () => {
    const health = { events: [{ ...incident, ends: '45m' }] };
    const inputs = { ...LATER, 'on-event': 'wait', 'stable-for': '1m' };
    const step = await runOnce({ health }, { inputs });
    expect(step.outputs['verdict']).toBe('passed');
    expect(Number(step.outputs['waited-seconds'])).toBeGreaterThanOrEqual(46 * 60);
    expect(step.summary).toMatch('Blockers during this run');
  });

  it('is overridden with a reason', async () => {
    const step = await runOnce({}, { inputs: { ...LATER, 'override-reason': 'INC-7' } });
    expect(step.outputs).toMatchObject({
      verdict: 'overridden',
      reason: 'overridden (INC-7): blocked by the deployment window: outside the open hours',
    });
  });

  it('needs no call of AWS, no Region and no credentials', async () => {
    const inputs = { 'aws-health': 'false', 'aws-region': '', 'open-hours': 'Fri 09:00-16:00', runway: '30m' };
    const step = await runOnce({}, { inputs });
    expect(step.recorded.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ verdict: 'passed', source: 'none' });
    expect(step.operations).toEqual([]);
  });

  it('reads freeze files of both formats', async () => {
    const harness = await Harness.open();
    const yaml = await harness.write('freezes.yml', 'freezes: [{ name: Sale, from: 2026-11-27, to: 2026-11-30 }]');
    const event = 'BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Audit\r\nDTSTART;VALUE=DATE:20261120\r\nEND:VEVENT';
    const ical = await harness.write('audit.ics', `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${event}\r\nEND:VCALENDAR\r\n`);
    const step = await harness.run({ inputs: { 'freeze-file': `${yaml}\n${ical}` } });
    const missing = await harness.run({ inputs: { 'freeze-file': 'missing.yml' } });
    await harness.close();
    expect(step.outputs['reason']).toBe(`blocked by the deployment window: freeze 'Audit' of ${ical}`);
    expect(missing.recorded.failures[0]).toMatch("input 'freeze-file': cannot read 'missing.yml'");
  });

  it.each([
    [{ 'time-zone': 'Mars/Olympus' }, "input 'time-zone': 'Mars/Olympus' is unknown"],
    [{ runway: '30m' }, "input 'runway' requires 'open-hours', 'holidays' or 'freeze-file'"],
    [{ 'aws-health': 'false', 'aws-region': '', alarms: 'errors' }, 'Region'],
  ])('is rejected for %j: %s', async (inputs, message) => {
    const step = await runOnce({}, { inputs });
    expect(step.recorded.failures[0]).toMatch(message);
  });
});

describe('a probe', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => server?.close(resolve)));

  const serve = async (...statuses: readonly number[]): Promise<string> => {
    const remaining = [...statuses];
    server = createServer((_request, response) => {
      response.statusCode = (remaining.length > 1 ? remaining.shift() : remaining[0]) ?? 500;
      response.end('{"status": "ok"}');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  };

  it('passes for the expected status and field', async () => {
    const url = await serve(200);
    const step = await runOnce({}, { inputs: { probe: `${url} 200 status=ok`, 'aws-health': 'false' } });
    expect(step.outputs['verdict']).toBe('passed');
  });

  it('blocks after consecutive failures only', async () => {
    const url = await serve(503, 200);
    expect((await runOnce({}, { inputs: { probe: url } })).outputs['verdict']).toBe('passed');
    await new Promise((resolve) => server?.close(resolve));
    const failing = await serve(503);
    const step = await runOnce({}, { inputs: { probe: failing } });
    expect(step.outputs['reason']).toBe(`blocked by probe ${failing}`);
    expect(step.log).toMatch(`Probe failed: ${failing} returned 503, expected 200`);
  });

  it('is waited for', async () => {
    const url = await serve(503, 503, 503, 503, 200);
    const inputs = { probe: url, 'on-event': 'wait', 'stable-for': '1m' };
    const step = await runOnce({}, { inputs });
    expect(step.outputs['verdict']).toBe('passed');
    expect(Number(step.outputs['waited-seconds'])).toBeGreaterThan(60);
  });
});
