import { describe, expect, it } from '@jest/globals';
import { Harness, runOnce } from './harness.js';

const incident = { service: 'RDS', region: 'eu-west-1' };

describe('the default criteria', () => {
  it('pass with one DescribeEvents call and the minimal IAM policy', async () => {
    const step = await runOnce({ allowed: ['always'] });
    expect(step.recorded.failures).toEqual([]);
    expect(step.operations).toEqual(['DescribeEvents']);
    expect(step.outputs).toMatchObject({
      verdict: 'passed',
      events: '[]',
      'event-count': '0',
      'waited-seconds': '0',
      source: 'health-api',
    });
  });

  it('query open issues of this Region and of global services', async () => {
    const { calls } = await runOnce({});
    expect(calls[0]?.input).toEqual({
      filter: { regions: ['eu-west-1', 'global'], eventTypeCategories: ['issue'], eventStatusCodes: ['open'] },
      maxResults: 100,
    });
  });

  it.each([
    ['a closed issue', { ...incident, age: '2h', ends: 0 }],
    ['upcoming maintenance', { ...incident, category: 'scheduledChange' as const, starts: '1h' }],
    ['ongoing maintenance', { ...incident, category: 'scheduledChange' as const }],
    [
      'an account notice',
      { ...incident, category: 'accountNotification' as const, scope: 'ACCOUNT_SPECIFIC' as const },
    ],
    ['an issue in another Region', { ...incident, region: 'us-west-2' }],
  ])('do not block on %s', async (_label, event) => {
    const step = await runOnce({ health: { events: [event] } });
    expect(step.outputs['verdict']).toBe('passed');
  });

  it.each([
    ['an open issue', incident],
    ['a global issue', { service: 'IAM', region: 'global' }],
    ['an issue of several services', { service: 'MULTIPLE_SERVICES', region: 'eu-west-1' }],
    ['an issue of this account', { ...incident, scope: 'ACCOUNT_SPECIFIC' as const }],
  ])('block on %s', async (_label, event) => {
    const step = await runOnce({ health: { events: [event] } });
    expect(step.outputs['verdict']).toBe('blocked');
    expect(step.recorded.failures).toHaveLength(1);
  });
});

describe('a blocked step', () => {
  const health = {
    events: [
      {
        ...incident,
        scope: 'ACCOUNT_SPECIFIC' as const,
        age: '50m',
        zone: 'eu-west-1a',
        text: 'Connections fail.',
        updates: [{ at: 0, text: 'We found the <b>cause</b> | and work on it.' }],
        entities: [{ value: 'shop-db' }],
      },
    ],
  };

  it('describes the event in the outputs and names it in the failure', async () => {
    const step = await runOnce({ health });
    expect(step.recorded.failures).toEqual(['blocked by RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)']);
    const [event] = JSON.parse(step.outputs['events'] ?? '[]');
    expect(event).toMatchObject({
      service: 'RDS',
      region: 'eu-west-1',
      availabilityZone: 'eu-west-1a',
      startTime: '2026-11-20T11:10:00.000Z',
      affectedEntities: [{ value: 'shop-db', status: 'IMPAIRED' }],
    });
    expect(event.description).toMatch('We found the <b>cause</b>');
    expect(event.link).toMatch(
      /^https:\/\/health\.aws\.amazon\.com\/health\/home#\/account\/event-log\?eventID=arn%3Aaws/,
    );
  });

  it('shows start, last update, entities and link in the summary, with markup escaped', async () => {
    const { summary } = await runOnce({ health });
    expect(summary).toMatch('⛔ AWS Health gate: blocked');
    expect(summary).toMatch('| **RDS** | eu-west-1 (eu-west-1a) | since 2026-11-20 11:10 UTC (50m 00s) |');
    expect(summary).toMatch('We found the &lt;b&gt;cause&lt;/b&gt; &#124; and work on it.');
    expect(summary).toMatch('| shop-db | [console](https://health.aws.amazon.com/');
  });

  it('limits the outputs to the size of an environment variable', async () => {
    const long = {
      ...incident,
      text: 'ä'.repeat(5000),
      entities: Array.from({ length: 60 }, (_, n) => ({ value: `db-${n}` })),
    };
    const step = await runOnce({ health: { events: Array.from({ length: 60 }, () => long) } });
    expect(step.outputs['event-count']).toBe('60');
    for (const name of ['events', 'holds']) {
      const text = step.outputs[name] ?? '';
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000);
      expect(JSON.parse(text).length).toBeGreaterThan(5);
    }
  });

  it('is decided without details when IAM denies them, with a warning', async () => {
    const step = await runOnce({ health, allowed: ['always'] });
    expect(step.outputs['verdict']).toBe('blocked');
    expect(step.log).toMatch('warning: Event details are not available: ');
    expect(step.log).toMatch('Allow health:DescribeEventDetails and health:DescribeAffectedEntities');
    expect(step.summary).toMatch('`AWS_RDS_OPERATIONAL_ISSUE`');
  });

  it('passes with a warning and the verdict blocked with on-event: warn', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-event': 'warn' } });
    expect(step.recorded.failures).toEqual([]);
    expect(step.outputs['verdict']).toBe('blocked');
    expect(step.log).toMatch('warning: blocked by RDS in eu-west-1');
  });

  it('fails with on-event: warn when another source is unavailable', async () => {
    const inputs = { 'on-event': 'warn', calendars: 'releases' };
    const faults = [{ fault: 'error' as const, service: 'ssm', code: 'AccessDeniedException', status: 400 }];
    const step = await runOnce({ health, faults }, { inputs });
    expect(step.recorded.failures).toEqual([
      expect.stringMatching(/blocked by RDS.*incomplete data from change calendars/),
    ]);
    expect(step.outputs['verdict']).toBe('unknown');
  });

  it('passes with override-reason and records it in outputs, summary and evidence', async () => {
    const harness = await Harness.open({ health });
    const step = await harness.run({ inputs: { 'override-reason': 'INC-42 needs this fix' } });
    expect(step.recorded.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ verdict: 'overridden', 'event-count': '1' });
    expect(step.outputs['reason']).toMatch('overridden (INC-42 needs this fix): blocked by RDS');
    expect(step.summary).toMatch('Overridden by **octocat**: INC-42 needs this fix');
    expect(await harness.readEvidence(step)).toMatchObject({
      verdict: 'overridden',
      override: { reason: 'INC-42 needs this fix', by: 'octocat' },
      holdCount: 1,
      run: { actor: 'octocat' },
    });
    await harness.close();
  });
});

describe('waiting', () => {
  const health = { events: [{ ...incident, ends: '40m', updates: [{ at: '20m', text: 'Recovering.' }] }] };

  it('ends when the incident has been over for stable-for', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-event': 'wait', timeout: '3h' } });
    expect(step.recorded.failures).toEqual([]);
    expect(step.outputs['verdict']).toBe('passed');
    const waited = Number(step.outputs['waited-seconds']);
    expect(waited).toBeGreaterThanOrEqual(42 * 60);
    expect(waited).toBeLessThan(44 * 60);
  });

  it('logs blockers, updates, heartbeats and the remaining stable-for', async () => {
    const { log, summary } = await runOnce({ health }, { inputs: { 'on-event': 'wait' } });
    expect(log).toMatch('[0s] Blocked by RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)');
    expect(log).toMatch('Recovering.');
    expect(log).toMatch(/Still waiting \(5m \d\ds\)/);
    expect(log).toMatch(/Continuing after another (2m 00s|1m 5\ds) without blocking events/);
    expect(summary).toMatch('Blockers during this run');
    expect(summary).toMatch('RDS eu-west-1∶ AWS_RDS_OPERATIONAL_ISSUE (40m');
  });

  it('reads the details of an event once per update', async () => {
    const { operations } = await runOnce({ health }, { inputs: { 'on-event': 'wait' } });
    expect(operations.filter((name) => name === 'DescribeEventDetails')).toHaveLength(2);
  });

  it('fails as blocked at the timeout', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-event': 'wait', timeout: '10m' } });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', 'waited-seconds': '600' });
    expect(step.recorded.failures[0]).toMatch('timed out after 10m 00s, still blocked by RDS');
  });

  it('is skipped with override-reason', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-event': 'wait', 'override-reason': 'because' } });
    expect(step.outputs).toMatchObject({ verdict: 'overridden', 'waited-seconds': '0' });
  });

  it('fails as cancelled when the job is cancelled', async () => {
    const controller = new AbortController();
    const harness = await Harness.open({ health });
    const stop = harness.clock.every(60_000, () => controller.abort());
    const step = await harness.run({ inputs: { 'on-event': 'wait' }, signal: controller.signal });
    stop();
    await harness.close();
    expect(step.recorded.failures[0]).toMatch('cancelled');
    expect(step.outputs).toEqual({});
  });
});

describe('calendars and alarms', () => {
  const ssm = { calendars: { freeze: { state: 'CLOSED' as const, changes: [{ at: '30m', state: 'OPEN' as const }] } } };
  const cloudwatch = {
    alarms: {
      errors: { state: 'ALARM' as const, reason: 'Errors > 5' },
      everything: { kind: 'composite' as const, changes: [{ at: 0, state: 'ALARM' as const }] },
      quiet: { state: 'INSUFFICIENT_DATA' as const },
    },
  };

  it('block with one common verdict', async () => {
    const inputs = { calendars: 'freeze', alarms: 'errors, everything, quiet' };
    const step = await runOnce({ ssm, cloudwatch }, { inputs });
    expect(step.recorded.failures).toEqual(['blocked by closed calendar freeze, alarm errors, alarm everything']);
    expect(JSON.parse(step.outputs['holds'] ?? '')).toMatchObject([
      { kind: 'calendar', name: 'freeze', opensAt: '2026-11-20T12:30:00Z' },
      { kind: 'alarm', name: 'errors', reason: 'Errors > 5' },
      { kind: 'alarm', name: 'everything' },
    ]);
    expect(step.outputs['event-count']).toBe('0');
  });

  it('are waited for with on-event: wait', async () => {
    const step = await runOnce({ ssm }, { inputs: { calendars: 'freeze', 'on-event': 'wait' } });
    expect(step.outputs['verdict']).toBe('passed');
    expect(Number(step.outputs['waited-seconds'])).toBeGreaterThanOrEqual(32 * 60);
  });

  it('are accepted by ARN', async () => {
    const inputs = {
      calendars: 'arn:aws:ssm:eu-west-1:123456789012:document/freeze',
      alarms: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors',
    };
    expect(JSON.parse((await runOnce({ ssm, cloudwatch }, { inputs })).outputs['holds'] ?? '')).toHaveLength(2);
  });

  it.each([
    [{ calendars: 'freez' }, "input 'calendars': 'freez' is not a change calendar in this account and Region"],
    [{ alarms: 'errrors' }, "input 'alarms': alarm 'errrors' not found in this account and Region"],
    [{ alarms: 'arn:aws:cloudwatch:eu-west-1:999988887777:alarm:errors' }, "alarm 'arn:aws:cloudwatch"],
    [{ alarms: 'arn:aws:sns:eu-west-1:123456789012:topic' }, 'is not the ARN of a CloudWatch alarm'],
  ])('fail the step when they do not exist: %j', async (inputs, message) => {
    const step = await runOnce({ ssm, cloudwatch }, { inputs: { ...inputs, 'on-unavailable': 'proceed' } });
    expect(step.recorded.failures[0]).toMatch(message);
    expect(step.outputs['verdict']).toBeUndefined();
  });

  it('give the verdict unknown when IAM denies them', async () => {
    const step = await runOnce({ ssm, allowed: ['always'] }, { inputs: { calendars: 'freeze' } });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures[0]).toMatch('allow ssm:GetCalendarState');
  });
});
