import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGitHubComments, findPullRequestNumber } from '../../src/github/pull-request-comments.js';
import { createNetwork } from '../../src/http/network.js';
import { syncComment } from '../../src/report/comment.js';
import { startHttpServer } from '../../src/testing/http-servers.js';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

interface Call {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server for GitHub's issue comments that responds to each call with a status and JSON. */
const createComments = async (respond: (line: string) => readonly [number, unknown]) => {
  const calls: Call[] = [];
  const server = await startHttpServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      calls.push({ line, authorization: request.headers.authorization, body });
      const [status, json] = respond(line);
      response.writeHead(status).end(JSON.stringify(json));
    });
  });
  const network = createNetwork({ env: {} });
  open.push(
    () => server.stop(),
    () => network.close(),
  );
  const env = { GITHUB_API_URL: `http://127.0.0.1:${server.port}/api/v3`, GITHUB_REPOSITORY: 'octo/shop' };
  return { calls, comments: createGitHubComments({ network, token: 'ghs_x', env, pullRequest: 12 }) };
};

const createApiComment = (id: number, parts: object = {}) => ({
  id,
  body: `b${id}`,
  html_url: `https://gh/${id}`,
  ...parts,
});

describe('on Gitea and Forgejo', () => {
  const FORGED = '<!-- aws-delivery-actions: shop -->\nforged';

  /** Their API ignores `page`, users have neither a type nor an association, and every token has a user. */
  const startForge = async (user: { readonly id: number; readonly login: string }) => {
    const stored = [createApiComment(1, { user: { id: 99, login: 'mallory' }, body: FORGED })];
    const { calls, comments } = await createComments((line) => {
      if (line.endsWith('/user')) return [200, user];
      if (line.startsWith('GET')) return [200, stored];
      const { body } = JSON.parse(String(calls.at(-1)?.body));
      if (line.startsWith('POST')) stored.push(createApiComment(stored.length + 1, { user, body }));
      else stored[stored.length - 1] = createApiComment(stored.length, { user, body });
      return [201, stored.at(-1)];
    });
    return { calls, comments, stored };
  };

  it.each([
    ['the job token of Gitea', { id: -2, login: 'gitea-actions' }],
    ['the job token of Forgejo', { id: -2, login: 'forgejo-actions' }],
    ['a personal token', { id: 7, login: 'deployer' }],
  ])('finds the comment of %s again, with few requests', async (_, user) => {
    const { calls, comments, stored } = await startForge(user);
    const sync = (body: string) => syncComment({ comments, subject: 'shop', body });
    expect((await sync('one')).kind).toBe('created');
    expect((await sync('two')).kind).toBe('updated');
    expect((await sync('two')).kind).toBe('unchanged');
    const lines = calls.map(({ line }) => line.replace(/ .*(?=\/user$)| .*/u, ''));
    expect(lines).toEqual(['GET', 'GET/user', 'GET', 'POST', 'GET', 'PATCH', 'GET']);
    expect(stored[0]).toMatchObject({ body: FORGED });
    expect(stored).toHaveLength(2);
  });
});

describe('createGitHubComments', () => {
  it('lists comments by page with the trust of their authors', async () => {
    const { calls, comments } = await createComments(() => [
      200,
      [
        createApiComment(1, { user: { type: 'Bot' }, author_association: 'NONE' }),
        createApiComment(2, { user: { type: 'User' }, author_association: 'MEMBER' }),
        createApiComment(3, { user: { type: 'User' }, author_association: 'CONTRIBUTOR', body: null }),
      ],
    ]);
    await expect(comments.list(2)).resolves.toEqual([
      { id: 1, body: 'b1', url: 'https://gh/1', trusted: true },
      { id: 2, body: 'b2', url: 'https://gh/2', trusted: true },
      { id: 3, body: '', url: 'https://gh/3', trusted: false },
    ]);
    expect(calls).toEqual([
      {
        line: 'GET /api/v3/repos/octo/shop/issues/12/comments?per_page=100&page=2',
        authorization: 'Bearer ghs_x',
        body: '',
      },
    ]);
  });

  it('creates and updates comments', async () => {
    const { calls, comments } = await createComments(() => [201, createApiComment(5)]);
    await expect(comments.create('new')).resolves.toMatchObject({ id: 5, url: 'https://gh/5' });
    await comments.update(5, 'newer');
    expect(calls.map(({ line, body }) => [line, body])).toEqual([
      ['POST /api/v3/repos/octo/shop/issues/12/comments', '{"body":"new"}'],
      ['PATCH /api/v3/repos/octo/shop/issues/comments/5', '{"body":"newer"}'],
    ]);
  });

  it.each([
    [403, { message: 'Resource not accessible by integration' }, 'denied', ': Resource not accessible by integration'],
    [401, { message: 'Bad credentials' }, 'denied', ': Bad credentials'],
    [404, { message: 'Not Found' }, 'not-found', ': Not Found'],
    [
      403,
      { message: 'You have exceeded a secondary rate limit' },
      'throttled',
      ': You have exceeded a secondary rate limit',
    ],
    [429, {}, 'throttled', ''],
    [502, {}, 'unavailable', ''],
    [422, { message: 'Validation Failed' }, 'unexpected', ': Validation Failed'],
  ])('throws a code and GitHub’s message on %d', async (status, json, code, message) => {
    const { comments } = await createComments(() => [status, json]);
    await expect(comments.create('x')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(
        new RegExp(`/repos/octo/shop/issues/12/comments returned HTTP ${status}${message}$`, 'u'),
      ),
    });
  });

  it('rejects responses that are not comments', async () => {
    const { comments } = await createComments(() => [200, ['x']]);
    await expect(comments.list(1)).rejects.toMatchObject({ code: 'unexpected' });
  });
});

describe('findPullRequestNumber', () => {
  const writeEventFile = (text: string): string => {
    const directory = mkdtempSync(join(tmpdir(), 'event-'));
    open.push(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'event.json');
    writeFileSync(file, text);
    return file;
  };

  it('reads the ref', () => {
    expect(findPullRequestNumber({ GITHUB_REF: 'refs/pull/12/merge' })).toBe(12);
  });

  it('reads the event when the ref is a branch', () => {
    const GITHUB_EVENT_PATH = writeEventFile('{"pull_request":{"number":34}}');
    expect(findPullRequestNumber({ GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_PATH })).toBe(34);
  });

  it.each(['{}', '[]', 'null', '{"pull_request":{"number":"34"}}', 'no JSON'])(
    'returns undefined for the event %s',
    (text) => {
      expect(
        findPullRequestNumber({ GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_PATH: writeEventFile(text) }),
      ).toBeUndefined();
    },
  );

  it('returns undefined without ref and event, or when the event cannot be read', () => {
    expect(findPullRequestNumber({})).toBeUndefined();
    expect(findPullRequestNumber({ GITHUB_EVENT_PATH: '/nowhere/event.json' })).toBeUndefined();
  });
});
