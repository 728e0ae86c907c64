import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createProcessHost } from '../../src/export/process-host.js';
import { renewCredentials } from '../../src/export/renew-credentials.js';
import { loadRenewalState, type RenewalState } from '../../src/export/renewal-state.js';
import { Harness, roleArn, type StepResult } from '../harness.js';

describe('refresh', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.start();
  });
  afterEach(() => harness.close());

  const getStatePath = ({ recorded }: StepResult): string =>
    join(dirname(recorded.exported['AWS_CONFIG_FILE'] ?? ''), 'renewal-state.json');
  const loadState = (step: StepResult): Promise<RenewalState> => loadRenewalState(getStatePath(step));
  /** Renews as the credential process of a later step does. */
  const renewAfter = async (step: StepResult, env: Record<string, string | undefined> = {}) => {
    const renewalState = await loadState(step);
    const firstCall = harness.aws.calls().length;
    const credentials = await renewCredentials(
      renewalState,
      createProcessHost({ ...step.envAfter, ...env }, renewalState, () => {}),
    );
    return { credentials, calls: harness.aws.calls().slice(firstCall) };
  };

  it('exports a profile with a credential process and no keys', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'old', AWS_ROLE_ARN: roleArn('pod') };
    const { recorded } = await harness.runMain({ inputs: { refresh: 'true' }, env });
    expect(recorded.failures).toEqual([]);
    expect(recorded.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_ROLE_ARN: '',
      AWS_PROFILE: 'oidc-credentials',
      AWS_CONFIG_FILE: expect.stringContaining(harness.tempDirectory),
      AWS_SDK_LOAD_CONFIG: '1',
    });
    const file = recorded.exported['AWS_CONFIG_FILE'] ?? '';
    expect(await readFile(file, 'utf8')).toBe(
      [
        '[profile oidc-credentials]',
        'region = eu-central-1',
        `credential_process = "/opt/node 24/bin/node" "/actions/oidc/dist/credential-process.js" "${dirname(file)}/renewal-state.json"`,
        '',
      ].join('\n'),
    );
  });

  it('writes private files without the request token and removes them after the job', async () => {
    const step = await harness.runMain({ inputs: { refresh: 'true' } });
    const directory = dirname(getStatePath(step));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(directory, name), 'utf8')).not.toContain(
        step.envAfter['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
      );
    }
    await harness.runPostStep(step);
    expect(await readdir(harness.tempDirectory)).toEqual([]);
  });

  it('adds its profile to a copy of the configuration with all other profiles', async () => {
    const userConfig = join(harness.homeDirectory, 'config');
    await writeFile(userConfig, '[profile mine]\nregion = us-east-1\n');
    const { recorded } = await harness.runMain({ inputs: { refresh: 'true' }, env: { AWS_CONFIG_FILE: userConfig } });
    const copy = await readFile(recorded.exported['AWS_CONFIG_FILE'] ?? '', 'utf8');
    expect(copy).toMatch(/^\[profile mine\]\nregion = us-east-1\n\[profile oidc-credentials\]\n/u);
    expect(await readFile(userConfig, 'utf8')).toBe('[profile mine]\nregion = us-east-1\n');
  });

  it('obtains a new session with a new token and one call per role', async () => {
    const step = await harness.runMain({
      inputs: { refresh: 'true', 'role-chain': 'second', 'role-session-name': 'long' },
    });
    const { credentials, calls } = await renewAfter(step, {
      'INPUT_ROLE-ARN': roleArn('other'),
      INPUT_NAME: 'a stack',
    });
    expect(calls.map(({ operation }) => operation)).toEqual(['GetIdToken', 'AssumeRoleWithWebIdentity', 'AssumeRole']);
    expect(calls[1]?.input).toMatchObject({ RoleArn: roleArn('deploy'), RoleSessionName: 'long' });
    expect(credentials).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/), expiration: expect.any(Number) });
  });

  it('fails in a later step without a token, even with other credentials', async () => {
    const step = await harness.runMain({ inputs: { refresh: 'true' } });
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
    const renewed = renewAfter(step, { ...keys, ACTIONS_ID_TOKEN_REQUEST_URL: undefined });
    await expect(renewed).rejects.toMatchObject({ code: 'missing' });
  });

  it('writes a named profile to the shared files', async () => {
    const step = await harness.runMain({ inputs: { refresh: 'true', 'aws-profile': 'long' } });
    const config = join(harness.homeDirectory, '.aws', 'config');
    expect(await readFile(config, 'utf8')).toMatch(/^\[profile long\]\nregion = eu-central-1\ncredential_process = /u);
    expect(step.recorded.exported).toEqual({});
    await harness.runPostStep(step);
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([]);
  });

  it('exports the token file for the SDKs', async () => {
    const token = join(harness.homeDirectory, 'token');
    await writeFile(token, await harness.aws.issueToken({ audience: 'sts.amazonaws.com' }));
    const inputs = { refresh: 'true', 'web-identity-token-file': 'token' };
    const env = { GITHUB_WORKSPACE: harness.homeDirectory };
    const { recorded } = await harness.runMain({ inputs, env });
    expect(recorded.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: roleArn('deploy'),
      AWS_ROLE_SESSION_NAME: 'GitHubActions',
    });
    const named = await harness.runMain({ inputs: { ...inputs, 'aws-profile': 'file' }, env });
    expect(named.recorded.failures).toEqual([]);
    expect(await readFile(join(harness.homeDirectory, '.aws', 'config'), 'utf8')).toContain(
      `web_identity_token_file = ${token}\n`,
    );
    const chained = await harness.runMain({ inputs: { ...inputs, 'role-chain': 'second' }, env });
    expect(chained.recorded.exported).toHaveProperty('AWS_CONFIG_FILE');
  });

  it('rejects keys from inputs or environment, and a run without a role', async () => {
    const keys = { 'aws-access-key-id': 'AKIAUSER', 'aws-secret-access-key': 'user/secret+key' };
    const withKeys = await harness.runMain({ inputs: { refresh: 'true', ...keys } });
    expect(withKeys.recorded.failures[0]).toContain("'refresh' cannot be combined with 'aws-secret-access-key'");
    const withoutRole = await harness.runMain({ inputs: { refresh: 'true', 'role-to-assume': '' } });
    expect(withoutRole.recorded.failures[0]).toContain("'role-arn' is required with 'refresh'");
    const env = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const withEnvKeys = await harness.runMain({ inputs: { refresh: 'true', 'role-chaining': 'true' }, env });
    expect(withEnvKeys.recorded.failures[0]).toContain('keys in the environment');
  });
});
