interface Thread {
  readonly id: string;
  readonly comments: { readonly body: string; readonly viewerDidAuthor: boolean }[];
  resolvedBy: string | undefined;
}

const PAGE_SIZE = 2;

/** Review threads of pull request 7 of octocat/shop through GraphQL, two a page; the token belongs to an app. */
export class FakeReviewThreads {
  private readonly threads: Thread[] = [];
  private failure: { readonly type: string; readonly message: string } | undefined;

  /** Opens a thread with a comment of the token's user, or of another one. */
  open(body: string, viewerDidAuthor = true): void {
    const comments = [{ body, viewerDidAuthor }];
    this.threads.push({ id: `PRRT_${this.threads.length + 1}`, comments, resolvedBy: undefined });
  }

  /** Adds a response of another user. */
  addResponse(index: number): void {
    this.threads[index]?.comments.push({ body: 'still there', viewerDidAuthor: false });
  }

  /** Resolves a thread as another user. */
  resolve(index: number): void {
    const thread = this.threads[index];
    if (thread !== undefined) thread.resolvedBy = 'octocat';
  }

  /** Rejects further mutations, with HTTP 200 as GitHub does. */
  rejectMutations(type: string, message: string): void {
    this.failure = { type, message };
  }

  get resolvers(): readonly (string | undefined)[] {
    return this.threads.map(({ resolvedBy }) => resolvedBy);
  }

  respond(body: Readonly<Record<string, unknown>>): unknown {
    const { query, variables } = body as { query: string; variables: Readonly<Record<string, unknown>> };
    if (query.startsWith('query')) return { data: this.list(variables) };
    if (this.failure !== undefined) return { data: { result: null }, errors: [this.failure] };
    const thread = this.threads.find(({ id }) => id === variables['id']);
    if (thread === undefined) return { errors: [{ type: 'NOT_FOUND', message: 'Could not resolve to a node' }] };
    thread.resolvedBy = query.includes('unresolveReviewThread') ? undefined : 'github-actions';
    return { data: { result: { thread: { id: thread.id } } } };
  }

  private list({ owner, name, number, after }: Readonly<Record<string, unknown>>): object {
    if (owner !== 'octocat' || name !== 'shop' || number !== 7) return { repository: null };
    const first = Number(after ?? 0);
    const page = this.threads.slice(first, first + PAGE_SIZE);
    const pageInfo = { hasNextPage: first + PAGE_SIZE < this.threads.length, endCursor: String(first + PAGE_SIZE) };
    const nodes = page.map(({ id, comments, resolvedBy }) => ({
      id,
      isResolved: resolvedBy !== undefined,
      resolvedBy: resolvedBy === undefined ? null : { login: resolvedBy },
      comments: { totalCount: comments.length, nodes: comments.slice(0, 20) },
    }));
    const reviewThreads = { pageInfo, nodes };
    return { viewer: { login: 'github-actions[bot]' }, repository: { pullRequest: { reviewThreads } } };
  }
}
