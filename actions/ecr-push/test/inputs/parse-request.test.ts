import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { parseReference } from '@aws-delivery/oci/image/reference';
import { describe, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { parseImageLocation } from '../../src/inputs/image-location.js';
import { parseRequest } from '../../src/inputs/parse-request.js';
import { expandTags } from '../../src/inputs/tag-template.js';

const env = { GITHUB_SHA: '0123456789abcdef', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.2-rc.1+7' };

const parseInputs = (inputs: Readonly<Record<string, string>>) => {
  const inputEnv = Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]);
  return parseRequest(
    readInputs(definition, Object.fromEntries(inputEnv), () => {}),
    env,
  );
};

describe('a tag', () => {
  it.each([
    ['{commit}', '0123456789abcdef'],
    ['{short-commit}', '0123456'],
    ['{version}', '1.4.2-rc.1'],
    ['{major}', '1'],
    ['{minor}', '1.4'],
    ['{tag}', 'v1.4.2-rc.1-7'],
    ['release-{version}-x', 'release-1.4.2-rc.1-x'],
  ])('%s becomes %s', (template, tag) => {
    expect(expandTags([template], env)).toEqual([tag]);
  });

  it.each([
    ['{branch}', 'this run has no branch'],
    ['{nonsense}', 'there is no {nonsense}'],
    ['-x', 'is not a tag'],
    ['a b', 'is not a tag'],
    ['x'.repeat(129), 'is not a tag'],
  ])('%s is refused', (template, message) => {
    expect(() => expandTags([template], env)).toThrow(message);
  });
});

describe('a reference', () => {
  it.each([
    ['alpine', { registry: 'registry-1.docker.io', repository: 'library/alpine', tag: 'latest' }],
    ['octocat/shop:2', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: '2' }],
    ['docker.io/octocat/shop', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: 'latest' }],
    ['localhost:5000/shop', { registry: 'localhost:5000', repository: 'shop', tag: 'latest' }],
    [`ghcr.io/a/b@sha256:${'0'.repeat(64)}`, { registry: 'ghcr.io', repository: 'a/b', tag: undefined }],
  ])('%s is read', (text, expected) => {
    expect(parseReference(text)).toMatchObject(expected);
  });

  it.each(['', 'UPPER', 'a//b', 'a:b:c/', 'x@sha256:12'])("'%s' is refused", (text) => {
    expect(() => parseReference(text)).toThrow();
  });
});

describe('a source', () => {
  it.each([
    ['oci:build/image:1.0', { kind: 'layout', path: 'build/image', tag: '1.0' }],
    ['oci:C:\\build:1.0', { kind: 'layout', path: 'C:\\build', tag: '1.0' }],
    ['oci-archive:a.tar', { kind: 'oci-archive', path: 'a.tar', tag: undefined }],
    ['docker-archive:a.tar:shop:1.0', { kind: 'docker-archive', path: 'a.tar', image: 'shop:1.0' }],
    ['docker-daemon:shop:1.0', { kind: 'engine', engine: 'docker', image: 'shop:1.0' }],
    ['shop:1.0', { kind: 'engine', engine: undefined, image: 'shop:1.0' }],
  ])('%s is read', (text, expected) => {
    expect(parseImageLocation(text)).toMatchObject(expected);
  });

  it('that an engine would take for an option is refused', () => {
    expect(() => parseImageLocation('--privileged')).toThrow();
    expect(() => parseImageLocation('docker-daemon:-x')).toThrow();
  });
});

describe('a request', () => {
  it('without an image is a login', () => {
    expect(parseInputs({}).kind).toBe('login');
  });

  it.each([
    [{ mode: 'push', repository: 'app' }, "input 'source' is missing"],
    [{ source: 'oci:x' }, 'the repository of the image is missing'],
    [{ source: 'oci:x', repository: 'App' }, 'is not a repository name'],
    [{ source: 'oci:x', repository: 'app', images: '[]' }, 'exclude each other'],
    [{ images: '[]' }, 'is not a list of images'],
    [{ images: '[{ source: oci:x, repository: app }, { source: oci:y, repository: app }]' }, 'is given to two images'],
    [{ source: 'oci:x', repository: 'app', 'tag-exclusions': 'dev*' }, 'needs tag-mutability'],
    [{ source: 'oci:x', repository: 'app', 'kms-key-id': 'k' }, 'needs encryption'],
    [{ registries: '123456789012,210987654321', 'registry-endpoint': 'https://r.example' }, 'is one address'],
    [{ 'registry-endpoint': 'https://r.example/v2' }, 'is not the address of a registry'],
    [{ 'registry-type': 'public', source: 'oci:x', repository: 'a/app', 'create-repository': 'true' }, 'private'],
  ])('%j is refused', (inputs, message) => {
    expect(() => parseInputs(inputs)).toThrow(message);
  });
});
