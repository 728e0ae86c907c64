import { join } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, REGION, renderThings, scenario, TestHarness } from './harness.js';

const HOUR = 3_600_000;
const role = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const everything = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } as const;

/** Ahead of the machine's clock, so that the SDK does not renew by itself: only AWS reports the expiry. */
const harness = await TestHarness.open(
  {
    ...scenario,
    iam: {
      accessKeys: { AKIAROOT: 'root-secret' },
      users: { ci: { accessKeys: { AKIACI: 'ci-secret' }, policies: { all: everything } } },
      roles: {
        deploy: {
          trust: {
            Statement: [
              { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
            ],
          },
          policies: { all: everything },
        },
      },
    },
    cloudformation: { ...scenario.cloudformation, durations: { create: '100m', changeSet: '1s' } },
  },
  Date.now() + 48 * HOUR,
);
afterAll(() => harness.close());

const before = { ...process.env };
beforeEach(() => harness.aws.reset());
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

const deploy = { template: harness.write('template.json', renderThings({ A: 'good' })) };

const assumeRole = async (): Promise<Readonly<Record<string, string>>> => {
  const client = new STSClient({ credentials: { accessKeyId: 'AKIACI', secretAccessKey: 'ci-secret' } });
  const { Credentials: credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'job' }),
  );
  client.destroy();
  return {
    AWS_ACCESS_KEY_ID: credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: credentials?.SessionToken ?? '',
    AWS_CREDENTIAL_EXPIRATION: credentials?.Expiration?.toISOString() ?? '',
  };
};

/** A profile with a renewable session, as oidc-credentials writes it. */
const useProfile = (): void => {
  const keys = 'aws_access_key_id = AKIACI\naws_secret_access_key = ci-secret\n';
  const profiles = `[profile source]\n${keys}\n[profile deploy]\nregion = ${REGION}\nrole_arn = ${role}\nsource_profile = source\n`;
  process.env['AWS_CONFIG_FILE'] = join(harness.workspace, harness.write('config', profiles));
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(harness.workspace, 'none');
  process.env['AWS_PROFILE'] = 'deploy';
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
};

describe('a deployment of 100 minutes with a session of one hour', () => {
  it('is followed to its end if the session can be renewed', async () => {
    useProfile();
    const keys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: 'deploy' };
    const run = await harness.deploy(deploy, { env: keys });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(run.durationMs).toBeGreaterThan(100 * 60_000);
    const denied = run.calls.filter(({ error }) => error === 'ExpiredToken');
    expect(denied.map(({ service }) => service)).toEqual(['cloudformation']);
    const sessions = run.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(sessions.length).toBeGreaterThan(1);
    expect(run.log).not.toContain('the credentials expire at');
  });

  it('fails if the session cannot be renewed, after a notice at the start, and leaves the operation running', async () => {
    const session = await assumeRole();
    Object.assign(process.env, session);
    const run = await harness.deploy(deploy, { env: session });
    expect(run.failure).toMatch(/ExpiredToken.*The operation continues: request a longer session and run mode: wait/u);
    expect(run.durationMs).toBeGreaterThanOrEqual(HOUR);
    expect(run.durationMs).toBeLessThan(HOUR + 60_000);
    const [first = ''] = run.log.split('\n');
    expect(first).toContain('the credentials expire at');
    expect(first).toContain(
      'this step may take 5h 50m 00s: request a longer session, reduce the timeout, or set refresh',
    );
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('logs no notice if the timeout is within the session', async () => {
    const session = await assumeRole();
    Object.assign(process.env, session);
    const run = await harness.deploy({ ...deploy, timeout: '50m' }, { env: session });
    expect(run.failure).toContain('timed out after');
    expect(run.log).not.toContain('the credentials expire at');
  });
});
