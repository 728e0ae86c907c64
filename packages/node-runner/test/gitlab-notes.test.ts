import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findHost } from '../src/host/detection.js';

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
}

/** The notes of merge request 3 in project 7, as GitLab's API has them; the token is user 1's. */
class MemoryGitLab {
  notes: Note[] = [];
  readonly asked: string[] = [];
  status = 200;
  readonly server: Server = createServer(async (request, response) => {
    const chunks: string[] = [];
    for await (const chunk of request) chunks.push(String(chunk));
    this.asked.push(`${request.method} ${request.url?.split('?')[0]} ${String(request.headers['private-token'])}`);
    response.writeHead(this.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(this.#answer(request.method ?? '', request.url ?? '', chunks.join(''))));
  });

  #answer(method: string, url: string, text: string): unknown {
    if (url === '/api/v4/user') return { id: 1 };
    if (method === 'GET')
      return url.includes('page=1') && url.includes('per_page') && /[?&]page=1$/.test(url) ? this.notes : [];
    const { body }: { body: string } = JSON.parse(text);
    const [, id] = /\/notes\/(\d+)$/.exec(url) ?? [];
    const present = this.notes.find((note) => note.id === Number(id));
    if (present !== undefined) {
      present.body = body;
      return present;
    }
    const note = { id: this.notes.length + 1, body, author: { id: 1 } };
    this.notes.push(note);
    return note;
  }
}

describe('the note of a merge request', () => {
  let gitlab: MemoryGitLab;
  let api: string;
  beforeAll(async () => {
    gitlab = new MemoryGitLab();
    await new Promise<void>((resolve) => gitlab.server.listen(0, '127.0.0.1', resolve));
    const address = gitlab.server.address();
    api = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/v4`;
  });
  beforeEach(() => {
    gitlab.notes = [];
    gitlab.status = 200;
  });
  afterAll(() => void gitlab.server.close());

  const comment = (markdown: string, others: Record<string, string> = { CI_MERGE_REQUEST_IID: '3' }) => {
    const variables = {
      GITLAB_CI: 'true',
      CI_API_V4_URL: api,
      CI_MERGE_REQUEST_PROJECT_ID: '7',
      CI_JOB_NAME: 'deploy',
      ...others,
    };
    const host = findHost({ variables, directory: '/', print: () => {}, terminal: false, now: Date.now });
    return host.comment(markdown, 'secret');
  };

  it('is written once and then kept up to date', async () => {
    expect(await comment('# One')).toBe("the merge request's note is created");
    expect(await comment('# One')).toBe("the merge request's note is unchanged");
    expect(await comment('# Two')).toBe("the merge request's note is updated");
    expect(gitlab.notes).toMatchObject([
      { id: 1, body: expect.stringMatching(/^<!-- .*delivery deploy -->\n# Two$/s) },
    ]);
    expect(gitlab.asked).toContain('POST /api/v4/projects/7/merge_requests/3/notes secret');
    expect(gitlab.asked).toContain('PUT /api/v4/projects/7/merge_requests/3/notes/1 secret');
  });

  it("leaves somebody else's note alone, whatever it begins with", async () => {
    await comment('# One');
    const [note] = gitlab.notes;
    gitlab.notes = [{ id: 1, body: note?.body ?? '', author: { id: 2 } }];
    expect(await comment('# Two')).toBe("the merge request's note is created");
    expect(gitlab.notes).toHaveLength(2);
  });

  it('is a sentence in the log where it may not be written', async () => {
    gitlab.status = 403;
    expect(await comment('# One')).toMatch(
      /^the merge request's note was not written: .* answered 403: its token needs the scope api and the role Reporter$/,
    );
  });

  it('is for merge requests only', async () => {
    expect(await comment('# One', {})).toBeUndefined();
  });
});
