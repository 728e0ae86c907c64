import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FakeGitHub, startGitHub } from './fake-github.js';
import { Harness, runOnce } from './harness.js';

const incident = { service: 'RDS', region: 'eu-west-1' };
const own = { ...incident, scope: 'ACCOUNT_SPECIFIC' as const };

describe('an account without a support plan', () => {
  const health = { plan: 'none' as const };

  it('fails and names the required support plan', async () => {
    const step = await runOnce({ health });
    expect(step.outputs).toMatchObject({ verdict: 'unknown', source: 'none' });
    expect(step.recorded.failures[0]).toMatch('SubscriptionRequiredException');
    expect(step.recorded.failures[0]).toMatch('the AWS Health API requires Business Support+ or a higher support plan');
    expect(step.operations).toEqual(['DescribeEvents']);
  });

  it('passes with a warning and the verdict unknown with on-no-support-plan: warn', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-no-support-plan': 'warn' } });
    expect(step.recorded.failures).toEqual([]);
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.log).toMatch('warning: incomplete data from AWS Health');
  });

  it('passes with on-no-support-plan: proceed, which the summary states', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-no-support-plan': 'proceed' } });
    expect(step.outputs['verdict']).toBe('passed');
    expect(step.summary).toMatch('passed by policy despite incomplete data from AWS Health');
  });

  it('is unaffected by on-unavailable', async () => {
    const step = await runOnce({ health }, { inputs: { 'on-unavailable': 'proceed' } });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures).toHaveLength(1);
  });
});

describe('the public feed', () => {
  const inputs = { 'on-no-support-plan': 'public-feed' };

  it('passes without a public incident', async () => {
    const step = await runOnce({ health: { plan: 'none', events: [own] } }, { inputs });
    expect(step.outputs).toMatchObject({ verdict: 'passed', source: 'public-feed' });
    expect(step.outputs['reason']).toMatch('according to the public feed (used in place of AWS Health)');
    expect(step.summary).toMatch('It contains public incidents, but no scheduled changes');
  });

  it('blocks on a matching incident and shows its last update', async () => {
    const events = [incident, { service: 'SQS', region: 'us-east-1' }, { ...incident, age: '3h', ends: 0 }];
    const step = await runOnce({ health: { plan: 'none', events } }, { inputs });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', source: 'public-feed', 'event-count': '1' });
    expect(step.summary).toMatch('We are investigating increased error rates.');
    expect(step.summary).toMatch('https://health.aws.amazon.com/health/status?eventID=');
  });

  it('is polled with on-event: wait', async () => {
    const health = { plan: 'none' as const, events: [{ ...incident, ends: '10m' }] };
    const step = await runOnce({ health }, { inputs: { ...inputs, 'on-event': 'wait' } });
    expect(step.outputs).toMatchObject({ verdict: 'passed', source: 'public-feed' });
    expect(Number(step.outputs['waited-seconds'])).toBeGreaterThanOrEqual(720);
  });

  it.each(['html', 'truncated', 'renamed', 'down'] as const)(
    'gives the verdict unknown when it is %s',
    async (feed) => {
      const step = await runOnce({ health: { plan: 'none', feed, events: [incident] } }, { inputs });
      expect(step.outputs['verdict']).toBe('unknown');
      expect(step.recorded.failures[0]).toMatch('the public feed: ');
    },
  );

  it('replaces AWS Health only, not other sources', async () => {
    const faults = [{ fault: 'error' as const, service: 'cloudwatch' }];
    const step = await runOnce({ faults }, { inputs: { alarms: 'errors', 'on-unavailable': 'public-feed' } });
    expect(step.outputs['verdict']).toBe('unknown');
  });

  it('is not used in other partitions', async () => {
    const harnessOptions = {
      partition: 'aws-cn' as const,
      health: { plan: 'none' as const, active: 'cn-northwest-1' },
    };
    const step = await runOnce(harnessOptions, { inputs: { ...inputs, 'aws-region': 'cn-north-1' } });
    expect(step.recorded.failures[0]).toMatch('the public feed does not cover cn-north-1');
  });
});

describe('a failing service', () => {
  it.each([
    ['throttled', { fault: 'throttle' as const, calls: '1-8' }],
    ['down', { fault: 'error' as const, status: 503, calls: '1-8' }],
  ])('is retried while it is %s', async (_label, fault) => {
    const step = await runOnce({ faults: [{ ...fault, service: 'health' }] });
    expect(step.outputs['verdict']).toBe('passed');
    expect(Number(step.outputs['waited-seconds'])).toBeLessThan(120);
  });

  it('gives the verdict unknown when it stays down', async () => {
    const step = await runOnce({ faults: [{ fault: 'error', status: 503, service: 'health' }] });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures[0]).toMatch('incomplete data from AWS Health: InternalFailure');
  });

  it('is not retried after a denial, and the failure names the missing permission', async () => {
    const step = await runOnce({ allowed: ['alarms'] });
    expect(step.outputs).toMatchObject({ verdict: 'unknown', 'waited-seconds': '0' });
    expect(step.recorded.failures[0]).toMatch('allow health:DescribeEvents');
  });

  it('gives the verdict unknown when one of several pages fails', async () => {
    const events = Array.from({ length: 250 }, () => ({ ...incident, region: 'us-west-2' }));
    const faults = [
      { fault: 'error' as const, code: 'ValidationException', status: 400, operation: 'DescribeEvents', calls: 3 },
    ];
    const step = await runOnce({ health: { events }, faults }, { inputs: { regions: 'us-west-2' } });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures[0]).toMatch('ValidationException');
    expect(step.operations).toEqual(['DescribeEvents', 'DescribeEvents', 'DescribeEvents']);
  });
});

describe('the active endpoint', () => {
  const events = Array.from({ length: 250 }, (_, index) => ({ ...incident, type: `AWS_RDS_ISSUE_${index}` }));

  it('is looked up in DNS after a failover, and the list restarts', async () => {
    const health = { events, failovers: [{ at: '1s', region: 'us-east-2' }] };
    // Latency is real time; a throttled second page is what makes the shared clock pass the failover.
    const faults = [{ fault: 'throttle' as const, operation: 'DescribeEvents', calls: '2-4' }];
    const resolveNames = async () => ['health.us-east-2.amazonaws.com'];
    const step = await runOnce({ health, faults }, { resolveNames });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', 'event-count': '250', source: 'health-api' });
    expect(step.log).toMatch('Switching from the AWS Health endpoint in us-east-1 to the active one in us-east-2');
    expect(step.log).toMatch('reading the list from the start');
  });

  it('gives the verdict unknown when DNS does not respond after a failover', async () => {
    const health = { failovers: [{ at: 0, region: 'us-east-2' }] };
    const step = await runOnce({ health }, { resolveNames: async () => Promise.reject(new Error('ENOTFOUND')) });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.recorded.failures[0]).toMatch('InvalidSignatureException');
  });

  it.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-east-1', 'us-gov-west-1'],
    ['aws-eusc', 'eusc-de-east-1', 'eusc-de-east-1'],
  ] as const)('of %s is used for a run in %s', async (partition, region, active) => {
    const harnessOptions = { partition, health: { active, events: [{ ...incident, region }] } };
    const step = await runOnce(harnessOptions, { inputs: { 'aws-region': region } });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', source: 'health-api' });
    expect(step.calls[0]).toMatchObject({ operation: 'DescribeEvents' });
  });
});

describe('lists of Regions and services', () => {
  it('are split into the chunks of the API, and each event counts once', async () => {
    const regions = Array.from({ length: 13 }, (_, index) => `eu-west-${index + 1}`);
    const services = ['RDS', ...Array.from({ length: 24 }, (_, index) => `SERVICE${index}`)];
    const events = [
      incident,
      { service: 'MULTIPLE_SERVICES', region: 'global' },
      { service: 'SQS', region: 'eu-west-1' },
    ];
    const inputs = { regions: regions.join(','), services: services.join('\n').toLowerCase() };
    const step = await runOnce({ health: { events } }, { inputs });
    expect(step.outputs['event-count']).toBe('2');
    // 14 Regions with `global` in two parts, 26 services with those of several in three.
    expect(step.operations.filter((name) => name === 'DescribeEvents')).toHaveLength(6);
  });

  it('produce a warning for unknown services', async () => {
    const { log } = await runOnce({}, { inputs: { services: 'DynamoBD, RDS' } });
    expect(log).toMatch("'DYNAMOBD' is not a known service code and may match no events: did you mean 'DYNAMODB'?");
  });
});

describe('the organisation view', () => {
  const events = [
    { ...own, accounts: ['111111111111', '222222222222'], entities: [{ value: 'shop-db', account: '222222222222' }] },
    { ...incident, service: 'SQS' },
  ];

  it('returns events of all accounts', async () => {
    const step = await runOnce({ health: { events } }, { inputs: { organization: 'true' } });
    expect(step.outputs['event-count']).toBe('2');
    expect(step.summary).toMatch('shop-db in 222222222222');
    expect(step.summary).toMatch('/home#/organization/event-log');
  });

  it('is limited by accounts, except for public events', async () => {
    const inputs = { organization: 'true', accounts: '333333333333' };
    const step = await runOnce({ health: { events } }, { inputs });
    expect(JSON.parse(step.outputs['events'] ?? '')).toMatchObject([{ service: 'SQS' }]);
  });

  it('matches entities per account', async () => {
    const inputs = { organization: 'true', accounts: '111111111111', entities: 'match', 'entity-values': 'blog-db' };
    // The entity belongs to the other account, so that for this one the extent is not known.
    expect((await runOnce({ health: { events } }, { inputs })).outputs['event-count']).toBe('2');
    const other = await runOnce({ health: { events } }, { inputs: { ...inputs, accounts: '222222222222' } });
    expect(other.outputs['event-count']).toBe('1');
  });

  it('accepts zone ids only', async () => {
    const inputs = { organization: 'true', 'availability-zones': 'eu-west-1a' };
    const step = await runOnce({}, { inputs });
    expect(step.recorded.failures[0]).toMatch(
      "'eu-west-1a' is a zone name, which refers to different zones in different accounts",
    );
  });
});

describe('entities: match', () => {
  const events = [{ ...own, entities: [{ value: 'arn:aws:rds:eu-west-1:123456789012:db:blog-db' }] }, incident];

  it('excludes events that affect other entities, except public events', async () => {
    const inputs = { entities: 'match', 'entity-values': 'shop-db' };
    const step = await runOnce({ health: { events } }, { inputs });
    expect(JSON.parse(step.outputs['events'] ?? '')).toMatchObject([{ scope: 'PUBLIC' }]);
    expect(step.summary).toMatch('Excluded events: 1 by affected entities');
  });

  it('counts events that affect an own entity', async () => {
    const inputs = { entities: 'match', 'entity-values': 'blog-db' };
    expect((await runOnce({ health: { events } }, { inputs })).outputs['event-count']).toBe('2');
  });

  it('gives the verdict unknown when IAM denies the entities', async () => {
    const inputs = { entities: 'match', 'entity-values': 'shop-db' };
    const step = await runOnce({ health: { events }, allowed: ['always'] }, { inputs });
    expect(step.outputs['verdict']).toBe('unknown');
  });
});

describe('services of a template', () => {
  const template = `
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres } }
  Check: { Type: Acme::Monitoring::Check }
`;
  const health = {
    events: [
      { service: 'SQS', region: 'eu-west-1' },
      { service: 'QUICKSIGHT', region: 'eu-west-1' },
    ],
  };

  it('are all services for unknown resource types', async () => {
    const harness = await Harness.open({ health });
    const path = await harness.write('template.yaml', template);
    const step = await harness.run({ inputs: { services: 'auto', template: path } });
    await harness.close();
    expect(step.outputs['event-count']).toBe('2');
    expect(step.log).toMatch('Unknown resource types: Acme::Monitoring::Check. Checking the events of all services.');
  });

  it('are required for unknown resource types with on-unknown-type: fail', async () => {
    const harness = await Harness.open({});
    const path = await harness.write('template.yaml', template);
    const step = await harness.run({ inputs: { services: 'auto', template: path, 'on-unknown-type': 'fail' } });
    await harness.close();
    expect(step.recorded.failures[0]).toMatch('unknown resource types: Acme::Monitoring::Check');
  });

  it('of a transit gateway are the codes of AWS', async () => {
    const harness = await Harness.open({ health: { events: [{ service: 'TRANSIT_GATEWAY', region: 'eu-west-1' }] } });
    const path = await harness.write('t.json', '{"Resources": {"R": {"Type": "AWS::EC2::TransitGateway"}}}');
    const step = await harness.run({ inputs: { services: 'auto', template: path } });
    await harness.close();
    expect(step.outputs['verdict']).toBe('blocked');
  });

  it('are derived, with a warning for unmapped resource types', async () => {
    const harness = await Harness.open({ health });
    const path = await harness.write('template.yaml', template);
    const step = await harness.run({ inputs: { services: 'auto', template: path, 'on-unknown-type': 'warn' } });
    await harness.close();
    expect(JSON.parse(step.outputs['events'] ?? '')).toMatchObject([{ service: 'SQS' }]);
    expect(step.log).toMatch('Services of this deployment: CLOUDFORMATION, RDS, SQS');
    expect(step.log).toMatch('Unknown resource types, whose events may be missed: Acme::Monitoring::Check');
    expect(step.summary).toMatch('Acme::Monitoring::Check');
  });

  it('are added to listed services', async () => {
    const harness = await Harness.open({ health });
    const path = await harness.write('template.yaml', template);
    const step = await harness.run({
      inputs: { services: 'auto, quicksight', template: path, 'on-unknown-type': 'warn' },
    });
    await harness.close();
    expect(step.outputs['event-count']).toBe('2');
  });

  it('require a readable template', async () => {
    const step = await runOnce({}, { inputs: { services: 'auto', template: 'nowhere.yaml' } });
    expect(step.recorded.failures[0]).toMatch("input 'template': cannot read 'nowhere.yaml'");
  });
});

describe('entries of ignore-file', () => {
  it('exclude events and show their reason in the summary', async () => {
    const harness = await Harness.open({ health: { events: [incident] } });
    const path = await harness.write(
      'ignore.yml',
      'ignore: [{ tags: [RDS], reason: read replica only, expires: 2026-12-01 }]',
    );
    const step = await harness.run({ inputs: { 'ignore-file': path } });
    await harness.close();
    expect(step.outputs['verdict']).toBe('passed');
    expect(step.summary).toMatch('read replica only');
    expect(step.summary).toMatch('1 by ignore file');
  });

  it.each([
    ['that matches no event', {}, '{ tags: [SQS], reason: old }', true],
    ['that matches an event', {}, '{ tags: [RDS], reason: old }', false],
    ['for a service that is not requested', { services: 'RDS' }, '{ tags: [SQS], reason: old }', false],
    ['for a service that is requested', { services: 'SQS' }, '{ tags: [SQS], reason: old }', true],
    ['for a Region that is not requested', {}, '{ tags: [us-east-1], reason: old }', false],
    ['without AWS Health', { 'aws-health': 'false', holidays: '2020-01-01' }, '{ tags: [SQS], reason: old }', false],
  ])('an entry %s', async (_label, inputs, entry, isReported) => {
    const harness = await Harness.open({ health: { events: [incident] } });
    const path = await harness.write('ignore.yml', `ignore: [${entry}]`);
    const allInputs = { ...inputs, 'ignore-file': path, 'on-event': 'warn', 'on-unused-exception': 'fail' };
    const step = await harness.run({ inputs: allInputs });
    await harness.close();
    const failure = expect.stringMatching('1 unused exception: entry 1 of .* matches nothing');
    expect(step.recorded.failures).toEqual(isReported ? [failure] : []);
  });

  it('fail the step before any call when one has expired', async () => {
    const harness = await Harness.open();
    const path = await harness.write('ignore.yml', 'ignore: [{ tags: [RDS], reason: old, expires: 2026-11-01 }]');
    const step = await harness.run({ inputs: { 'ignore-file': path } });
    await harness.close();
    expect(step.recorded.failures[0]).toMatch('has expired');
    expect(step.calls).toEqual([]);
  });
});

describe('the pull-request comment', () => {
  let github: FakeGitHub;
  beforeAll(async () => {
    github = await startGitHub();
  });
  afterAll(() => github.close());

  it('is created once and updated while waiting', async () => {
    const env = {
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'octocat/shop',
      GITHUB_REF: 'refs/pull/7/merge',
    };
    const inputs = { 'on-event': 'wait', comment: 'summary', 'github-token': 'ghs_secret' };
    const health = { events: [{ ...incident, ends: '20m', updates: [{ at: '10m', text: 'Recovering.' }] }] };
    await runOnce({ health }, { inputs, env });
    expect(github.comments.size).toBe(1);
    expect(github.comments.get(1)).toMatch('✅ AWS Health gate: passed');
    const writes = github.requests.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.stringify(body));
    expect(writes).toHaveLength(3);
    expect(writes[0]).toMatch('AWS Health gate: waiting');
    expect(writes[1]).toMatch('Recovering.');
    expect(github.requests.every(({ authorization }) => authorization === 'Bearer ghs_secret')).toBe(true);
    const clear = { comment: 'changes', 'github-token': 'ghs_secret' };
    await runOnce({}, { inputs: clear, env });
    expect(github.comments.size).toBe(0);
  });
});

describe('upcoming maintenance', () => {
  it('is waited for until it is over', async () => {
    const maintenance = { service: 'RDS', region: 'eu-west-1', category: 'scheduledChange' as const };
    const harness = await Harness.open({
      health: { events: [{ ...maintenance, scope: 'ACCOUNT_SPECIFIC' as const, starts: '5m', ends: '15m' }] },
    });
    const start = harness.clock.now();
    const inputs = { 'upcoming-within': '2h', 'on-event': 'wait', 'stable-for': '0s', timeout: '1h' };
    const step = await harness.run({ inputs });
    await harness.close();
    expect(step.outputs['verdict']).toBe('passed');
    expect(harness.clock.now() - start).toBeGreaterThanOrEqual(15 * 60_000);
  });
});

describe('change calendars of another Region', () => {
  it('are read in their Region', async () => {
    const harness = await Harness.open({});
    const calendar = 'arn:aws:ssm:eu-central-1:123456789012:document/freeze';
    const step = await harness.run({ inputs: { calendars: calendar } });
    await harness.close();
    const regions = step.calls
      .filter(({ operation }) => operation === 'GetCalendarState')
      .map(({ region, input }) => [region, Object(input).CalendarNames]);
    expect(regions).toEqual([['eu-central-1', [calendar]]]);
  });
});
