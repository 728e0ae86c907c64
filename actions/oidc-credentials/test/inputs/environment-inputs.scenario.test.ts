import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type OidcInputs } from '../../action.js';
import { Harness, roleArn } from '../harness.js';

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

  it.each(Object.entries(MIGRATION))('may keep the input %s', (alias, name) => {
    const { aliases = {} } = definition.inputs[name];
    expect([name, ...Object.keys(aliases)]).toContain(alias);
  });

  it('may set inputs by variables, which the inputs of the step override', async () => {
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
