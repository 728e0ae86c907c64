import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeReviewThreads } from './fake-review-threads.js';

export interface GitHubRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeGitHub {
  /** The threads of the pull request's review comments, which GraphQL lists. */
  readonly threads: FakeReviewThreads;
  readonly url: string;
  readonly requests: readonly GitHubRequest[];
  /** Documents that were posted to a path. */
  listPosted(path: string): readonly Readonly<Record<string, unknown>>[];
  /** Adds a comment of an app to the pull request. */
  addComment(body: string): void;
  /** Fails all further requests with this status, or only the next `writes` requests that write. */
  failRequests(status: number, writes?: number): void;
  /** Rejects further uploads to code scanning with these errors. */
  rejectUploads(errors: readonly string[]): void;
  close(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const content = Buffer.concat(chunks).toString('utf8');
  return content === '' ? {} : JSON.parse(content);
};

/**
 * Starts a fake of the GitHub API for octocat/shop that stores and lists posted documents.
 * @param branches commits by branch name
 */
export const startGitHub = async (branches: Readonly<Record<string, string>> = {}): Promise<FakeGitHub> => {
  const requests: GitHubRequest[] = [];
  const threads = new FakeReviewThreads();
  const stored = new Map<string, Readonly<Record<string, unknown>>[]>();
  let failure: { readonly status: number; writes: number | undefined } | undefined;
  /** Status of a request that should fail; undefined for others. */
  const takeFailureStatus = (method: string): number | undefined => {
    if (failure?.writes === undefined) return failure?.status;
    if (method === 'GET' || failure.writes === 0) return undefined;
    failure.writes -= 1;
    return failure.status;
  };
  let uploadErrors: readonly string[] | undefined;
  let statusReads = 0;
  let nextId = 0;
  /** Uploads are pending for one read. */
  const findUploadStatus = () => {
    statusReads += 1;
    if (statusReads % 2 === 1) return { processing_status: 'pending' };
    return uploadErrors === undefined
      ? { processing_status: 'complete' }
      : { processing_status: 'failed', errors: uploadErrors };
  };
  const storeReviewComments = (comments: unknown): void => {
    if (!Array.isArray(comments)) return;
    for (const { body } of comments) threads.open(body);
    const list = stored.get('/pulls/7/comments') ?? [];
    stored.set('/pulls/7/comments', [...list, ...comments.map((comment) => ({ ...comment, user: { type: 'Bot' } }))]);
  };
  const replaceComment = (id: number, documents: readonly Readonly<Record<string, unknown>>[]): void => {
    const comments = stored.get('/issues/7/comments') ?? [];
    stored.set(
      '/issues/7/comments',
      comments.flatMap((each) => (each['id'] === id ? documents : [each])),
    );
  };
  const store = (
    method: string,
    list: Readonly<Record<string, unknown>>[],
    document: Readonly<Record<string, unknown>> & { readonly id: number },
  ): unknown => {
    storeReviewComments('comments' in document ? document.comments : undefined);
    if (method === 'POST') list.push(document);
    else replaceComment(document.id, method === 'DELETE' ? [] : [document]);
    return document;
  };
  const respondToOthers = ({ method, path, body }: GitHubRequest): unknown => {
    const [name = '', query = ''] = path.replace('/repos/octocat/shop', '').split('?');
    const [, branch] = /^\/git\/ref\/heads\/(.+)$/u.exec(name) ?? [];
    if (branch !== undefined) return { object: { sha: branches[decodeURIComponent(branch)] } };
    const list = stored.get(name) ?? [];
    stored.set(name, list);
    if (method === 'GET') return new URLSearchParams(query).get('page') === '1' ? list : [];
    nextId += 1;
    const id = Number(/\/comments\/(\d+)$/u.exec(name)?.[1] ?? nextId);
    return store(method, list, { ...body, id, html_url: `https://github.test/${id}`, user: { type: 'Bot' } });
  };
  const respond = (request: GitHubRequest): unknown => {
    if (request.path === '/graphql') return threads.respond(request.body);
    return request.path.includes('/code-scanning/sarifs/') ? findUploadStatus() : respondToOthers(request);
  };
  const server = createServer(async (request, response) => {
    const received = { method: request.method ?? '', path: request.url ?? '', body: await readBody(request) };
    requests.push(received);
    const status = takeFailureStatus(received.method);
    const document = status === undefined ? respond(received) : { message: 'Resource not accessible by integration' };
    response.writeHead(status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    threads,
    listPosted: (path) => stored.get(path) ?? [],
    addComment: (body) => {
      stored.set('/issues/7/comments', [{ id: 1000, body, user: { type: 'Bot' } }]);
    },
    failRequests: (status, writes) => {
      failure = { status, writes };
    },
    rejectUploads: (errors) => {
      uploadErrors = errors;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
