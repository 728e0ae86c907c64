import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Harness } from '../harness.js';

const CONFIG =
  '# mine\n[default]\nregion = us-east-1 ; here\n\n[profile shop]\nregion=eu-west-1\ns3 =\n  max_queue_size = 10\n[profile last]\noutput = json';
const CREDENTIALS = '[shop]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n';

describe('profiles', () => {
  let harness: Harness;
  const getPath = (name: string): string => join(harness.homeDirectory, '.aws', name);
  const readConfigFile = (name: string): Promise<string> => readFile(getPath(name), 'utf8');
  const getMode = async (name: string): Promise<number> => (await stat(getPath(name))).mode & 0o777;

  beforeEach(async () => {
    harness = await Harness.start();
  });
  afterEach(() => harness.close());

  const writeExisting = async (): Promise<void> => {
    await mkdir(join(harness.homeDirectory, '.aws'));
    await writeFile(getPath('config'), CONFIG);
    await writeFile(getPath('credentials'), CREDENTIALS);
    await chmod(getPath('config'), 0o644);
    await chmod(getPath('credentials'), 0o600);
  };

  it('are written for the owner only and removed after the job with their files', async () => {
    const step = await harness.runMain({ inputs: { 'aws-profile': 'shop' } });
    expect(await getMode('credentials')).toBe(0o600);
    expect(await getMode('config')).toBe(0o600);
    await harness.runPostStep(step);
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([]);
    expect(await readdir(harness.tempDirectory)).toEqual([]);
  });

  it('leave the rest of the files unchanged', async () => {
    await writeExisting();
    const step = await harness.runMain({ inputs: { 'aws-profile': 'other' } });
    expect(await readConfigFile('config')).toBe(`${CONFIG}\n[profile other]\nregion = eu-central-1\n`);
    await harness.runPostStep(step);
    expect(await readConfigFile('config')).toBe(`${CONFIG}\n`);
    expect(await readConfigFile('credentials')).toBe(CREDENTIALS);
    expect(await getMode('config')).toBe(0o644);
  });

  it('of the same name are replaced with overwrite-aws-profile and restored after the job', async () => {
    await writeExisting();
    const step = await harness.runMain({ inputs: { 'aws-profile': 'shop', 'overwrite-aws-profile': 'true' } });
    expect(await readConfigFile('config')).toBe(
      CONFIG.replace(/\[profile shop\][^[]*/u, '[profile shop]\nregion = eu-central-1\n'),
    );
    expect(await readConfigFile('credentials')).not.toContain('AKIAOLD');
    await harness.runPostStep(step);
    expect([await readConfigFile('config'), await readConfigFile('credentials')]).toEqual([CONFIG, CREDENTIALS]);
  });

  it('of the same name are rejected by default, without a change', async () => {
    await writeExisting();
    const { recorded } = await harness.runMain({ inputs: { 'aws-profile': 'shop', 'output-env-credentials': 'true' } });
    expect(recorded.failures[0]).toContain("choose another name, or set 'overwrite-aws-profile: true'");
    expect(recorded.exported).toEqual({});
    expect([await readConfigFile('config'), await readConfigFile('credentials')]).toEqual([CONFIG, CREDENTIALS]);
    expect(await readdir(harness.tempDirectory)).toEqual([]);
  });

  it('are rolled back when one of two files cannot be written', async () => {
    const obstacle = 'config.oidc-credentials.tmp';
    await mkdir(getPath(obstacle), { recursive: true });
    const { recorded } = await harness.runMain({ inputs: { 'aws-profile': 'shop' } });
    expect(recorded.failures).toHaveLength(1);
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([obstacle]);
    expect(await readdir(harness.tempDirectory)).toEqual([]);
  });

  it('are written through symbolic links', async () => {
    await mkdir(join(harness.homeDirectory, '.aws'));
    await writeFile(join(harness.homeDirectory, 'dotfile'), CONFIG);
    await symlink(join(harness.homeDirectory, 'dotfile'), getPath('config'));
    await harness.runMain({ inputs: { 'aws-profile': 'other' } });
    expect(await readlink(getPath('config'))).toBe(join(harness.homeDirectory, 'dotfile'));
    expect(await readConfigFile('config')).toContain('[profile other]');
  });

  it('are written to AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, and exported with output-env-credentials', async () => {
    const env = { AWS_SHARED_CREDENTIALS_FILE: '~/keys', AWS_CONFIG_FILE: join(harness.homeDirectory, 'settings') };
    const inputs = { 'aws-profile': 'default', 'output-env-credentials': 'true' };
    const step = await harness.runMain({ inputs, env });
    expect(await readFile(join(harness.homeDirectory, 'settings'), 'utf8')).toBe('[default]\nregion = eu-central-1\n');
    expect(await readFile(join(harness.homeDirectory, 'keys'), 'utf8')).toContain(
      '[default]\naws_access_key_id = ASIA',
    );
    expect(step.recorded.exported).toMatchObject({ AWS_PROFILE: 'default', AWS_ACCESS_KEY_ID: expect.any(String) });
    expect((await harness.runPostStep(step)).exported).toMatchObject({ AWS_PROFILE: '' });
  });

  it('of two steps coexist and are both removed', async () => {
    const first = await harness.runMain({ inputs: { 'aws-profile': 'one' } });
    const second = await harness.runMain({ inputs: { 'aws-profile': 'two' } });
    expect(await readConfigFile('config')).toMatch(/\[profile one\][\s\S]*\[profile two\]/u);
    await harness.runPostStep(second);
    await harness.runPostStep(first);
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([]);
  });

  it('are kept with AWS_SKIP_CLEANUP_STEP', async () => {
    const step = await harness.runMain({ inputs: { 'aws-profile': 'shop' } });
    const recorded = await harness.runPostStep(step, { AWS_SKIP_CLEANUP_STEP: 'true' });
    expect(recorded.exported).toEqual({});
    expect(await readConfigFile('credentials')).toContain('[shop]');
  });

  it('in AWS_PROFILE are replaced by one with the exported keys', async () => {
    await writeExisting();
    const step = await harness.runMain({ env: { AWS_PROFILE: 'shop', AWS_DEFAULT_PROFILE: 'shop' } });
    const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE = '', AWS_ACCESS_KEY_ID } = step.recorded.exported;
    expect([AWS_PROFILE, AWS_DEFAULT_PROFILE]).toEqual(['oidc-credentials', 'oidc-credentials']);
    const config = await readFile(AWS_CONFIG_FILE, 'utf8');
    expect(config).toContain(
      `[profile oidc-credentials]\nregion = eu-central-1\naws_access_key_id = ${AWS_ACCESS_KEY_ID}`,
    );
    expect(config).toContain('[profile shop]');
    expect((await harness.runPostStep(step)).exported).toMatchObject({ AWS_PROFILE: 'shop', AWS_CONFIG_FILE: '' });
    expect(await readdir(harness.tempDirectory)).toEqual([]);
  });

  it('in AWS_PROFILE are replaced by one with the existing keys', async () => {
    const step = await harness.runMain({
      inputs: { 'use-existing-credentials': 'true', 'role-to-assume': '' },
      env: { AWS_PROFILE: 'shop', AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' },
    });
    expect(step.recorded.exported).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(await readFile(step.recorded.exported['AWS_CONFIG_FILE'] ?? '', 'utf8')).toContain('AKIAUSER');
    await harness.runPostStep(step);
  });

  it('are all kept when several jobs write at once', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const steps = await Promise.all(names.map((name) => harness.runMain({ inputs: { 'aws-profile': name } })));
    const content = await readConfigFile('credentials');
    expect(names.filter((name) => !content.includes(`[${name}]`))).toEqual([]);
    await Promise.all(steps.map((step) => harness.runPostStep(step)));
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([]);
  });

  it('leave no temporary file after a step that was killed while writing', async () => {
    const step = await harness.runMain({ inputs: { 'aws-profile': 'shop' } });
    await writeFile(getPath('credentials.oidc-credentials.tmp'), 'aws_secret_access_key = half');
    await harness.runPostStep(step);
    expect(await readdir(join(harness.homeDirectory, '.aws'))).toEqual([]);
  });
});
