import { describe, expect, it } from '@jest/globals';
import { CLEAR_LINE, createHost, GITLAB_ENV } from './host-harness.js';

describe('GitLabHost', () => {
  it('derives the github context from its variables', () => {
    expect(createHost(GITLAB_ENV).host).toMatchObject({
      workspace: '/builds/g/p',
      github: {
        repository: 'g/p',
        ref: 'refs/heads/main',
        run_id: '12',
        run_attempt: '77',
        sha: 'abc',
        event_name: '',
      },
    });
  });

  it('maps merge requests and pushes to events of GitHub', () => {
    const request = {
      CI_MERGE_REQUEST_IID: '3',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: 'b',
      CI_MERGE_REQUEST_PROJECT_PATH: 'g/p',
      CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'fork/p',
    };
    const merge = createHost({ ...GITLAB_ENV, ...request }).host;
    expect(merge.github).toMatchObject({ event_name: 'pull_request', pull_request_number: '3' });
    expect(merge.event).toEqual({
      pull_request: {
        base: { sha: 'b', repo: { full_name: 'g/p' } },
        head: { sha: 'abc', repo: { full_name: 'fork/p' } },
      },
    });
    const push = createHost({ ...GITLAB_ENV, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: 'z' }).host;
    expect([push.github['event_name'], push.event]).toEqual(['push', { before: 'z', after: 'abc' }]);
  });

  it('prints the summary in a section', async () => {
    const { host, getOutput } = createHost(GITLAB_ENV);
    await host.publishSummary('# Up');
    expect(getOutput()).toContain(`:delivery_1\r${CLEAR_LINE}Summary\nUp\n${CLEAR_LINE}section_end`);
  });
});
