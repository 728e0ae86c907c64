import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type OidcInputs } from '../action.js';
import { Harness, roleArn, type StepResult } from './harness.js';

type OutputName = keyof typeof definition.outputs;
type VariableName = keyof typeof definition.environment;

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };

describe('what is declared and what is set', () => {
  let harness: Harness;
  let steps: readonly StepResult[];

  beforeAll(async () => {
    harness = await Harness.start();
    const token = join(harness.homeDirectory, 'token');
    await writeFile(token, await harness.aws.issueToken({ audience: 'sts.amazonaws.com' }));
    steps = [
      await harness.runMain({ inputs: { 'output-credentials': 'true', 'secret-ids': 'prod/plain' } }),
      await harness.runMain({ inputs: { refresh: 'true' }, env: { ...KEYS, AWS_DEFAULT_PROFILE: 'mine' } }),
      await harness.runMain({ inputs: { refresh: 'true', 'web-identity-token-file': token } }),
      await harness.runMain({ claims: { repository: 'some/body' } }),
      await harness.runMain({ inputs: { 'allowed-account-ids': '999988887777' } }),
    ];
  });
  afterAll(() => harness.close());

  const listNames = (kind: 'outputs' | 'exported'): Set<string> =>
    new Set(steps.flatMap(({ recorded }) => Object.keys(recorded[kind])));

  it('every declared output is set, and no other', () => {
    const declared: Record<OutputName, true> = {
      'aws-account-id': true,
      'authenticated-arn': true,
      'user-id': true,
      partition: true,
      'aws-region': true,
      'aws-expiration': true,
      claims: true,
      'aws-access-key-id': true,
      'aws-secret-access-key': true,
      'aws-session-token': true,
    };
    expect([...listNames('outputs')].sort()).toEqual(Object.keys(declared).sort());
  });

  it('every declared variable is exported, and beside them only those of secrets', () => {
    const declared: Record<Exclude<VariableName, '*'>, true> & { PROD_PLAIN: true } = {
      AWS_REGION: true,
      AWS_DEFAULT_REGION: true,
      AWS_ACCESS_KEY_ID: true,
      AWS_SECRET_ACCESS_KEY: true,
      AWS_SESSION_TOKEN: true,
      AWS_CREDENTIAL_EXPIRATION: true,
      AWS_PROFILE: true,
      AWS_DEFAULT_PROFILE: true,
      AWS_CONFIG_FILE: true,
      AWS_SDK_LOAD_CONFIG: true,
      AWS_WEB_IDENTITY_TOKEN_FILE: true,
      AWS_ROLE_ARN: true,
      AWS_ROLE_SESSION_NAME: true,
      PROD_PLAIN: true,
    };
    expect([...listNames('exported')].sort()).toEqual(Object.keys(declared).sort());
  });

  it('no variable is left after the job that was not there before', async () => {
    for (const step of steps) {
      const restored = await harness.runPostStep(step);
      for (const name of Object.keys(step.recorded.exported)) {
        expect(restored.exported[name]).toBe(step.host.env[name] ?? '');
      }
    }
  });
});

/** The inputs of aws-actions/configure-aws-credentials 6.2, and ours. */
const MIGRATION = {
  'aws-region': 'aws-region',
  'aws-profile': 'aws-profile',
  'overwrite-aws-profile': 'overwrite-aws-profile',
  'role-to-assume': 'role-arn',
  'aws-access-key-id': 'aws-access-key-id',
  'aws-secret-access-key': 'aws-secret-access-key',
  'aws-session-token': 'aws-session-token',
  'web-identity-token-file': 'web-identity-token-file',
  'role-chaining': 'role-chaining',
  audience: 'audience',
  'http-proxy': 'http-proxy',
  'no-proxy': 'no-proxy',
  'mask-aws-account-id': 'mask-aws-account-id',
  'role-duration-seconds': 'role-duration',
  'role-external-id': 'role-external-id',
  'role-session-name': 'role-session-name',
  'role-skip-session-tagging': 'role-skip-session-tagging',
  'transitive-tag-keys': 'transitive-tag-keys',
  'inline-session-policy': 'inline-session-policy',
  'managed-session-policies': 'managed-session-policies',
  'output-credentials': 'output-credentials',
  'output-env-credentials': 'output-env-credentials',
  'unset-current-credentials': 'unset-current-credentials',
  'disable-retry': 'disable-retry',
  'retry-max-attempts': 'retry-max-attempts',
  'special-characters-workaround': 'special-characters-workaround',
  'use-existing-credentials': 'use-existing-credentials',
  'allowed-account-ids': 'allowed-account-ids',
  'force-skip-oidc': 'force-skip-oidc',
  'action-timeout-s': 'timeout',
  'custom-tags': 'tags',
  'sts-endpoint': 'sts-endpoint',
} as const satisfies Record<string, keyof OidcInputs>;

describe('a workflow of aws-actions/configure-aws-credentials', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  it.each(Object.entries(MIGRATION))('may go on to write %s', (alias, name) => {
    const { aliases = {} } = definition.inputs[name];
    expect([name, ...Object.keys(aliases)]).toContain(alias);
  });

  it('may give inputs by variables, behind those of the step', async () => {
    const env = {
      AWS_REGION: 'us-west-2',
      ROLE_TO_ASSUME: roleArn('deploy'),
      ROLE_SESSION_NAME: 'from-variable',
      ROLE_DURATION_SECONDS: '900',
      OUTPUT_CREDENTIALS: 'true',
    };
    const inputs = { 'aws-region': '', 'role-to-assume': '', 'role-duration': '30m' };
    const { calls, recorded } = await harness.runMain({ inputs, env });
    expect(calls[0]?.input).toMatchObject({ RoleSessionName: 'from-variable', DurationSeconds: 1800 });
    expect(recorded.outputs).toMatchObject({ 'aws-region': 'us-west-2', 'aws-access-key-id': expect.any(String) });
  });
});
