import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  compareGolden,
  formatCalls,
  formatJson,
  formatRun,
  type Replacement,
} from '@aws-delivery/action-kit/testing/golden';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startGitHub } from './fake-github.js';
import { Harness, type HarnessOptions, type RunOptions, type RunResult } from './harness.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));

// Poll delays have random jitter.
beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());

const readRecord = async ({ outputs }: RunResult): Promise<string> => {
  const path = outputs['evidence-file'];
  return path === undefined ? '' : readFile(path, 'utf8');
};

/** Runs one step and compares outputs, log, summary, evidence and calls with the golden files. */
const compareRun = async (scenario: string, options: HarnessOptions, step: RunOptions = {}): Promise<RunResult> => {
  const harness = await Harness.open(options);
  try {
    const done = await harness.run(step);
    const files = {
      ...formatRun(done),
      'evidence.json': await readRecord(done),
      'calls.jsonl': formatCalls(done.calls, { sort: true }),
    };
    const replacements: readonly Replacement[] = [[harness.directory, '<temp>']];
    compareGolden({ directory, scenario, files, replacements });
    return done;
  } finally {
    await harness.close();
  }
};

const incident = {
  service: 'RDS',
  region: 'eu-west-1',
  scope: 'ACCOUNT_SPECIFIC' as const,
  age: '50m',
  zone: 'eu-west-1a',
  text: 'Connections fail.',
  updates: [{ at: 0, text: 'We found the <b>cause</b> | and work on it.' }],
  entities: [{ value: 'shop-db' }],
};
const publicIncident = { service: 'RDS', region: 'eu-west-1', age: '20m' };

it('passes without an event', async () => {
  expect((await compareRun('passed', {})).outputs['verdict']).toBe('passed');
});

it('is blocked by an event, a calendar and alarms, and comments on the pull request', async () => {
  const github = await startGitHub();
  const step = await compareRun(
    'blocked',
    {
      health: {
        events: [incident, { ...publicIncident, actionability: 'ACTION_REQUIRED', personas: ['OPERATIONS'] }],
      },
      ssm: { calendars: { freeze: { state: 'CLOSED', changes: [{ at: '30m', state: 'OPEN' }] } } },
      cloudwatch: {
        alarms: {
          errors: { state: 'ALARM', reason: 'Errors > 5' },
          everything: { kind: 'composite', changes: [{ at: 0, state: 'ALARM' }] },
        },
      },
    },
    {
      inputs: {
        calendars: 'freeze',
        alarms: 'errors, everything',
        comment: 'summary',
        'github-token': 'ghs_secret_token',
      },
      env: {
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: 'https://github.test',
        GITHUB_REPOSITORY: 'octocat/shop',
        GITHUB_REF: 'refs/pull/7/merge',
        GITHUB_RUN_ID: '100',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
        GITHUB_JOB: 'deploy',
        GITHUB_WORKFLOW: 'delivery',
      },
    },
  );
  await github.close();
  expect(step.outputs['verdict']).toBe('blocked');
  compareGolden({
    directory,
    scenario: 'blocked-github',
    files: { 'comment.md': [...github.comments.values()].join('\n'), 'requests.json': formatJson(github.requests) },
  });
});

it('waits for the end of an event and goes on', async () => {
  const events = [{ ...publicIncident, ends: '40m', updates: [{ at: '20m', text: 'Recovering.' }] }];
  const step = await compareRun('waited', { health: { events } }, { inputs: { 'on-event': 'wait', timeout: '3h' } });
  expect(step.outputs['verdict']).toBe('passed');
});

it('fails at the timeout of a wait', async () => {
  const inputs = { 'on-event': 'wait', timeout: '10m' };
  const step = await compareRun('timeout', { health: { events: [publicIncident] } }, { inputs });
  expect(step.outputs['verdict']).toBe('blocked');
});

it('is overridden with a reason', async () => {
  const inputs = { 'override-reason': 'INC-42 needs this fix' };
  const step = await compareRun('overridden', { health: { events: [incident] } }, { inputs });
  expect(step.outputs['verdict']).toBe('overridden');
});

it('is unknown without a support plan', async () => {
  const step = await compareRun('unavailable', { health: { plan: 'none' } });
  expect(step.outputs['verdict']).toBe('unknown');
});

it('uses the public feed in place of AWS Health', async () => {
  const inputs = { 'on-no-support-plan': 'public-feed' };
  const step = await compareRun('public-feed', { health: { plan: 'none', events: [publicIncident] } }, { inputs });
  expect(step.outputs['source']).toBe('public-feed');
});

it('ignores the events of ignore-file and shows them', async () => {
  const harness = await Harness.open({ health: { events: [publicIncident] } });
  const path = await harness.write(
    'ignore.yml',
    'ignore:\n  - ids: [AWS_RDS_OPERATIONAL_ISSUE]\n    reason: not our databases\n    expires: 2026-12-31\n',
  );
  const done = await harness.run({ inputs: { 'ignore-file': path } });
  const files = { ...formatRun(done), 'evidence.json': await readRecord(done) };
  compareGolden({ directory, scenario: 'ignored', files, replacements: [[harness.directory, '<temp>']] });
  await harness.close();
  expect(done.outputs['verdict']).toBe('passed');
});

it('evaluates every criterion in an organisation', async () => {
  const health = {
    events: [
      { ...incident, accounts: ['111111111111'], entities: [{ value: 'shop-db', account: '111111111111' }] },
      { ...incident, category: 'scheduledChange' as const, starts: '1h', accounts: ['111111111111'] },
      { ...publicIncident, service: 'SQS' },
      { ...publicIncident, type: 'AWS_RDS_OTHER' },
    ],
  };
  const inputs = {
    organization: 'true',
    accounts: '111111111111',
    regions: 'eu-west-1, us-east-1',
    services: 'RDS, DynamoDB',
    categories: 'issue, scheduledChange',
    statuses: 'open, upcoming',
    'upcoming-within': '2h',
    actionability: 'ACTION_REQUIRED',
    personas: 'OPERATIONS',
    'event-type-codes': 'AWS_RDS_OPERATIONAL_*',
    'min-age': '10s',
    'max-age': '5d',
    entities: 'match',
    'entity-values': 'shop-db',
  };
  await compareRun('organization', { health }, { inputs });
});

it('derives services from the templates', async () => {
  const template = 'Resources:\n  Queue: { Type: AWS::SQS::Queue }\n  Odd: { Type: Corp::Odd::Thing }\n';
  const harness = await Harness.open({
    health: { events: [{ ...publicIncident, service: 'SQS' }, publicIncident] },
  });
  const path = await harness.write('stack.yaml', template);
  const done = await harness.run({ inputs: { services: 'auto, quicksight', template: path } });
  const files = { ...formatRun(done), 'evidence.json': await readRecord(done), 'calls.jsonl': formatCalls(done.calls) };
  compareGolden({ directory, scenario: 'template', files, replacements: [[harness.directory, '<temp>']] });
  await harness.close();
  expect(done.outputs['verdict']).toBe('blocked');
});
