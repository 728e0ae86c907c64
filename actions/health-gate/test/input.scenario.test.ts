import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type HealthInputs } from '../action.js';
import { type FakeGitHub, startGitHub } from './helpers/github.js';
import { Stage, type StageOptions, type Step } from './helpers/stage.js';

type Given = Readonly<Record<string, string>>;

/** Inputs with and without the one under test, and the world in which that makes a difference. */
interface Case {
  readonly value: string;
  readonly others?: Given;
  readonly world?: StageOptions;
  readonly variables?: Given;
}

const incident = { service: 'RDS', region: 'eu-west-1' };
const held: StageOptions = { health: { events: [{ ...incident, age: '1h' }] } };
const own: StageOptions = {
  health: { events: [{ ...incident, scope: 'ACCOUNT_SPECIFIC', entities: [{ value: 'db' }] }] },
};
const noPlan: StageOptions = { health: { plan: 'none', events: [incident] } };
const passing: StageOptions = { health: { events: [{ ...incident, ends: '5m' }] } };
const upcoming: StageOptions = {
  health: { events: [{ ...incident, category: 'scheduledChange', starts: '1h' }] },
};

const cases = {
  regions: { value: 'us-east-1' },
  services: { value: 'SQS', world: held },
  'availability-zones': { value: 'eu-west-1b', world: { health: { events: [{ ...incident, zone: 'eu-west-1a' }] } } },
  categories: { value: 'accountNotification', world: held },
  statuses: { value: 'closed', world: held },
  'upcoming-within': { value: '2h', world: upcoming },
  actionability: {
    value: 'ACTION_REQUIRED',
    world: { health: { events: [{ ...incident, actionability: 'INFORMATIONAL' }] } },
  },
  personas: { value: 'SECURITY', world: { health: { events: [{ ...incident, personas: ['BILLING'] }] } } },
  'event-type-codes': { value: 'AWS_RDS_OTHER', world: held },
  'min-age': { value: '2h', world: held },
  'max-age': { value: '30m', world: held },
  'ignore-file': { value: 'FOLDER/ignore.yml', world: held },
  template: { value: 'FOLDER/template.json', others: { services: 'auto' } },
  'stack-name': { value: 'shop', others: { services: 'auto' } },
  entities: { value: 'match', others: { 'stack-name': 'shop' } },
  'entity-values': { value: 'other-db', others: { entities: 'match' }, world: own },
  organization: { value: 'true', world: held },
  accounts: { value: '222222222222', others: { organization: 'true' }, world: own },
  calendars: { value: 'freeze', world: { ssm: { calendars: { freeze: { state: 'CLOSED' } } } } },
  alarms: { value: 'errors', world: { cloudwatch: { alarms: { errors: { state: 'ALARM' } } } } },
  'on-event': { value: 'warn', world: held },
  'stable-for': { value: '10m', others: { 'on-event': 'wait' }, world: passing },
  timeout: { value: '2m', others: { 'on-event': 'wait' }, world: passing },
  'on-unavailable': { value: 'warn', world: { allowed: ['alarms'] } },
  'on-no-support-plan': { value: 'proceed', world: noPlan },
  'override-reason': { value: 'INC-1', world: held },
  comment: { value: 'summary', others: { 'github-token': 't' }, variables: { GITHUB_REF: 'refs/pull/7/merge' } },
  'github-token': { value: 't', others: { comment: 'summary' }, variables: { GITHUB_REF: 'refs/pull/7/merge' } },
  'evidence-file': { value: 'FOLDER/records/gate.json' },
  'aws-region': { value: 'us-west-2' },
  'http-proxy': { value: 'not a proxy' },
  'public-feed-url': { value: 'FEED', others: { 'on-no-support-plan': 'public-feed' }, world: noPlan },
} satisfies Record<keyof HealthInputs, Case>;

/** Everything that can be observed of a step. */
const observe = (step: Step, github: FakeGitHub) => ({
  outputs: step.outputs,
  failures: step.memory.failures,
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

  const runWith = async ({ others = {}, world = {}, variables = {} }: Case, given: Given) => {
    const stage = await Stage.open(world);
    await stage.write('ignore.yml', 'ignore: [{ tags: [RDS], reason: known }]');
    await stage.write('template.json', '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}');
    const { port } = feed.address() as AddressInfo;
    const filled = Object.entries({ ...others, ...given }).map(([name, text]) => [
      name,
      text.replace('FOLDER', stage.folder).replace('FEED', `http://127.0.0.1:${port}/`),
    ]);
    const api = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'octocat/shop' };
    const before = github.requests.length;
    const step = await stage.run({ inputs: Object.fromEntries(filled), variables: { ...api, ...variables } });
    await stage.close();
    const seen = observe(step, github);
    return JSON.stringify({ ...seen, comments: seen.comments - before }).replaceAll(stage.folder, 'FOLDER');
  };

  it.each(Object.entries<Case>(cases))('%s', async (name, each) => {
    expect(await runWith(each, { [name]: each.value })).not.toBe(await runWith(each, {}));
  });
});

it('every declared output is set by a step that is held', async () => {
  const stage = await Stage.open(held);
  const { outputs } = await stage.run();
  await stage.close();
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
});
