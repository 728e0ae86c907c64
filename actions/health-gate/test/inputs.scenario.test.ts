import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type HealthInputs } from '../action.js';
import { type FakeGitHub, startGitHub } from './fake-github.js';
import { Harness, type HarnessOptions, type RunResult } from './harness.js';

type InputValues = Readonly<Record<string, string>>;

/** Inputs with and without the one under test, and the world in which that makes a difference. */
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
  'stack-name': { value: 'shop', others: { services: 'auto' } },
  entities: { value: 'match', others: { 'stack-name': 'shop' } },
  'entity-values': { value: 'other-db', others: { entities: 'match' }, harnessOptions: own },
  organization: { value: 'true', harnessOptions: blocked },
  accounts: { value: '222222222222', others: { organization: 'true' }, harnessOptions: own },
  calendars: { value: 'freeze', harnessOptions: { ssm: { calendars: { freeze: { state: 'CLOSED' } } } } },
  alarms: { value: 'errors', harnessOptions: { cloudwatch: { alarms: { errors: { state: 'ALARM' } } } } },
  'on-event': { value: 'warn', harnessOptions: blocked },
  'stable-for': { value: '10m', others: { 'on-event': 'wait' }, harnessOptions: transient },
  timeout: { value: '2m', others: { 'on-event': 'wait' }, harnessOptions: transient },
  'on-unavailable': { value: 'warn', harnessOptions: { allowed: ['alarms'] } },
  'on-no-support-plan': { value: 'proceed', harnessOptions: noPlan },
  'override-reason': { value: 'INC-1', harnessOptions: blocked },
  comment: { value: 'summary', others: { 'github-token': 't' }, env: { GITHUB_REF: 'refs/pull/7/merge' } },
  'github-token': { value: 't', others: { comment: 'summary' }, env: { GITHUB_REF: 'refs/pull/7/merge' } },
  'evidence-file': { value: 'FOLDER/records/gate.json' },
  'aws-region': { value: 'us-west-2' },
  'http-proxy': { value: 'not a proxy' },
  'public-feed-url': { value: 'FEED', others: { 'on-no-support-plan': 'public-feed' }, harnessOptions: noPlan },
} satisfies Record<keyof HealthInputs, Case>;

/** Everything that can be observed of a step. */
const observe = (step: RunResult, github: FakeGitHub) => ({
  outputs: step.outputs,
  failures: step.recorded.failures,
  calls: step.calls.map(({ operation, input }) => [operation, input]),
  comments: github.requests.length,
});

describe('every input makes a difference:', () => {
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
    await harness.write('template.json', '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}');
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

  it.each(Object.entries<Case>(cases))('%s', async (name, testCase) => {
    expect(await runWith(testCase, { [name]: testCase.value })).not.toBe(await runWith(testCase, {}));
  });
});

it('every declared output is set by a step that is held', async () => {
  const harness = await Harness.open(blocked);
  const { outputs } = await harness.run();
  await harness.close();
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
});
