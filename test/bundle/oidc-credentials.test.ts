import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { roleArn, scenario } from '../../actions/oidc-credentials/test/harness.js';
import { root } from '../../scripts/command.mjs';

const run = promisify(execFile);
const action = join(root, 'actions', 'oidc-credentials');
const inputs = { 'aws-region': 'eu-central-1', 'role-to-assume': roleArn('deploy') };

/** Prints the ARN of the identity that the SDK of a later step finds in its environment. */
const CALLER_IDENTITY_SCRIPT = `
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
  const { Arn } = await new STSClient().send(new GetCallerIdentityCommand());
  process.stdout.write(Arn);
`;

/** Asynchronous, since local AWS in this process responds to the child. */
const readIdentity = async (env: Record<string, string>): Promise<string> => {
  const args = ['--no-warnings', '--input-type=module', '-e', CALLER_IDENTITY_SCRIPT];
  return (await run(process.execPath, args, { env, cwd: root })).stdout;
};

describe('the bundle of oidc-credentials', () => {
  let aws: LocalAws;
  let home: string;
  let baseEnv: Record<string, string>;

  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    baseEnv = { PATH: process.env['PATH'] ?? '', HOME: home };
    aws = await startLocalAws({ scenario: { ...scenario, oidc: { claims: { repository: 'octocat/my-repo' } } } });
  });
  afterEach(async () => {
    await aws.close();
    await rm(home, { recursive: true });
  });

  const getTokenEndpoint = () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = aws.createEnv();
    return { url, token };
  };
  const startJob = (): Job =>
    new Job({
      workspace: join(home, 'work'),
      baseEnv,
      env: { AWS_ENDPOINT_URL: aws.url },
      idToken: getTokenEndpoint(),
    });
  /** The environment of a later step. */
  const buildStepEnv = ({ exported }: Job): Record<string, string> => {
    const { url, token } = getTokenEndpoint();
    const own = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token, AWS_ENDPOINT_URL: aws.url };
    return { ...baseEnv, ...own, ...exported };
  };
  const listOperations = (): readonly string[] =>
    aws.calls().flatMap(({ service, operation }) => (service === 'oidc' ? [] : [operation]));

  /** Expects that the job left no profile, no temporary file and no exported variable. */
  const expectNothingLeft = async (job: Job): Promise<void> => {
    expect(await readdir(join(home, '.aws')).catch(() => [])).toEqual([]);
    expect((await readdir(job.temp)).filter((name) => name.startsWith('oidc-credentials'))).toEqual([]);
    expect(Object.values(job.exported).filter((value) => value !== '')).toEqual([]);
  };

  it('exports working credentials with two calls, and removes them in the post step', async () => {
    await using job = startJob();
    const { conclusion, summary, log } = await job.run({ action, inputs });
    expect(conclusion).toBe('success');
    expect(listOperations()).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(summary).toContain('AWS credentials');
    expect(log.join('\n')).not.toContain(job.exported['AWS_SECRET_ACCESS_KEY']);
    expect(await readIdentity(buildStepEnv(job))).toContain('assumed-role/deploy/GitHubActions');
    const [post] = await job.finish();
    expect(post?.conclusion).toBe('success');
    await expectNothingLeft(job);
  });

  it('exports nothing from a step that fails', async () => {
    await using job = startJob();
    const { conclusion } = await job.run({ action, inputs: { ...inputs, 'allowed-account-ids': '999988887777' } });
    expect(conclusion).toBe('failure');
    expect(job.exported).toEqual({});
    await job.finish();
    await expectNothingLeft(job);
  });

  it('retries after a connection reset', async () => {
    aws.setFaults([{ fault: 'reset', operation: 'AssumeRoleWithWebIdentity', calls: 1 }]);
    await using job = startJob();
    expect((await job.run({ action, inputs })).conclusion).toBe('success');
  });

  it('renews credentials through credential_process, once for concurrent callers, without keys in the environment', async () => {
    await using job = startJob();
    await job.run({ action, inputs: { ...inputs, refresh: 'true' } });
    expect(job.exported).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
    const cache = join(dirname(job.exported['AWS_CONFIG_FILE'] ?? ''), 'session.json');
    const first = JSON.parse(await readFile(cache, 'utf8'));

    expect(await readIdentity(buildStepEnv(job))).toContain('assumed-role/deploy/GitHubActions');
    expect(listOperations().filter((name) => name === 'AssumeRoleWithWebIdentity')).toHaveLength(1);

    const minute = 60_000;
    const old = { ...first.credentials, expiration: Date.now() + 15 * minute };
    await writeFile(cache, JSON.stringify({ credentials: old, obtained: Date.now() - 45 * minute }));
    const identities = await Promise.all([1, 2, 3].map(() => readIdentity(buildStepEnv(job))));
    expect(new Set(identities).size).toBe(1);
    expect(listOperations().filter((name) => name === 'AssumeRoleWithWebIdentity')).toHaveLength(2);
    expect(JSON.parse(await readFile(cache, 'utf8')).credentials.accessKeyId).not.toBe(old.accessKeyId);
    await job.finish();
    await expectNothingLeft(job);
  });

  it('exports the role of the last step, also after a step with refresh', async () => {
    await using job = startJob();
    await job.run({ action, inputs: { ...inputs, refresh: 'true' } });
    await job.run({ action, inputs: { ...inputs, 'role-chain': 'second' } });
    expect(await readIdentity(buildStepEnv(job))).toContain('assumed-role/second/');
    await job.finish();
    await expectNothingLeft(job);
  });

  it('prints why there are no credentials after the job to standard error only', async () => {
    await using job = startJob();
    await job.run({ action, inputs: { ...inputs, refresh: 'true' } });
    const command = /credential_process = (.*)/u.exec(
      await readFile(job.exported['AWS_CONFIG_FILE'] ?? '', 'utf8'),
    )?.[1];
    await job.finish();
    const result = run('sh', ['-c', command ?? 'true'], { env: buildStepEnv(job) });
    await expect(result).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('the job that created this profile has ended'),
    });
  });

  it.each([
    ['the environment', {}],
    ['a profile', { 'aws-profile': 'shop', 'output-env-credentials': 'true' }],
    ['a profile with refresh', { refresh: 'true' }],
    ['a named profile with refresh', { refresh: 'true', 'aws-profile': 'shop' }],
  ])('removes %s in the post step after main was killed', async (_, outputInputs) => {
    await using job = startJob();
    const step = await job.start({ action, inputs: { ...inputs, ...outputInputs } });
    await step.waitForLine(/^Exported AWS credentials/u);
    step.kill();
    await step.result;
    await job.finish();
    await expectNothingLeft(job);
  });

  it('leaves nothing when it is killed before it has credentials', async () => {
    aws.setFaults([{ fault: 'latency', by: '5s', operation: 'AssumeRoleWithWebIdentity' }]);
    await using job = startJob();
    const step = await job.start({ action, inputs: { ...inputs, 'aws-profile': 'shop' } });
    await step.waitForLine(/^Assuming /u);
    step.kill();
    await step.result;
    await job.finish();
    await expectNothingLeft(job);
  });

  it('stops retrying when the job is cancelled', async () => {
    aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    await using job = startJob();
    const step = await job.start({ action, inputs });
    await step.waitForLine(/^Attempt 1 failed/u);
    job.cancel();
    const { log } = await step.result;
    expect(log.join('\n')).toContain('cancelled: received SIGINT from the runner');
    expect(job.exported).toEqual({});
  });

  it('restores a replaced profile after main was killed', async () => {
    const file = join(home, '.aws', 'credentials');
    const before = '# mine\n[shop]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n';
    await mkdir(dirname(file));
    await writeFile(file, before);
    await using job = startJob();
    const step = await job.start({
      action,
      inputs: { ...inputs, 'aws-profile': 'shop', 'overwrite-aws-profile': 'true' },
    });
    await step.waitForLine(/^Exported AWS credentials/u);
    step.kill();
    await step.result;
    expect(await readFile(file, 'utf8')).not.toContain('AKIAOLD');
    await job.finish();
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  describe('without a token', () => {
    const offline = { AWS_EC2_METADATA_DISABLED: 'true' };
    const startLocalJob = (env: Record<string, string> = {}): Job =>
      new Job({
        workspace: join(home, 'work'),
        baseEnv,
        env: { AWS_ENDPOINT_URL: aws.url, ...offline, ...env },
      });
    const asUser = { ...inputs, 'role-to-assume': roleArn('user') };
    const writeKeys = async (): Promise<void> => {
      await mkdir(join(home, '.aws'));
      const keys = 'aws_access_key_id = AKIAUSER\naws_secret_access_key = user/secret+key\n';
      await writeFile(join(home, '.aws', 'credentials'), `[default]\n${keys}`);
    };

    it('uses the default credential chain, and logs it', async () => {
      await writeKeys();
      await using job = startLocalJob();
      const { conclusion, log } = await job.run({ action, inputs: asUser });
      expect(conclusion).toBe('success');
      expect(log.join('\n')).toContain('No OIDC token found; using the default AWS credential chain');
      expect(listOperations()).toEqual(['AssumeRole', 'GetCallerIdentity']);
    });

    it('ignores keys in the environment with unset-current-credentials', async () => {
      await writeKeys();
      await using job = startLocalJob({ AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'old' });
      const { conclusion } = await job.run({ action, inputs: { ...asUser, 'unset-current-credentials': 'true' } });
      expect(conclusion).toBe('success');
    });

    it('renews credentials from the default credential chain', async () => {
      await writeKeys();
      await using job = startLocalJob();
      expect((await job.run({ action, inputs: { ...asUser, refresh: 'true' } })).conclusion).toBe('success');
      const cache = join(dirname(job.exported['AWS_CONFIG_FILE'] ?? ''), 'session.json');
      await rm(cache);
      expect(await readIdentity({ ...buildStepEnv(job), ...offline })).toContain('assumed-role/user/');
    });

    it('names the missing permission when no credentials are found', async () => {
      await using job = startLocalJob();
      const { conclusion, annotations } = await job.run({ action, inputs });
      expect(conclusion).toBe('failure');
      expect(annotations[0]?.message).toContain(
        "No AWS credentials found: set 'permissions: id-token: write' on the job",
      );
    });
  });
});
