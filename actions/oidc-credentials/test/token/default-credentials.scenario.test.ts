import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, roleArn } from '../harness.js';

describe('default credentials', () => {
  let harness: Harness;
  afterEach(() => harness.close());
  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
  const NO_ENDPOINT = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

  it('are used without a token, with a log line', async () => {
    harness = await Harness.start();
    const { recorded, operations } = await harness.runMain({
      inputs: { 'role-to-assume': roleArn('user') },
      env: { ...KEYS, ...NO_ENDPOINT },
    });
    expect(recorded.failures).toEqual([]);
    expect(recorded.log.getOutput()).toContain('No OIDC token found; using the default AWS credential chain');
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
  });

  it('are not exported again without a role', async () => {
    harness = await Harness.start();
    const { recorded } = await harness.runMain({ inputs: { 'role-to-assume': '' }, env: { ...KEYS, ...NO_ENDPOINT } });
    expect(recorded.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    expect(recorded.outputs).toMatchObject({ 'authenticated-arn': `arn:aws:iam::${ACCOUNT}:user/deployer` });
    expect(recorded.outputs).not.toHaveProperty('aws-expiration');
  });

  it('are checked against the guards when they are kept', async () => {
    harness = await Harness.start();
    const inputs = { 'use-existing-credentials': 'true', 'allowed-account-ids': '999988887777' };
    const { recorded } = await harness.runMain({ inputs, env: KEYS });
    expect(recorded.failures[0]).toContain(`account ${ACCOUNT}`);
    expect(recorded.exported).toEqual({});
  });

  it('are replaced when AWS rejects them', async () => {
    harness = await Harness.start();
    const env = { ...KEYS, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const { recorded, operations } = await harness.runMain({ inputs: { 'use-existing-credentials': 'true' }, env });
    expect(operations).toEqual(['GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(recorded.exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  it('fail the step when GetCallerIdentity stays throttled', async () => {
    harness = await Harness.start();
    harness.aws.setFaults([{ fault: 'throttle', operation: 'GetCallerIdentity' }]);
    const { recorded } = await harness.runMain({
      inputs: { 'use-existing-credentials': 'true', timeout: '10s' },
      env: KEYS,
    });
    expect(recorded.failures[0]).toContain('timed out after 10s waiting for the caller identity');
    expect(recorded.exported).toEqual({});
  });

  it('are replaced by keys from the inputs, without the previous session token', async () => {
    harness = await Harness.start();
    const inputs = {
      'role-to-assume': '',
      'aws-access-key-id': 'AKIAUSER',
      'aws-secret-access-key': 'user/secret+key',
    };
    const { recorded } = await harness.runMain({
      inputs,
      env: { AWS_SESSION_TOKEN: 'old', AWS_CREDENTIAL_EXPIRATION: 'old' },
    });
    expect(recorded.exported).toMatchObject({
      AWS_ACCESS_KEY_ID: 'AKIAUSER',
      AWS_SESSION_TOKEN: '',
      AWS_CREDENTIAL_EXPIRATION: '',
    });
  });

  it('are kept without renewal with use-existing-credentials and refresh', async () => {
    harness = await Harness.start();
    const { recorded } = await harness.runMain({
      inputs: { refresh: 'true', 'use-existing-credentials': 'true' },
      env: KEYS,
    });
    expect(recorded.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
  });
});
