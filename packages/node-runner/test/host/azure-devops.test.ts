import { readFileSync } from 'node:fs';
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

  it('writes a large output to a file and sets a variable with its path', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'stack-outputs', value: 'x'.repeat(131_072), secret: false });
    host.setOutput({ name: 'key', value: 'k'.repeat(131_072), secret: true });
    const output = getOutput();
    const [, file = ''] = /variable=stackOutputsFile;isOutput=true;\](.+)/.exec(output) ?? [];
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(131_072));
    expect(output).toContain(
      'stackOutputs has 131072 bytes, more than the limit of 32767 for variables: read it from the file in $(stackOutputsFile)',
    );
    expect(output).toContain('key has 131072 bytes, more than the limit of 32767 for variables: variable not set');
    expect(output).not.toContain('keyFile');
    expect(output).not.toMatch(/variable=(?:stackOutputs|key);/);
  });

  it('gives a prefix to an output that differs from another one in case only', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'stack-id', value: 'own', secret: false });
    host.setOutput({ name: 'StackId', value: 'of the stack', secret: false });
    expect(getOutput()).toContain('variable=stackId;isOutput=true;]own');
    expect(getOutput()).toContain('variable=output_StackId;isOutput=true;]of the stack');
    expect(getOutput()).toContain("output 'StackId' differs from 'stack-id' in case only");
  });

  it('names inputs as the task does', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.show({ kind: 'line', message: "input 'role-arn': 'a-b' is wrong; did you mean 'role-chain'?" });
    expect(getOutput()).toBe("input 'roleArn': 'a-b' is wrong; did you mean 'roleChain'?\n");
  });

  it('derives the github context from its variables', () => {
    const pull = {
      SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/topic',
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      SYSTEM_PULLREQUEST_PULLREQUESTID: '31',
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
      pull_request_number: '31',
    });
    const onGitHub = { ...AZURE_ENV, ...pull, SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: '7' };
    expect(createHost(onGitHub).host.github).toMatchObject({ pull_request_number: '7' });
    const merge = { ...AZURE_ENV, ...pull, BUILD_SOURCEBRANCH: 'refs/pull/31/merge' };
    expect(createHost(merge).host.github).toMatchObject({ ref: 'refs/pull/31/merge', ref_name: '31/merge' });
    const tagged = createHost({ ...AZURE_ENV, BUILD_SOURCEBRANCH: 'refs/tags/v1', BUILD_REPOSITORY_NAME: 'o/r' }).host
      .github;
    expect(tagged).toMatchObject({ repository: 'o/r', ref: 'refs/tags/v1', ref_name: 'v1', ref_type: 'tag' });
  });
});
