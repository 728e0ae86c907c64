import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type HealthInputs } from '../action.js';
import { type FakeGitHub, startGitHub } from './fake-github.js';
import { Harness, type HarnessOptions, type RunResult } from './harness.js';

type InputValues = Readonly<Record<string, string>>;

/** An input under test, and the conditions under which it has an effect. */
interface Case {
  readonly value: string;
  readonly others?: InputValues;
  readonly harnessOptions?: HarnessOptions;
  readonly env?: InputValues;
}

const incident = { service: 'RDS', region: 'eu-west-1' };
const blocked: HarnessOptions = { health: { events: [{ ...incident, age: '1h' }] } };
const own: HarnessOptions = {
  health: { events: [{ ...incident, scope: 'ACCOUNT_SPECIFIC', entities: [{ value: 'db' }] }] },
};
const noPlan: HarnessOptions = { health: { plan: 'none', events: [incident] } };
const transient: HarnessOptions = { health: { events: [{ ...incident, ends: '5m' }] } };
const upcoming: HarnessOptions = {
  health: { events: [{ ...incident, category: 'scheduledChange', starts: '1h' }] },
};

const cases = {
  regions: { value: 'us-east-1' },
  services: { value: 'SQS', harnessOptions: blocked },
  'availability-zones': {
    value: 'eu-west-1b',
    harnessOptions: { health: { events: [{ ...incident, zone: 'eu-west-1a' }] } },
  },
  categories: { value: 'accountNotification', harnessOptions: blocked },
  statuses: { value: 'closed', harnessOptions: blocked },
  'upcoming-within': { value: '2h', harnessOptions: upcoming },
  actionability: {
    value: 'ACTION_REQUIRED',
    harnessOptions: { health: { events: [{ ...incident, actionability: 'INFORMATIONAL' }] } },
  },
  personas: {
    value: 'SECURITY',
    harnessOptions: { health: { events: [{ ...incident, personas: ['BILLING'] }] } },
  },
  'event-type-codes': { value: 'AWS_RDS_OTHER', harnessOptions: blocked },
  'min-age': { value: '2h', harnessOptions: blocked },
  'max-age': { value: '30m', harnessOptions: blocked },
  'ignore-file': { value: 'FOLDER/ignore.yml', harnessOptions: blocked },
  template: { value: 'FOLDER/template.json', others: { services: 'auto' } },
  'on-unknown-type': { value: 'fail', others: { services: 'auto', template: 'FOLDER/unknown.json' } },
  'stack-name': { value: 'shop', others: { services: 'auto' } },
  entities: { value: 'match', others: { 'stack-name': 'shop' } },
  'entity-values': { value: 'other-db', others: { entities: 'match' }, harnessOptions: own },
  organization: { value: 'true', harnessOptions: blocked },
  accounts: { value: '222222222222', others: { organization: 'true' }, harnessOptions: own },
  calendars: { value: 'freeze', harnessOptions: { ssm: { calendars: { freeze: { state: 'CLOSED' } } } } },
  alarms: { value: 'errors', harnessOptions: { cloudwatch: { alarms: { errors: { state: 'ALARM' } } } } },
  'aws-health': { value: 'false', harnessOptions: blocked },
  'open-hours': { value: 'Mon-Fri 13:00-14:00' },
  'time-zone': { value: 'Europe/Berlin', others: { 'open-hours': 'Mon-Fri 12:00-13:00' } },
  holidays: { value: '2026-11-20' },
  'freeze-file': { value: 'FOLDER/freezes.yml' },
  runway: { value: '2h', others: { 'open-hours': 'Mon-Fri 12:00-13:00' } },
  probe: { value: 'FEED 204' },
  'probe-interval': { value: '1m', others: { probe: 'FEED 204', 'on-event': 'wait' } },
  'probe-failures': { value: '5', others: { probe: 'FEED 204', 'on-event': 'wait' } },
  'on-event': { value: 'warn', harnessOptions: blocked },
  'stable-for': { value: '10m', others: { 'on-event': 'wait' }, harnessOptions: transient },
  timeout: { value: '2m', others: { 'on-event': 'wait' }, harnessOptions: transient },
  'on-unused-exception': { value: 'fail', others: { 'ignore-file': 'FOLDER/ignore.yml' } },
  'on-unavailable': { value: 'warn', harnessOptions: { allowed: ['alarms'] } },
  'on-no-support-plan': { value: 'proceed', harnessOptions: noPlan },
  'override-reason': { value: 'INC-1', harnessOptions: blocked },
  comment: { value: 'summary', others: { 'github-token': 't' }, env: { GITHUB_REF: 'refs/pull/7/merge' } },
  'github-token': { value: 't', others: { comment: 'summary' }, env: { GITHUB_REF: 'refs/pull/7/merge' } },
  'report-name': { value: 'production' },
  matrix: { value: '{"stage": "test"}' },
  'evidence-file': { value: 'FOLDER/records/gate.json' },
  'aws-region': { value: 'us-west-2' },
  'http-proxy': { value: 'not a proxy' },
  'public-feed-url': { value: 'FEED', others: { 'on-no-support-plan': 'public-feed' }, harnessOptions: noPlan },
} satisfies Record<keyof HealthInputs, Case>;

/** Outputs, failures, calls, heading and comments of a step. */
const observe = (step: RunResult, github: FakeGitHub) => ({
  outputs: step.outputs,
  failures: step.recorded.failures,
  calls: step.calls.map(({ operation, input }) => [operation, input]),
  heading: step.summary.split('\n')[0],
  comments: github.requests.length,
});

describe('the input', () => {
  let github: FakeGitHub;
  const feed = createServer((_request, response) => response.end('[]'));
  beforeAll(async () => {
    github = await startGitHub();
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await github.close();
    await new Promise((resolve) => feed.close(resolve));
  });

  const runWith = async ({ others = {}, harnessOptions = {}, env = {} }: Case, inputs: InputValues) => {
    const harness = await Harness.open(harnessOptions);
    await harness.write('ignore.yml', 'ignore: [{ tags: [RDS], reason: known }]');
    await harness.write('freezes.yml', 'freezes: [{ name: Sale, from: 2026-11-20, to: 2026-11-27 }]');
    await harness.write('template.json', '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}');
    await harness.write('unknown.json', '{"Resources": {"C": {"Type": "Acme::Monitoring::Check"}}}');
    const { port } = feed.address() as AddressInfo;
    const resolvedInputs = Object.entries({ ...others, ...inputs }).map(([name, value]) => [
      name,
      value.replace('FOLDER', harness.directory).replace('FEED', `http://127.0.0.1:${port}/`),
    ]);
    const api = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'octocat/shop' };
    const before = github.requests.length;
    const step = await harness.run({ inputs: Object.fromEntries(resolvedInputs), env: { ...api, ...env } });
    await harness.close();
    const observed = observe(step, github);
    return JSON.stringify({ ...observed, comments: observed.comments - before }).replaceAll(
      harness.directory,
      'FOLDER',
    );
  };

  it.each(Object.entries<Case>(cases))('%s changes a call, an output or an error', async (name, testCase) => {
    expect(await runWith(testCase, { [name]: testCase.value })).not.toBe(await runWith(testCase, {}));
  });
});

it('the public feed is requested through http-proxy', async () => {
  const tunnels = new Set<string | undefined>();
  const proxy = createServer().on('connect', ({ url }, socket) => {
    tunnels.add(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const harness = await Harness.open(noPlan);
  const inputs = { 'public-feed-url': 'https://feed.example/', 'on-no-support-plan': 'public-feed' };
  const { outputs } = await harness.run({
    inputs: { ...inputs, 'http-proxy': `http://127.0.0.1:${port}` },
    env: { NO_PROXY: '127.0.0.1' },
  });
  await harness.close();
  await new Promise((resolve) => proxy.close(resolve));
  expect(outputs['verdict']).toBe('unknown');
  expect([...tunnels]).toEqual(['feed.example:443']);
});

it('the evidence is written to evidence-file', async () => {
  const harness = await Harness.open();
  const path = join(harness.directory, 'records', 'gate.json');
  const step = await harness.run({ inputs: { 'evidence-file': path } });
  expect(step.outputs['evidence-file']).toBe(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1, verdict: 'passed' });
  await harness.close();
});

it('a blocked step sets every declared output', async () => {
  const harness = await Harness.open(blocked);
  const { outputs } = await harness.run();
  await harness.close();
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
});
