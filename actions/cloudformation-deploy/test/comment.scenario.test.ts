import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { Stage, things } from './stage.js';

interface Comment {
  readonly id: number;
  body: string;
  readonly html_url: string;
  readonly author_association: string;
  readonly user: { readonly type: string };
}

/** GitHub, as far as comments go. */
const comments: Comment[] = [];
const github = createServer(async (request, response) => {
  const { method, url = '' } = request;
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (method === 'GET') return answer(200, url.includes('page=1') || !url.includes('page=') ? comments : []);
  const given = await json(request);
  const body = isMapping(given) ? String(given['body']) : '';
  if (method === 'POST') {
    const id = comments.length + 1;
    const made = {
      id,
      body,
      html_url: `https://github.example/${id}`,
      author_association: 'NONE',
      user: { type: 'Bot' },
    };
    comments.push(made);
    return answer(201, made);
  }
  const found = comments.find(({ id }) => url.endsWith(`/${id}`));
  if (found === undefined) return answer(404, {});
  found.body = body;
  return answer(200, found);
});
await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
const address = github.address();
const port = typeof address === 'object' ? address?.port : undefined;

const stage = await Stage.open();
afterAll(async () => {
  github.closeAllConnections();
  await new Promise((resolve) => github.close(resolve));
  await stage.close();
});
beforeEach(() => {
  stage.aws.reset();
  comments.length = 0;
});

const template = (modes: Parameters<typeof things>[0]): string => stage.write('template.json', things(modes));
const variables = {
  GITHUB_API_URL: `http://127.0.0.1:${port}`,
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REF: 'refs/pull/7/merge',
};
const wish = { mode: 'preview', comment: 'summary', 'github-token': 'ghs_some_token' };

it('a preview keeps one comment up to date', async () => {
  await stage.deploy({ template: template({ A: 'good' }), ...wish }, { variables });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('🟢 add | `A` | Test::Thing');
  expect(comments[0]?.body).toContain('https://github.example/octocat/shop/actions/runs/');
  const second = await stage.deploy({ template: template({ A: 'good', B: 'good' }), ...wish }, { variables });
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('`B`');
  expect(second.log).toContain('comment updated');
});

it('two stacks have a comment each', async () => {
  await stage.deploy({ template: template({ A: 'good' }), ...wish }, { variables });
  await stage.deploy({ name: 'other', template: template({ A: 'good' }), ...wish }, { variables });
  expect(comments).toHaveLength(2);
});

it('values are shown only where asked for, and secrets never', async () => {
  await stage.deploy({ template: template({ A: 'good' }) });
  await stage.deploy({ template: template({ A: 'new-value' }), ...wish }, { variables });
  expect(comments[0]?.body).not.toContain('new-value');
  const shown = { ...wish, 'show-values': 'true', 'github-token': 'new-value' };
  await stage.deploy({ template: template({ A: 'new-value' }), ...shown }, { variables });
  expect(comments[0]?.body).toContain('`good`');
  expect(comments[0]?.body).not.toContain('new-value');
  expect(comments[0]?.body).toContain('***');
});

it('a comment that cannot be written changes no result', async () => {
  const away = { ...variables, GITHUB_API_URL: 'http://127.0.0.1:9' };
  const run = await stage.deploy({ template: template({ A: 'good' }), ...wish }, { variables: away });
  expect(run.failure).toBeUndefined();
  expect(run.log).toContain('the pull-request comment was not written');
});
