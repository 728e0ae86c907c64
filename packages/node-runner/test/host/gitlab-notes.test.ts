import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findHost } from '../../src/host/find-host.js';
import { FakeGitLab } from '../../src/testing/fake-gitlab.js';

describe('the note of a merge request', () => {
  let gitlab: FakeGitLab;
  let api: string;
  beforeAll(async () => {
    gitlab = await FakeGitLab.start();
    api = gitlab.url;
  });
  beforeEach(() => {
    gitlab.notes = [];
    gitlab.status = 200;
  });
  afterAll(() => void gitlab.close());

  const comment = (markdown: string, others: Record<string, string> = { CI_MERGE_REQUEST_IID: '3' }) => {
    const env = {
      GITLAB_CI: 'true',
      CI_API_V4_URL: api,
      CI_MERGE_REQUEST_PROJECT_ID: '7',
      CI_JOB_NAME: 'deploy',
      ...others,
    };
    const host = findHost({ env, directory: '/', print: () => {}, terminal: false, now: Date.now });
    return host.comment(markdown, 'secret');
  };

  it('is created once and then updated', async () => {
    expect(await comment('# One')).toBe('Merge request note created');
    expect(await comment('# One')).toBe('Merge request note unchanged');
    expect(await comment('# Two')).toBe('Merge request note updated');
    expect(gitlab.notes).toMatchObject([
      { id: 1, body: expect.stringMatching(/^<!-- .*delivery deploy -->\n# Two$/s) },
    ]);
    expect(gitlab.requests).toContain('POST /api/v4/projects/7/merge_requests/3/notes secret');
    expect(gitlab.requests).toContain('PUT /api/v4/projects/7/merge_requests/3/notes/1 secret');
  });

  it('does not replace a note of another user', async () => {
    await comment('# One');
    const [note] = gitlab.notes;
    gitlab.notes = [{ id: 1, body: note?.body ?? '', author: { id: 2 } }];
    expect(await comment('# Two')).toBe('Merge request note created');
    expect(gitlab.notes).toHaveLength(2);
  });

  it('returns a warning when access is denied', async () => {
    gitlab.status = 403;
    expect(await comment('# One')).toMatch(
      /^cannot write the merge request note: .* returned HTTP 403: the token needs the scope api and the role Reporter$/,
    );
  });

  it('is not written outside of merge requests', async () => {
    expect(await comment('# One', {})).toBeUndefined();
  });
});
