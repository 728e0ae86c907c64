import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitHubRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface FakeGitHub {
  readonly url: string;
  readonly requests: readonly GitHubRequest[];
  /** Bodies of the comments on pull request 7, by id. */
  readonly comments: ReadonlyMap<number, string>;
  close(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const content = Buffer.concat(chunks).toString('utf8');
  return content === '' ? undefined : JSON.parse(content);
};

const getBody = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'body' in body ? String(body.body) : '';

/** Fake of GitHub's comments API for pull request 7 of octocat/shop. */
export const startGitHub = async (): Promise<FakeGitHub> => {
  const requests: GitHubRequest[] = [];
  const comments = new Map<number, string>();
  const toCommentDocument = (id: number) => ({
    id,
    body: comments.get(id),
    html_url: `https://github.test/${id}`,
    user: { type: 'Bot' },
  });
  const respond = ({ method, path, body }: GitHubRequest): { readonly status: number; readonly document: unknown } => {
    const base = '/repos/octocat/shop/issues';
    const id = Number(/\/comments\/(\d+)$/.exec(path)?.[1] ?? comments.size + 1);
    if (method === 'GET' && path.startsWith(`${base}/7/comments?`)) {
      const isFirst = /[?&]page=1$/.test(path);
      return { status: 200, document: isFirst ? [...comments.keys()].map(toCommentDocument) : [] };
    }
    const known = path === `${base}/7/comments` || path === `${base}/comments/${id}`;
    if (!known) return { status: 404, document: { message: 'Not Found' } };
    if (method === 'DELETE') {
      comments.delete(id);
      return { status: 200, document: {} };
    }
    comments.set(id, getBody(body));
    return { status: method === 'POST' ? 201 : 200, document: toCommentDocument(id) };
  };
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, authorization: headers.authorization, body: await readBody(request) };
    requests.push(received);
    const { status, document: content } = respond(received);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    comments,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
