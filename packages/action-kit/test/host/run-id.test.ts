import { describe, expect, it } from '@jest/globals';
import { getRunIdentity } from '../../src/host/run-id.js';

const RUN = { GITHUB_REPOSITORY: 'octo/shop', GITHUB_JOB: 'deploy', GITHUB_RUN_ID: '42', GITHUB_RUN_ATTEMPT: '2' };

describe('getRunIdentity', () => {
  it.each([
    ['GitHub', {}, '42'],
    ['act, where every run has the same id', { ACT: 'true' }, 'fallback'],
    ['Gitea, whose runner is built on act', { ACT: 'true', GITEA_ACTIONS: 'true' }, '42'],
    ['Forgejo, whose runner sets the variables of Gitea too', { GITEA_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' }, '42'],
    ['a host whose run id is not a number', { GITHUB_RUN_ID: 'b1e6661e' }, 'fallback'],
  ])('takes the run on %s', (_, variables, run) => {
    expect(getRunIdentity({ ...RUN, ...variables }, [], 'fallback')).toMatchObject({ run, attempt: '2' });
  });
});
