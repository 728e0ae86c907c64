import { describe, expect, it } from '@jest/globals';
import {
  findCommentTarget,
  formatJobSubject,
  publishComment,
  type StickyComment,
} from '../../src/github/sticky-comment.js';
import { createNetwork } from '../../src/http/network.js';
import type { Comment, Comments } from '../../src/report/comment.js';
import { createReportName } from '../../src/report/report-name.js';
import { createFakeHost } from '../../src/testing/fake-host.js';
import { DeliveryError } from '../../src/util/error.js';

const network = createNetwork({ env: {} });
const pull = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_REPOSITORY: 'octo-org/octo-repo' };

/** Comments in memory; `create` throws `error`. */
const createFakeComments = (error?: DeliveryError): Comments & { readonly bodies: string[] } => {
  const bodies: string[] = [];
  const createComment = (body: string): Comment => ({ id: 1, body, url: 'https://github.example/7#1', trusted: true });
  return {
    bodies,
    list: async () => [],
    create: async (body) => {
      if (error !== undefined) throw error;
      bodies.push(body);
      return createComment(body);
    },
    update: async (_, body) => createComment(body),
    delete: async () => {},
  };
};

describe('findCommentTarget', () => {
  it('returns a reason for runs without a pull request or token', () => {
    expect(findCommentTarget({ token: 't', network, env: {} })).toEqual({
      kind: 'unavailable',
      reason: 'the workflow run does not belong to a pull request on GitHub, Gitea or Forgejo',
    });
    expect(findCommentTarget({ token: undefined, network, env: pull })).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining("set input 'github-token'"),
    });
    expect(findCommentTarget({ token: 't', network, env: pull })).toMatchObject({ kind: 'available' });
  });
});

describe('publishComment', () => {
  const comment: StickyComment = {
    mode: 'summary',
    name: createReportName({ action: 'health-gate', inputs: { 'report-name': 'prod' }, env: {} }),
    previousSubject: formatJobSubject('health-gate', { GITHUB_WORKFLOW: 'w', GITHUB_JOB: 'j' }),
    body: '## Gate\na secret',
    isEmpty: false,
  };

  it('redacts secrets and logs the URL', async () => {
    const host = createFakeHost();
    host.mask('secret');
    const comments = createFakeComments();
    await publishComment({ kind: 'available', comments }, comment, host);
    expect(comments.bodies).toEqual([expect.stringContaining('## Gate (prod)\na ***')]);
    expect(host.recorded.log.getOutput()).toContain('comment created: https://github.example/7#1');
  });

  it('writes no empty comment with the mode changes', async () => {
    const host = createFakeHost();
    const comments = createFakeComments();
    await publishComment({ kind: 'available', comments }, { ...comment, mode: 'changes', isEmpty: true }, host);
    expect(comments.bodies).toEqual([]);
    expect(host.recorded.log.getOutput()).toContain('No pull request comment: nothing to report');
    await publishComment({ kind: 'available', comments }, { ...comment, mode: 'changes' }, host);
    await publishComment({ kind: 'available', comments }, { ...comment, isEmpty: true }, host);
    await publishComment({ kind: 'available', comments }, { ...comment, mode: 'none' }, host);
    expect(comments.bodies).toHaveLength(2);
  });

  it('logs why there is no comment', async () => {
    const host = createFakeHost();
    await publishComment({ kind: 'unavailable', reason: 'there is nobody to read it' }, comment, host);
    expect(host.recorded.log.getOutput()).toContain('No pull request comment: there is nobody to read it');
  });

  it('logs a failure as a warning', async () => {
    const host = createFakeHost();
    await publishComment(
      { kind: 'available', comments: createFakeComments(new DeliveryError('unavailable', 'GitHub is away')) },
      comment,
      host,
    );
    expect(host.recorded.log.getOutput()).toContain('GitHub is away');
  });
});
