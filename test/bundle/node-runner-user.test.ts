import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { followOutput } from '../process-output.js';

/** A user ID without an entry in the user database, as containers get from `--user` and OpenShift. */
const UNKNOWN_USER = 54_321;
const obstacle = process.getuid?.() === 0 ? undefined : 'needs root, to start a process of another user';
const PARTS = ['packages/node-runner/dist', 'actions/oidc-credentials/dist', 'actions/oidc-credentials/action.yml'];

declareUnless(obstacle, describe)('the node runner of a user without HOME and without an entry in passwd', () => {
  let aws: LocalAws;
  let directory: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'user-'));
    chmodSync(directory, 0o755);
    for (const part of PARTS) cpSync(join(root, part), join(directory, part), { recursive: true });
    mkdirSync(join(directory, 'work'));
    chmodSync(join(directory, 'work'), 0o777);
    aws = await startLocalAws({ scenario: { iam: { accessKeys: { AKIAROOT: 'root-secret' } } } });
  });
  afterEach(async () => {
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  const run = async (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const env = { PATH: process.env['PATH'] ?? '', TMPDIR: join(directory, 'work'), ...variables };
    const child = spawn(process.execPath, [join(directory, 'packages/node-runner/dist/runner.js'), ...args], {
      cwd: join(directory, 'work'),
      env: { ...env, AWS_ENDPOINT_URL: aws.url },
      uid: UNKNOWN_USER,
      gid: UNKNOWN_USER,
    });
    child.stdin.end();
    const output = followOutput(child);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output: output.get() };
  };
  const credentials = ['oidc-credentials', '--aws-region', 'eu-west-1'];
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };

  it('runs an action with keys from the environment', async () => {
    expect(await run(credentials, keys)).toMatchObject({ code: 0 });
    expect(aws.calls().map(({ operation }) => operation)).toContain('GetCallerIdentity');
  });

  it('writes a profile, which later actions of the job read', async () => {
    const inputs = ['--aws-access-key-id', 'AKIAROOT', '--aws-secret-access-key', 'root-secret'];
    const uses = [...credentials, '--aws-profile', 'delivery', ...inputs, '--', 'oidc-credentials'];
    const variables = { AWS_REGION: 'eu-west-1', AWS_PROFILE: 'delivery' };
    const { code, output } = await run(['--state', 'job', ...uses], variables);
    expect({ code, output }).toMatchObject({ code: 0 });
  });

  it.each(['unset', 'empty'])('with HOME %s, ignores the AWS configuration of the working directory', async (state) => {
    mkdirSync(join(directory, 'work', '.aws'));
    const keysOfCheckout = 'aws_access_key_id = AKIAROOT\naws_secret_access_key = root-secret\n';
    writeFileSync(join(directory, 'work', '.aws', 'credentials'), `[default]\n${keysOfCheckout}`);
    const variables: Record<string, string> = state === 'empty' ? { HOME: '' } : {};
    expect(await run(credentials, variables)).toMatchObject({
      code: 1,
      output: expect.stringContaining('No AWS credentials found'),
    });
  });

  it('states that there are no credentials', async () => {
    expect(await run(credentials)).toEqual({ code: 1, output: expect.stringContaining('No AWS credentials found') });
  });
});
