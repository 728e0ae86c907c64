import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { describe, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { parseRequest, type Request } from '../../src/inputs/parse-request.js';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const GITHUB = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://t.example', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer' };

const parseInputs = (inputs: Record<string, string>, env: Env = {}): Request => {
  const rawInputs = Object.entries({ 'aws-region': 'eu-central-1', ...inputs });
  const inputEnv = Object.fromEntries(rawInputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return parseRequest(
    readInputs(definition, { ...env, ...inputEnv }, () => {}),
    env,
  );
};

const KEYS = { 'aws-access-key-id': 'AKIA', 'aws-secret-access-key': 's' };

describe('the credential source', () => {
  it.each([
    [
      'a role and an endpoint',
      { 'role-arn': ROLE },
      GITHUB,
      { kind: 'token', tokenSource: { kind: 'github', audience: 'sts.amazonaws.com' } },
    ],
    ['a role and keys', { 'role-arn': ROLE, ...KEYS }, GITHUB, { kind: 'keys' }],
    [
      'a file before keys',
      { 'role-arn': ROLE, ...KEYS, 'web-identity-token-file': 'f' },
      {},
      { kind: 'token', tokenSource: { kind: 'file', path: 'f' } },
    ],
    ['keys alone', KEYS, GITHUB, { kind: 'keys' }],
    ['no input', {}, GITHUB, { kind: 'default', envKeys: 'used' }],
    ['role-chaining', { 'role-arn': ROLE, 'role-chaining': 'yes' }, GITHUB, { kind: 'default' }],
    ['force-skip-oidc', { 'role-arn': ROLE, 'force-skip-oidc': 'true' }, GITHUB, { kind: 'default' }],
    [
      'a named variable before the endpoint',
      { 'role-arn': ROLE, 'token-variable': 'T' },
      GITHUB,
      { kind: 'token', tokenSource: { kind: 'variable', name: 'T' } },
    ],
    ['no endpoint', { 'role-arn': ROLE }, {}, { kind: 'default', reason: 'no-token' }],
    [
      "the host's file",
      { 'role-arn': ROLE },
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/t' },
      { kind: 'token', tokenSource: { kind: 'file', path: '/t' } },
    ],
    [
      "the host's file for the same role",
      { 'role-arn': ROLE },
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: ROLE },
      { kind: 'token' },
    ],
    [
      "the host's file for another role",
      { 'role-arn': ROLE },
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'pod' },
      { kind: 'default' },
    ],
    ['the first of a chain', { 'role-chain': `[${ROLE}]` }, GITHUB, { kind: 'token', role: { role: ROLE } }],
    ['unset-current-credentials', { 'unset-current-credentials': 'true' }, {}, { kind: 'default', envKeys: 'ignored' }],
  ])('is selected for %s', (_, inputs, env, source) => {
    expect(parseInputs(inputs as Record<string, string>, env).source).toMatchObject(source);
  });

  it.each([
    [{ 'token-source': 'github', 'role-arn': ROLE, 'force-skip-oidc': 'true' }, 'cannot be combined'],
    [{ 'token-source': 'variable', 'role-arn': ROLE }, "'token-variable' is required"],
    [{ 'token-source': 'file', 'role-arn': ROLE }, "'web-identity-token-file' is required"],
    [{ 'token-source': 'github' }, "'role-arn' is required with 'token-source: github'"],
    [
      { 'role-arn': ROLE, refresh: 'true', 'aws-profile': 'default', 'role-chaining': 'true' },
      "uses profile 'default' as its source and cannot replace it",
    ],
    [{ 'aws-access-key-id': 'AKIA' }, "'aws-secret-access-key' is required with 'aws-access-key-id'"],
  ])('rejects %j', (inputs, message) => {
    expect(() => parseInputs(inputs as Record<string, string>)).toThrow(message);
  });
});

describe('roles', () => {
  const parseRoles = (chain: string): readonly string[] =>
    parseInputs({ 'role-chain': chain }).roleSteps.map(({ role }) => role);

  it.each([
    ['a', ['a']],
    ['a\nb', ['a', 'b']],
    ['a, b', ['a', 'b']],
    [`- ${ROLE}\n- path/name`, [ROLE, 'path/name']],
    ['["a", {"role-arn": "b"}]', ['a', 'b']],
    ['role-arn: a', ['a']],
  ])('are read from %j', (chain, roles) => {
    expect(parseRoles(chain)).toEqual(roles);
  });

  it('take missing fields from the inputs', () => {
    const chain = '- a\n- {role-arn: b, external-id: 007, duration: 30m, session-name: x y}';
    const { roleSteps } = parseInputs({
      'role-chain': chain,
      'role-external-id': 'e',
      'role-session-name': 's!s',
      'role-duration': '2h',
    });
    expect(roleSteps).toMatchObject([
      { role: 'a', externalId: 'e', duration: 7200, sessionName: 's-s' },
      { role: 'b', externalId: '007', duration: 1800, sessionName: 'x-y' },
    ]);
  });

  it.each([
    ['- {role: a}', "'role' is not a supported key: use role-arn, external-id, duration, session-name"],
    ['- {external-id: a}', "has no role: add 'role-arn'"],
    ['- [7]', 'is not a role: use an ARN, a name or a mapping'],
    ['- {role-arn: [a]}', "'role-arn' must be a string"],
    ['- {role-arn: a, duration: soon}', "input 'role-chain': 'soon' is not a duration"],
    ['- {role-arn: a, duration: 13h}', 'use a duration from 15m to 12h'],
    ['arn:aws:iam::111122223333:user/u', 'is not a valid role: use a role ARN'],
  ])('reject %j', (chain, message) => {
    expect(() => parseInputs({ 'role-chain': chain })).toThrow(message);
  });

  it.each([
    [{ 'role-duration': '5m' }, "'300s' is out of range"],
    [{ 'role-session-name': '!' }, "session name '!' is too short"],
    [{ 'account-id': '12' }, "input 'account-id': '12' is not an account ID: it must have 12 digits"],
    [{ 'allowed-account-ids': '111122223333,abc' }, "'abc' is not an account ID"],
    [{ 'aws-region': 'EU Central' }, 'is not a valid Region'],
    [{ 'aws-profile': 'a b' }, 'contains characters that are not allowed in a profile name'],
    [{ 'inline-session-policy': '[1]' }, 'is not a policy'],
  ])('reject invalid inputs: %j', (inputs, message) => {
    expect(() => parseInputs(inputs as Record<string, string>)).toThrow(message);
  });
});

describe('session tags', () => {
  const env = { GITHUB_REPOSITORY: 'o/r', GITHUB_WORKFLOW: 'build & ship', GITHUB_RUN_ID: '1' };

  it('come from the workflow in two groups, without forbidden characters', () => {
    expect(parseInputs({ tags: 'Team=shop' }, env).tags).toEqual({
      custom: [{ key: 'Team', value: 'shop' }],
      workflow: [
        { key: 'GitHub', value: 'Actions' },
        { key: 'Repository', value: 'o/r' },
        { key: 'Workflow', value: 'build _ ship' },
      ],
      context: [{ key: 'RunId', value: '1' }],
      transitive: [],
    });
  });

  it('are limited to tags on other hosts', () => {
    expect(parseInputs({ tags: 'Team=shop' }).tags).toMatchObject({
      custom: [{ key: 'Team', value: 'shop' }],
      workflow: [],
    });
  });

  it.each([
    ['repository=x', "'repository' is reserved for a tag of the workflow"],
    ['A=b!c', 'contains a character that is not allowed in tags'],
    [JSON.stringify({ [`k${'x'.repeat(128)}`]: 'v' }), 'is not a valid key: use 1 to 128 characters'],
    [JSON.stringify({ k: 'v'.repeat(257) }), 'has a value that is too long: use at most 256 characters'],
    [
      JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']))),
      'exceed the AWS limit of 50',
    ],
  ])('reject %s', (tags, message) => {
    expect(() => parseInputs({ tags })).toThrow(message);
  });
});

describe('the retry policy', () => {
  it.each([
    [{}, { timeout: 300, maxAttempts: 12 }],
    [{ 'action-timeout-s': '0' }, { timeout: Number.POSITIVE_INFINITY, maxAttempts: 12 }],
    [{ 'disable-retry': 'true', 'retry-max-attempts': '5' }, { maxAttempts: 1 }],
    [{ 'retry-max-attempts': '0' }, { maxAttempts: 1 }],
    [{ 'disable-retry': 'true', 'special-characters-workaround': 'true' }, { maxAttempts: Number.POSITIVE_INFINITY }],
  ])('is parsed from %j', (inputs, retryPolicy) => {
    expect(parseInputs(inputs as Record<string, string>).retryPolicy).toMatchObject(retryPolicy);
  });
});
