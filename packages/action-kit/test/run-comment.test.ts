import { describe, expect, it } from '@jest/globals';
import type { Comment, Comments } from '../src/comment.js';
import { DeliveryError } from '../src/error.js';
import { createNetwork } from '../src/network.js';
import { commentPlace, jobSubject, keepRunComment } from '../src/run-comment.js';
import { createMemoryHost } from '../src/testing/memory-host.js';

const network = createNetwork({ variables: {} });
const pull = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_REPOSITORY: 'octo-org/octo-repo' };

/** Comments that are kept in memory; `refusal` is what GitHub says to whoever writes. */
const memoryComments = (refusal?: DeliveryError): Comments & { readonly bodies: string[] } => {
  const bodies: string[] = [];
  const made = (body: string): Comment => ({ id: 1, body, address: 'https://github.example/7#1', trusted: true });
  return {
    bodies,
    list: async () => [],
    create: async (body) => {
      if (refusal !== undefined) throw refusal;
      bodies.push(body);
      return made(body);
    },
    update: async (_, body) => made(body),
  };
};

describe('the place of a run’s comment', () => {
  it('is closed where the run belongs to no pull request, and where there is no token, each in its own words', () => {
    expect(commentPlace({ token: 't', network, variables: {} })).toEqual({
      kind: 'closed',
      reason: 'this run belongs to no pull request',
    });
    expect(commentPlace({ token: undefined, network, variables: pull })).toMatchObject({
      kind: 'closed',
      reason: expect.stringContaining("add 'github-token'"),
    });
    expect(commentPlace({ token: 't', network, variables: pull })).toMatchObject({ kind: 'open' });
  });
});

describe('the comment of a run', () => {
  const comment = { subject: jobSubject('health-gate', { GITHUB_WORKFLOW: 'w', GITHUB_JOB: 'j' }), body: 'a secret' };

  it('is kept without secrets, and its address is said', async () => {
    const host = createMemoryHost();
    host.mask('secret');
    const comments = memoryComments();
    await keepRunComment({ kind: 'open', comments }, comment, host);
    expect(comments.bodies).toEqual([expect.stringContaining('a ***')]);
    expect(host.memory.log.text()).toContain('comment created: https://github.example/7#1');
  });

  it('is said to be missing, with the reason', async () => {
    const host = createMemoryHost();
    await keepRunComment({ kind: 'closed', reason: 'there is nobody to read it' }, comment, host);
    expect(host.memory.log.text()).toContain('no comment: there is nobody to read it');
  });

  it('changes nothing when it cannot be written but for a warning', async () => {
    const host = createMemoryHost();
    await keepRunComment(
      { kind: 'open', comments: memoryComments(new DeliveryError('unavailable', 'GitHub is away')) },
      comment,
      host,
    );
    expect(host.memory.log.text()).toContain('GitHub is away');
  });
});
