import { createServer, type Server } from 'node:http';

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
}

/** GitLab's API for the notes of merge requests; the token belongs to user 1. */
export class FakeGitLab {
  notes: Note[] = [];
  readonly requests: string[] = [];
  status = 200;
  private readonly server: Server = createServer(async (request, response) => {
    const chunks: string[] = [];
    for await (const chunk of request) chunks.push(String(chunk));
    this.requests.push(`${request.method} ${request.url?.split('?')[0]} ${String(request.headers['private-token'])}`);
    response.writeHead(this.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(this.handleRequest(request.method ?? '', request.url ?? '', chunks.join(''))));
  });

  static async start(): Promise<FakeGitLab> {
    const gitlab = new FakeGitLab();
    await new Promise<void>((resolve) => gitlab.server.listen(0, '127.0.0.1', resolve));
    return gitlab;
  }

  /** CI_API_V4_URL. */
  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/v4`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private handleRequest(method: string, url: string, requestBody: string): unknown {
    if (url === '/api/v4/user') return { id: 1 };
    if (method === 'GET')
      return url.includes('page=1') && url.includes('per_page') && /[?&]page=1$/.test(url) ? this.notes : [];
    const { body }: { body: string } = JSON.parse(requestBody);
    const [, id] = /\/notes\/(\d+)$/.exec(url) ?? [];
    const existing = this.notes.find((note) => note.id === Number(id));
    if (existing !== undefined) {
      existing.body = body;
      return existing;
    }
    const note = { id: this.notes.length + 1, body, author: { id: 1 } };
    this.notes.push(note);
    return note;
  }
}
