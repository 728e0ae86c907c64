import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

interface Comment {
  readonly id: number;
  body: string;
  readonly html_url: string;
  readonly author_association: string;
  readonly user: { readonly type: string };
}

/** A fake of GitHub's API for comments. */
const comments: Comment[] = [];
const github = createServer(async (request, response) => {
  const { method, url = '' } = request;
  const respond = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (method === 'GET') return respond(200, url.includes('page=1') || !url.includes('page=') ? comments : []);
  const requestBody = method === 'DELETE' ? undefined : await json(request);
  const body = isRecord(requestBody) ? String(requestBody['body']) : '';
  if (method === 'POST') {
    const id = comments.length + 1;
    const comment = {
      id,
      body,
      html_url: `https://github.example/${id}`,
      author_association: 'NONE',
      user: { type: 'Bot' },
    };
    comments.push(comment);
    return respond(201, comment);
  }
  const comment = comments.find(({ id }) => url.endsWith(`/${id}`));
  if (comment === undefined) return respond(404, {});
  if (method === 'DELETE') {
    comments.splice(comments.indexOf(comment), 1);
    return response.writeHead(204).end();
  }
  comment.body = body;
  return respond(200, comment);
});
await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
const address = github.address();
const port = typeof address === 'object' ? address?.port : undefined;

const harness = await TestHarness.open();
afterAll(async () => {
  github.closeAllConnections();
  await new Promise((resolve) => github.close(resolve));
  await harness.close();
});
beforeEach(() => {
  harness.aws.reset();
  comments.length = 0;
});

const env = {
  GITHUB_API_URL: `http://127.0.0.1:${port}`,
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REF: 'refs/pull/7/merge',
};
const commentInputs = { mode: 'preview', comment: 'summary', 'github-token': 'ghs_some_token' };

it('a preview updates its comment', async () => {
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...commentInputs }, { env });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('🟢 Add | `A` | Test::Thing');
  expect(comments[0]?.body).toContain('https://github.example/octocat/shop/actions/runs/');
  const second = await harness.deploy(
    { template: harness.writeTemplate({ A: 'good', B: 'good' }), ...commentInputs },
    { env },
  );
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('`B`');
  expect(second.log).toContain('comment updated');
});

it('each stack has a comment of its own', async () => {
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...commentInputs }, { env });
  await harness.deploy({ name: 'other', template: harness.writeTemplate({ A: 'good' }), ...commentInputs }, { env });
  expect(comments).toHaveLength(2);
});

it.each([
  ['a preview without changes', { template: harness.writeTemplate({ A: 'good' }), mode: 'preview' }],
  ['a deployment without changes', { template: harness.writeTemplate({ A: 'good' }), mode: 'deploy' }],
  ['a stack without drift', { mode: 'drift' }],
])('comment: changes removes the comment after %s', async (_, inputs) => {
  const changes = { ...commentInputs, comment: 'changes' };
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...changes, mode: 'deploy' }, { env });
  expect(comments).toHaveLength(1);
  const run = await harness.deploy({ ...changes, ...inputs }, { env });
  expect(run.failure).toBeUndefined();
  expect(comments).toEqual([]);
});

it('comment: changes keeps a comment on a failure', async () => {
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
  const inputs = { ...commentInputs, comment: 'changes', 'fail-on-empty': 'true' };
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...inputs }, { env });
  expect(comments).toHaveLength(1);
});

it('the comment of an earlier version is taken over, whose key had no account', async () => {
  const html_url = 'https://github.example/1';
  const body = '<!-- aws-delivery-actions: cloudformation-deploy shop eu-central-1 -->\nold';
  comments.push({ id: 1, body, html_url, author_association: 'NONE', user: { type: 'Bot' } });
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...commentInputs }, { env });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(
    /^<!-- aws-delivery-actions: cloudformation-deploy shop 123456789012 eu-central-1 /u,
  );
});

it('the legs of a matrix have comments of their own', async () => {
  const inputs = { template: harness.writeTemplate({ A: 'good' }), ...commentInputs };
  for (const stage of ['test', 'prod', 'test']) {
    await harness.deploy({ ...inputs, matrix: JSON.stringify({ stage }) }, { env });
  }
  expect(comments.map((comment) => comment.body.split('\n')[1])).toEqual([
    expect.stringContaining('(test)'),
    expect.stringContaining('(prod)'),
  ]);
  await harness.deploy({ ...inputs, matrix: '{"stage": "prod"}', 'report-name': 'shop in test' }, { env });
  expect(comments).toHaveLength(3);
});

it('several stacks have one comment together', async () => {
  const template = harness.writeTemplate({ A: 'good' });
  const consumer = harness.write(
    'consumer.json',
    JSON.stringify({
      Parameters: { Source: { Type: 'String' } },
      Resources: { B: { Type: 'Test::Thing', Properties: { Mode: { Ref: 'Source' } } } },
    }),
  );
  const stacks = JSON.stringify([
    { name: 'network', template },
    { name: 'app', template: consumer, parameters: 'Source=stack-output://network/AName' },
  ]);
  await harness.deploy({ name: '', stacks, ...commentInputs }, { env });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('🟢 Add | `A` | Test::Thing');
  expect(comments[0]?.body).toContain('parameter Source depends on output AName of stack network');
  await harness.deploy({ name: '', stacks }, { env });
  await harness.deploy({ name: '', stacks, ...commentInputs }, { env });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('2 stacks preview: 2 unchanged');
});

it('values are shown only with show-values, and secrets never', async () => {
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
  await harness.deploy({ template: harness.writeTemplate({ A: 'new-value' }), ...commentInputs }, { env });
  expect(comments[0]?.body).not.toContain('new-value');
  const shown = { ...commentInputs, 'show-values': 'true', 'github-token': 'new-value' };
  await harness.deploy({ template: harness.writeTemplate({ A: 'new-value' }), ...shown }, { env });
  expect(comments[0]?.body).toContain('`good`');
  expect(comments[0]?.body).not.toContain('new-value');
  expect(comments[0]?.body).toContain('***');
});

it('a comment that cannot be written does not change the result', async () => {
  const away = { ...env, GITHUB_API_URL: 'http://127.0.0.1:9' };
  const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...commentInputs }, { env: away });
  expect(run.failure).toBeUndefined();
  expect(run.log).toContain('cannot write the pull request comment');
});
