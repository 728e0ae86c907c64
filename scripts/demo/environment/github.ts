import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** A comment on the pull request; `location` is `path:line` of a review comment. */
export interface PullRequestComment {
  readonly id: number;
  readonly location: string | undefined;
  body: string;
}

/** GitHub's API for comments of a pull request, on loopback. */
export interface GitHub extends AsyncDisposable {
  readonly url: string;
  /** The token of the jobs; the server does not check it. */
  readonly token: string;
  readonly comments: readonly PullRequestComment[];
}

const commentBody = z.object({ body: z.string(), path: z.string().optional(), line: z.int().optional() });

const toCommentDocument = ({ id, body }: PullRequestComment): object => ({
  id,
  body,
  html_url: `https://github.com/octo-org/octo-repo/pull/7#issuecomment-${id}`,
  user: { type: 'Bot' },
});

/** Lists, creates and updates comments; undefined for an unknown path or comment. */
const handleRequest = (comments: PullRequestComment[], request: IncomingMessage, content: string): unknown => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const isOnLine = /\/pulls\/\d+\/comments$/u.test(pathname);
  if (isOnLine || /\/issues\/\d+\/comments$/u.test(pathname)) {
    const listed = comments.filter(({ location }) => (location !== undefined) === isOnLine);
    if (request.method === 'GET') return (searchParams.get('page') ?? '1') === '1' ? listed.map(toCommentDocument) : [];
    const { body, path, line } = commentBody.parse(JSON.parse(content));
    const comment = { id: comments.length + 1, location: path === undefined ? undefined : `${path}:${line}`, body };
    comments.push(comment);
    return toCommentDocument(comment);
  }
  const [, id] = /\/issues\/comments\/(\d+)$/u.exec(pathname) ?? [];
  const comment = comments.find((one) => one.id === Number(id));
  if (comment === undefined) return undefined;
  comment.body = commentBody.parse(JSON.parse(content)).body;
  return toCommentDocument(comment);
};

export const openGitHub = async (): Promise<GitHub> => {
  const comments: PullRequestComment[] = [];
  const server = createServer(async (request, response) => {
    const document = handleRequest(comments, request, await text(request));
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? { message: 'Not Found' }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('GitHub has no port');
  const close = async (): Promise<void> => {
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}`, token: 'demo-token', comments, [Symbol.asyncDispose]: close };
};
