import { describe, expect, it } from '@jest/globals';
import { AZURE_ENV, createHost } from './host-harness.js';

describe('AzureDevOpsHost', () => {
  it('sets outputs as output variables and secrets as secret variables', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'stack-id', value: 'a\nb', secret: false });
    host.setOutput({ name: 'key', value: 'k', secret: true });
    expect(getOutput()).toBe(
      '##vso[task.setvariable variable=stackId;isOutput=true;]a%0Ab\n##vso[task.setvariable variable=key;isOutput=true;issecret=true;]k\n',
    );
  });

  it('skips a secret output of several lines with a warning', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'private-key', value: 'a\nb', secret: true });
    expect(getOutput()).toMatch(
      /^##vso\[task\.logissue type=warning;\]privateKey is secret and has several lines, [^\n]*\n$/,
    );
  });

  it('derives the github context from its variables', () => {
    const pull = {
      SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/topic',
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
    };
    expect(createHost({ ...AZURE_ENV, ...pull }).host.github).toMatchObject({
      repository: 'Retail/shop',
      ref: 'refs/heads/main',
      ref_name: 'main',
      ref_type: 'branch',
      run_id: '5',
      run_attempt: '2',
      sha: 'abc',
      head_ref: 'topic',
      base_ref: 'main',
    });
    const tagged = createHost({ ...AZURE_ENV, BUILD_SOURCEBRANCH: 'refs/tags/v1', BUILD_REPOSITORY_NAME: 'o/r' }).host
      .github;
    expect(tagged).toMatchObject({ repository: 'o/r', ref: 'refs/tags/v1', ref_name: 'v1', ref_type: 'tag' });
  });
});
