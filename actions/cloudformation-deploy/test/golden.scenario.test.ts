import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import {
  compareGolden,
  formatCalls,
  formatJson,
  formatPost,
  formatRun,
  type Replacement,
} from '@aws-delivery/action-kit/testing/golden';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it, jest } from '@jest/globals';
import { type RunOptions, type RunResult, renderThings, scenario, TestHarness } from './harness.js';
import { cloudformation, renderTemplate } from './reference-scenario.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));

/** Deterministic polls and tokens, so that every run has the same times. */
const STEADY: RunOptions = { random: () => 0.5 };

let harness: TestHarness;
beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());
afterEach(() => harness.close());

const replacements = (): readonly Replacement[] => [[harness.workspace, '<workspace>']];

/** Compares the results of a run, and of its post step if it has one, with the golden files. */
const pin = (name: string, run: RunResult, post?: Omit<RunResult, 'savedStates'>): void => {
  const calls = (of: Omit<RunResult, 'savedStates'>) => formatCalls(of.calls, { replacements: replacements() });
  const after = post === undefined ? {} : { ...formatPost(post.host), 'post.calls.jsonl': calls(post) };
  const files = {
    ...formatRun(run.host),
    'saved.json': run.savedStates.length === 0 ? '' : formatJson(run.savedStates),
    'calls.jsonl': calls(run),
    ...after,
  };
  compareGolden({ directory, scenario: name, files, replacements: replacements() });
};

const template = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));

const deploy = (inputs: Readonly<Record<string, string>>, options: RunOptions = {}): Promise<RunResult> =>
  harness.deploy(inputs, { ...STEADY, ...options });

/** Cancels a run a second after its first call of an operation, and runs its post step. */
const cancel = async (inputs: Readonly<Record<string, string>>, operation = 'ExecuteChangeSet') => {
  const controller = new AbortController();
  const before = harness.aws.calls().length;
  const running = deploy(inputs, { signal: controller.signal });
  const isStarted = () =>
    harness.aws
      .calls()
      .slice(before)
      .some((call) => call.operation === operation);
  while (!isStarted()) await new Promise((resolve) => setImmediate(resolve));
  await harness.wait(1);
  controller.abort('the job was cancelled');
  const run = await running;
  return { run, post: await harness.post(run.host.recorded.state) };
};

describe('a stack', () => {
  beforeEach(async () => {
    harness = await TestHarness.open();
  });

  it('is created', async () => {
    pin('create', await deploy({ template: template({ A: 'good', B: { Mode: 'good', After: 'A' } }) }));
  });

  it('is preserved after a failure, then retried', async () => {
    const inputs = { template: template({ A: 'good', B: 'flaky' }), 'on-failure': 'preserve' };
    pin('preserved', await deploy(inputs));
    pin('retry-failed', await deploy({ mode: 'retry', 'on-failure': 'preserve' }));
    pin('retry', await deploy({ mode: 'retry', 'on-failure': 'preserve' }));
  });

  it('is rolled back after a failure', async () => {
    await deploy({ template: template({ A: 'good' }) });
    pin('rolled-back', await deploy({ template: template({ A: 'good', B: 'bad' }) }));
  });

  it('is recovered from a failed rollback', async () => {
    await deploy({ template: template({ A: 'stuck', C: 'good' }) });
    pin('stuck', await deploy({ template: template({ A: 'other', C: 'bad' }) }));
    pin('continued', await deploy({ mode: 'rollback', 'resources-to-skip': 'A' }));
  });

  it('is unchanged without a change', async () => {
    await deploy({ template: template({ A: 'good' }) });
    pin('unchanged', await deploy({ template: template({ A: 'good' }) }));
  });

  it('is deleted despite a resource that fails to delete', async () => {
    await deploy({ template: template({ A: 'sticky', B: 'good' }) });
    pin('delete-failed', await deploy({ mode: 'delete' }));
    pin('delete', await deploy({ mode: 'delete', 'retain-resources': 'A' }));
  });

  it('is updated after its running operation', async () => {
    await deploy({ template: template({ A: 'good' }) });
    pin('started', await deploy({ template: template({ A: 'better' }), wait: 'false' }));
    pin('waited', await deploy({ template: template({ A: 'best' }), tags: 'team=shop' }));
  });

  it('has a cancelled update cancelled by the post step', async () => {
    await deploy({ template: template({ A: 'good' }) });
    const { run, post } = await cancel({ template: template({ A: 'better' }), 'on-cancel': 'cancel-update' });
    pin('cancelled-update', run, post);
  });

  it('is deleted by the post step of a cancelled creation', async () => {
    const { run, post } = await cancel({ template: template({ A: 'good' }), 'on-cancel': 'rollback' });
    pin('cancelled-create', run, post);
  });

  it('has the change set of a cancelled preview deleted', async () => {
    const inputs = { template: template({ A: 'good' }), mode: 'preview' };
    const { run, post } = await cancel(inputs, 'CreateChangeSet');
    pin('cancelled-preview', run, post);
  });

  it('is left unchanged at the timeout', async () => {
    pin('timeout', await deploy({ template: template({ A: 'good' }), timeout: '3' }));
  });

  it('is not changed with an invalid input', async () => {
    pin('wrong-input', await deploy({ template: template({ A: 'good' }), parameters: 'Unknown=1' }));
  });
});

describe('a change', () => {
  const rows = (key: string): string =>
    harness.write(
      'rows.json',
      JSON.stringify({
        Resources: {
          Table: { Type: 'AWS::DynamoDB::Table', Properties: { Key: key } },
          Thing: { Type: 'Test::Thing', Properties: { Maybe: key, Mode: 'good' } },
          [`Only${key}`]: { Type: 'Test::Thing', Properties: { Mode: 'good' } },
        },
      }),
    );
  beforeEach(async () => {
    harness = await TestHarness.open({
      ...scenario,
      cloudformation: {
        ...scenario.cloudformation,
        types: {
          'Test::Thing': { replace: ['Key'], conditional: ['Maybe'] },
          'AWS::DynamoDB::Table': { replace: ['Key'] },
        },
        drift: [
          { stack: 'shop', resource: 'Thing', differences: [{ path: '/Mode', expected: 'good', actual: 'odd' }] },
        ],
        hooks: [
          {
            type: 'Corp::Guard::Names',
            on: { property: { path: 'Mode', equals: 'hooked' } },
            reason: 'names must be nice',
          },
        ],
      },
    });
  });

  it('is previewed with its values, and kept for a later execution', async () => {
    await deploy({ template: rows('one') });
    pin('preview', await deploy({ template: rows('two'), mode: 'preview' }));
    pin('preview-values', await deploy({ template: rows('two'), mode: 'preview', 'show-values': 'true' }));
    const prepared = await deploy({ template: rows('two'), mode: 'create-only' });
    pin('create-only', prepared);
    pin('execute', await deploy({ 'execute-change-set-id': prepared.outputs['change-set-id'] ?? '' }));
  });

  it('is rejected by protect', async () => {
    await deploy({ template: rows('one') });
    pin('guarded', await deploy({ template: rows('two'), protect: 'stateful' }));
  });

  it('is rejected by a hook', async () => {
    pin('hook', await deploy({ template: template({ A: 'hooked' }) }));
  });

  it('is shown in a comment on the pull request', async () => {
    const requests: object[] = [];
    const github = createServer(async (request, response) => {
      const { method, url } = request;
      const body = method === 'GET' ? undefined : await json(request);
      requests.push({ method, url, body });
      const comment = { id: 1, html_url: 'https://github.example/1', user: { type: 'Bot' } };
      response.writeHead(method === 'GET' ? 200 : 201, { 'content-type': 'application/json' });
      response.end(JSON.stringify(method === 'GET' ? [] : comment));
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    const address = github.address();
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REF: 'refs/pull/7/merge',
    };
    await deploy({ template: rows('one') });
    const inputs = { template: rows('two'), mode: 'preview', comment: 'summary', 'github-token': 'ghs_some_token' };
    pin('comment', await deploy(inputs, { env }));
    compareGolden({ directory, scenario: 'comment-github', files: { 'requests.json': formatJson(requests) } });
    await new Promise((resolve) => github.close(resolve));
  });

  it('outside CloudFormation is reported as drift', async () => {
    await deploy({ template: rows('one') });
    pin('drift', await deploy({ mode: 'drift', 'fail-on-drift': 'true', 'show-values': 'true' }));
    harness.write(
      'drift.yml',
      `ignore:
        - { types: Test::Thing, properties: Mode, reason: set by the operator, expires: 2099-12-31 }
        - { resources: Gone, reason: removed in spring }`,
    );
    const inputs = { mode: 'drift', 'fail-on-drift': 'true', 'ignore-file': 'drift.yml' };
    pin('drift-ignored', await deploy(inputs));
  });
});

describe('a template', () => {
  it('with nested stacks is packaged, and a failure is traced to its nested resource', async () => {
    harness = await TestHarness.open();
    const createNestedStack = (path: string) => ({
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: path },
    });
    harness.write('inner.json', renderThings({ Leaf: 'bad' }));
    harness.write('middle.json', JSON.stringify({ Resources: { Inner: createNestedStack('inner.json') } }));
    const top = { Resources: { Middle: createNestedStack('middle.json') } };
    pin('nested', await deploy({ template: harness.write('top.json', JSON.stringify(top)), 'on-failure': 'preserve' }));
  });

  it('with secrets has them masked, and sets settings, policy and tags', async () => {
    harness = await TestHarness.open();
    const text = {
      Parameters: { Mode: { Type: 'String' }, Secret: { Type: 'String', NoEcho: true } },
      Resources: { A: { Type: 'Test::Thing', Properties: { Mode: { Ref: 'Mode' }, Secret: { Ref: 'Secret' } } } },
      Outputs: { Password: { Value: { Ref: 'Secret' } }, Mode: { Value: { Ref: 'Mode' }, Export: { Name: 'mode' } } },
    };
    harness.write(
      'policy.json',
      '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}',
    );
    const inputs = {
      template: harness.write('settings.json', JSON.stringify(text)),
      parameters: 'Mode=good\nSecret=hunter-22-hunter',
      tags: 'team=shop\nstage=dev',
      capabilities: 'CAPABILITY_IAM',
      'stack-policy': 'policy.json',
      'termination-protection': 'true',
      'mask-outputs': 'Password',
    };
    pin('settings', await deploy(inputs));
  });

  it('of the reference scenario gives the line and the parameter of a root cause', async () => {
    harness = await TestHarness.open({ ...scenario, cloudformation });
    const path = harness.write('story.yaml', renderTemplate({ isCorrected: false }));
    const inputs = { template: path, 'on-failure': 'preserve', parameters: 'ShardCountParameter=0' };
    pin('root-cause', await deploy(inputs));
  });
});
