import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { describe, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { parseRequest } from '../../src/inputs/parse-request.js';

const env = { GITHUB_SHA: '0123456789abcdef' };

const parseInputs = (inputs: Readonly<Record<string, string>>) => {
  const inputEnv = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return parseRequest(
    readInputs(definition, Object.fromEntries(inputEnv), () => {}),
    env,
  );
};

describe('parseRequest', () => {
  it('defaults to mode: login without an image', () => {
    expect(parseInputs({}).kind).toBe('login');
  });

  it.each([
    [{ mode: 'push', repository: 'app' }, "input 'source' is required"],
    [{ source: 'oci:x' }, "input 'repository' is required when 'source' is set"],
    [{ source: 'oci:x', repository: 'App' }, 'is not a valid repository name'],
    [{ source: 'oci:x', repository: 'app', images: '[]' }, 'cannot be combined'],
    [{ images: '[]' }, 'must be a list with at least one image'],
    [
      { images: '[{ source: oci:x, repository: app }, { source: oci:y, repository: app }]' },
      'is assigned to two images',
    ],
    [{ source: 'oci:x', repository: 'app', 'tag-exclusions': 'dev*' }, 'requires tag-mutability'],
    [{ source: 'oci:x', repository: 'app', 'kms-key-id': 'k' }, 'requires encryption'],
    [
      { registries: '123456789012,210987654321', 'registry-endpoint': 'https://r.example' },
      'cannot be combined with several registries or Regions',
    ],
    [{ 'registry-endpoint': 'https://r.example/v2' }, 'is not a valid address'],
    [
      { 'registry-type': 'public', source: 'oci:x', repository: 'a/app', 'scan-on-push': 'true' },
      'is not available for ECR Public',
    ],
  ])('rejects %j', (inputs, message) => {
    expect(() => parseInputs(inputs)).toThrow(message);
  });
});
