import { describe, expect, it } from '@jest/globals';
import { type Comment, type Comments, syncComment } from '../../src/report/comment.js';
import { DeliveryError } from '../../src/util/error.js';

/** A pull request's comments in memory, two on a page. */
class FakeComments implements Comments {
  readonly writes: string[] = [];

  constructor(readonly all: Comment[] = []) {}

  async list(page: number): Promise<readonly Comment[]> {
    return this.all.slice((page - 1) * 2, page * 2);
  }

  async create(body: string): Promise<Comment> {
    this.writes.push('create');
    const comment = createComment({ id: this.all.length + 1, body });
    this.all.push(comment);
    return comment;
  }

  async update(id: number, body: string): Promise<Comment> {
    this.writes.push(`update ${id}`);
    const index = this.all.findIndex((comment) => comment.id === id);
    const comment = createComment({ id, body });
    this.all[index] = comment;
    return comment;
  }

  async delete(id: number): Promise<void> {
    this.writes.push(`delete ${id}`);
    const index = this.all.findIndex((comment) => comment.id === id);
    if (index < 0) throw new DeliveryError('not-found', 'no such comment');
    this.all.splice(index, 1);
  }
}

const createComment = (parts: Partial<Comment> & { readonly id: number }): Comment => ({
  body: 'something else',
  url: `https://github.example/c/${parts.id}`,
  trusted: true,
  ...parts,
});

const denied = new DeliveryError(
  'denied',
  'https://api.github.com/x returned HTTP 403: Resource not accessible by integration',
);

describe('syncComment', () => {
  const subject = 'cloudformation-deploy shop eu-west-1';

  it('creates a comment once, then updates it, and leaves an equal one unchanged', async () => {
    const comments = new FakeComments([1, 2, 3].map((id) => createComment({ id })));
    const sync = (body: string) => syncComment({ comments, subject, body });
    await expect(sync('one')).resolves.toEqual({ kind: 'created', url: 'https://github.example/c/4' });
    await expect(sync('two')).resolves.toEqual({ kind: 'updated', url: 'https://github.example/c/4' });
    await expect(sync('two')).resolves.toEqual({ kind: 'unchanged', url: 'https://github.example/c/4' });
    expect(comments.writes).toEqual(['create', 'update 4']);
    expect(comments.all[3]?.body).toBe('<!-- aws-delivery-actions: cloudformation-deploy shop eu-west-1 -->\ntwo');
  });

  describe('of earlier versions', () => {
    const previousBody = '<!-- aws-delivery-actions: previous -->\nold';
    const previous = (id: number) => createComment({ id, body: previousBody });
    const options = { subject, previousSubject: 'previous', body: 'new' };

    it('becomes the comment, of the first subject that finds it', async () => {
      const comments = new FakeComments([createComment({ id: 1 }), previous(2)]);
      await expect(syncComment({ comments, ...options })).resolves.toMatchObject({ kind: 'updated' });
      await expect(syncComment({ comments, ...options, subject: 'other' })).resolves.toMatchObject({ kind: 'created' });
      await expect(syncComment({ comments, ...options })).resolves.toMatchObject({ kind: 'unchanged' });
      expect(comments.writes).toEqual(['update 2', 'create']);
    });

    it('is replaced where other jobs may find it at the same time, also if one of them was first', async () => {
      const comments = new FakeComments([previous(1)]);
      const listed = [...comments.all];
      const stale = Object.assign(new FakeComments(comments.all), { list: async () => listed });
      const replace = { ...options, onPrevious: 'replace' as const };
      await syncComment({ comments, ...replace });
      await expect(syncComment({ comments: stale, ...replace, subject: 'leg' })).resolves.toMatchObject({
        kind: 'created',
      });
      expect(comments.all.map(({ body }) => body)).toEqual([
        `<!-- aws-delivery-actions: ${subject} -->\nnew`,
        '<!-- aws-delivery-actions: leg -->\nnew',
      ]);
    });

    it('is not looked at when others wrote it', async () => {
      const comments = new FakeComments([createComment({ id: 1, body: previousBody, trusted: false })]);
      await expect(syncComment({ comments, ...options })).resolves.toMatchObject({ kind: 'created' });
      expect(comments.all).toHaveLength(2);
    });

    it('is removed when there is nothing to report', async () => {
      const comments = new FakeComments([previous(1)]);
      await expect(syncComment({ comments, ...options, body: undefined })).resolves.toEqual({ kind: 'removed' });
      expect(comments.all).toEqual([]);
    });
  });

  it('removes the comment without a body', async () => {
    const comments = new FakeComments([createComment({ id: 1 })]);
    const remove = () => syncComment({ comments, subject, body: undefined });
    await expect(remove()).resolves.toEqual({ kind: 'absent' });
    await syncComment({ comments, subject, body: 'one' });
    await expect(remove()).resolves.toEqual({ kind: 'removed' });
    expect(comments.all.map(({ id }) => id)).toEqual([1]);
  });

  it('ignores different line endings', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject, body: 'a\nb' });
    comments.all[0] = createComment({ id: 1, body: comments.all[0]?.body.replaceAll('\n', '\r\n') ?? '' });
    await expect(syncComment({ comments, subject, body: 'a\nb' })).resolves.toMatchObject({ kind: 'unchanged' });
  });

  it('keeps one comment per subject', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject: 'a', body: 'x' });
    await syncComment({ comments, subject: 'a b', body: 'x' });
    await syncComment({ comments, subject: 'a -->', body: 'x' });
    expect(comments.writes).toEqual(['create', 'create', 'create']);
    for (const { body } of comments.all) expect(body).toMatch(/^<!--(?:(?!-->).)* -->\nx$/u);
  });

  it('ignores the marker in comments of untrusted authors', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject, body: 'x' });
    const [own] = comments.all.splice(0);
    comments.all.push(createComment({ id: 7, body: own?.body ?? '', trusted: false }));
    await expect(syncComment({ comments, subject, body: 'y' })).resolves.toMatchObject({ kind: 'created' });
  });

  it('ignores a quoted marker', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject, body: 'x' });
    const [own] = comments.all.splice(0);
    comments.all.push(createComment({ id: 7, body: `> ${own?.body}` }));
    await expect(syncComment({ comments, subject, body: 'y' })).resolves.toMatchObject({ kind: 'created' });
  });

  it('creates the comment again when it was deleted in between', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject, body: 'x' });
    comments.update = async () => {
      throw new DeliveryError('not-found', 'answered 404');
    };
    await expect(syncComment({ comments, subject, body: 'y' })).resolves.toMatchObject({ kind: 'created' });
  });

  it('truncates the body to the limit', async () => {
    const comments = new FakeComments();
    await syncComment({ comments, subject, body: 'line\n'.repeat(20_000) });
    expect(comments.all[0]?.body.length).toBeLessThanOrEqual(65_536);
    expect(comments.all[0]?.body).toMatch(/_Truncated at the size limit: \d+ more lines/u);
  });

  it('returns a warning with the hint when access is denied', async () => {
    const comments = new FakeComments();
    comments.create = () => Promise.reject(denied);
    await expect(syncComment({ comments, subject, body: 'x' })).resolves.toEqual({
      kind: 'failed',
      warning:
        'cannot write the pull request comment: https://api.github.com/x returned HTTP 403: Resource not accessible by integration: add `pull-requests: write` to the permissions of the job; fork pull requests cannot have it',
    });
  });

  it('returns a warning when GitHub is unavailable', async () => {
    const comments = new FakeComments();
    comments.list = () => Promise.reject(new DeliveryError('unavailable', 'connect ECONNREFUSED'));
    await expect(syncComment({ comments, subject, body: 'x' })).resolves.toEqual({
      kind: 'failed',
      warning: 'cannot write the pull request comment: connect ECONNREFUSED',
    });
  });

  it('rethrows unexpected errors', async () => {
    const comments = new FakeComments();
    comments.list = () => Promise.reject(new TypeError('x is not a function'));
    await expect(syncComment({ comments, subject, body: 'x' })).rejects.toThrow(TypeError);
  });
});
