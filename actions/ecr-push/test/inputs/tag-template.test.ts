import { describe, expect, it } from '@jest/globals';
import { expandTags } from '../../src/inputs/tag-template.js';

const env = { GITHUB_SHA: '0123456789abcdef', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.2-rc.1+7' };

describe('expandTags', () => {
  it.each([
    ['{commit}', '0123456789abcdef'],
    ['{short-commit}', '0123456'],
    ['{version}', '1.4.2-rc.1'],
    ['{major}', '1'],
    ['{minor}', '1.4'],
    ['{tag}', 'v1.4.2-rc.1-7'],
    ['release-{version}-x', 'release-1.4.2-rc.1-x'],
  ])('expands %s to %s', (template, tag) => {
    expect(expandTags([template], env)).toEqual([tag]);
  });

  it('expands {pr} to the number of the pull request', () => {
    expect(expandTags(['pr-{pr}'], { ...env, GITHUB_REF: 'refs/pull/17/merge' })).toEqual(['pr-17']);
  });

  it('expands {pr} to the number that the node runner found on another host', () => {
    expect(expandTags(['pr-{pr}'], { ...env, GITHUB_PULL_REQUEST_NUMBER: '7' })).toEqual(['pr-7']);
  });

  it.each([
    ['{pr}', '{pr} has no value in this workflow run'],
    ['{branch}', '{branch} has no value in this workflow run'],
    ['{nonsense}', 'unknown variable {nonsense}'],
    ['-x', 'is not a valid tag'],
    ['a b', 'is not a valid tag'],
    ['x'.repeat(129), 'is not a valid tag'],
  ])('rejects %s', (template, message) => {
    expect(() => expandTags([template], env)).toThrow(message);
  });
});
