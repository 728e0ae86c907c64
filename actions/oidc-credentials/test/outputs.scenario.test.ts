import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { definition } from '../action.js';
import { Harness, type StepResult } from './harness.js';

type OutputName = keyof typeof definition.outputs;
type VariableName = keyof typeof definition.environment;

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };

describe('outputs and variables', () => {
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

  it('are exactly the declared outputs', () => {
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

  it('are exactly the declared variables and those of secrets', () => {
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

  it('are restored after the job', async () => {
    for (const step of steps) {
      const restored = await harness.runPostStep(step);
      for (const name of Object.keys(step.recorded.exported)) {
        expect(restored.exported[name]).toBe(step.host.env[name] ?? '');
      }
    }
  });
});
