import { chmod, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Stage } from './stage.js';

const CONFIG =
  '# mine\n[default]\nregion = us-east-1 ; here\n\n[profile shop]\nregion=eu-west-1\ns3 =\n  max_queue_size = 10\n[profile last]\noutput = json';
const CREDENTIALS = '[shop]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n';

describe('profiles', () => {
  let stage: Stage;
  const file = (name: string): string => join(stage.home, '.aws', name);
  const read = (name: string): Promise<string> => readFile(file(name), 'utf8');
  const modeOf = async (name: string): Promise<number> => (await stat(file(name))).mode & 0o777;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const writeExisting = async (): Promise<void> => {
    await mkdir(join(stage.home, '.aws'));
    await writeFile(file('config'), CONFIG);
    await writeFile(file('credentials'), CREDENTIALS);
    await chmod(file('config'), 0o644);
    await chmod(file('credentials'), 0o600);
  };

  it('are written for the owner alone and are gone after the job, files with them', async () => {
    const step = await stage.main({ inputs: { 'aws-profile': 'shop' } });
    expect(await modeOf('credentials')).toBe(0o600);
    expect(await modeOf('config')).toBe(0o600);
    await stage.post(step);
    expect(await readdir(join(stage.home, '.aws'))).toEqual([]);
    expect(await readdir(stage.temporary)).toEqual([]);
  });

  it('stand beside what was there, which stays to the byte', async () => {
    await writeExisting();
    const step = await stage.main({ inputs: { 'aws-profile': 'other' } });
    expect(await read('config')).toBe(`${CONFIG}\n[profile other]\nregion = eu-central-1\n`);
    await stage.post(step);
    expect(await read('config')).toBe(`${CONFIG}\n`);
    expect(await read('credentials')).toBe(CREDENTIALS);
    expect(await modeOf('config')).toBe(0o644);
  });

  it('of the same name are replaced when that is asked for, and put back', async () => {
    await writeExisting();
    const step = await stage.main({ inputs: { 'aws-profile': 'shop', 'overwrite-aws-profile': 'true' } });
    expect(await read('config')).toBe(
      CONFIG.replace(/\[profile shop\][^[]*/u, '[profile shop]\nregion = eu-central-1\n'),
    );
    expect(await read('credentials')).not.toContain('AKIAOLD');
    await stage.post(step);
    expect([await read('config'), await read('credentials')]).toEqual([CONFIG, CREDENTIALS]);
  });

  it('of the same name are refused otherwise, and nothing stays behind', async () => {
    await writeExisting();
    const { memory } = await stage.main({ inputs: { 'aws-profile': 'shop', 'output-env-credentials': 'true' } });
    expect(memory.failures[0]).toContain("choose another name, or set 'overwrite-aws-profile: true'");
    expect(memory.exported).toEqual({});
    expect([await read('config'), await read('credentials')]).toEqual([CONFIG, CREDENTIALS]);
    expect(await readdir(stage.temporary)).toEqual([]);
  });

  it('are taken back when one of two files cannot be written', async () => {
    await mkdir(join(stage.home, 'folder'));
    const variables = { AWS_CONFIG_FILE: join(stage.home, 'folder') };
    const { memory } = await stage.main({ inputs: { 'aws-profile': 'shop' }, variables });
    expect(memory.failures).toHaveLength(1);
    expect(await readdir(stage.home)).toEqual(['folder']);
    expect(await readdir(stage.temporary)).toEqual([]);
  });

  it('are written through links, which stay links', async () => {
    await mkdir(join(stage.home, '.aws'));
    await writeFile(join(stage.home, 'dotfile'), CONFIG);
    await symlink(join(stage.home, 'dotfile'), file('config'));
    await stage.main({ inputs: { 'aws-profile': 'other' } });
    expect(await readlink(file('config'))).toBe(join(stage.home, 'dotfile'));
    expect(await read('config')).toContain('[profile other]');
  });

  it('go where AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say, and are exported on request', async () => {
    const variables = { AWS_SHARED_CREDENTIALS_FILE: '~/keys', AWS_CONFIG_FILE: join(stage.home, 'settings') };
    const inputs = { 'aws-profile': 'default', 'output-env-credentials': 'true' };
    const step = await stage.main({ inputs, variables });
    expect(await readFile(join(stage.home, 'settings'), 'utf8')).toBe('[default]\nregion = eu-central-1\n');
    expect(await readFile(join(stage.home, 'keys'), 'utf8')).toContain('[default]\naws_access_key_id = ASIA');
    expect(step.memory.exported).toMatchObject({ AWS_PROFILE: 'default', AWS_ACCESS_KEY_ID: expect.any(String) });
    expect((await stage.post(step)).exported).toMatchObject({ AWS_PROFILE: '' });
  });

  it('of two steps are both there, and both go', async () => {
    const first = await stage.main({ inputs: { 'aws-profile': 'one' } });
    const second = await stage.main({ inputs: { 'aws-profile': 'two' } });
    expect(await read('config')).toMatch(/\[profile one\][\s\S]*\[profile two\]/u);
    await stage.post(second);
    await stage.post(first);
    expect(await readdir(join(stage.home, '.aws'))).toEqual([]);
  });

  it('stay, with everything else, where AWS_SKIP_CLEANUP_STEP asks for it', async () => {
    const step = await stage.main({ inputs: { 'aws-profile': 'shop' } });
    const memory = await stage.post(step, { AWS_SKIP_CLEANUP_STEP: 'true' });
    expect(memory.exported).toEqual({});
    expect(await read('credentials')).toContain('[shop]');
  });

  it('that are set already lead to the keys that were checked, whichever of the two an SDK takes', async () => {
    await writeExisting();
    const step = await stage.main({ variables: { AWS_PROFILE: 'shop', AWS_DEFAULT_PROFILE: 'shop' } });
    const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE = '', AWS_ACCESS_KEY_ID } = step.memory.exported;
    expect([AWS_PROFILE, AWS_DEFAULT_PROFILE]).toEqual(['oidc-credentials', 'oidc-credentials']);
    const config = await readFile(AWS_CONFIG_FILE, 'utf8');
    expect(config).toContain(
      `[profile oidc-credentials]\nregion = eu-central-1\naws_access_key_id = ${AWS_ACCESS_KEY_ID}`,
    );
    expect(config).toContain('[profile shop]');
    expect((await stage.post(step)).exported).toMatchObject({ AWS_PROFILE: 'shop', AWS_CONFIG_FILE: '' });
    expect(await readdir(stage.temporary)).toEqual([]);
  });

  it('that are set beside keys in place lead to those keys, since they were checked', async () => {
    const step = await stage.main({
      inputs: { 'use-existing-credentials': 'true', 'role-to-assume': '' },
      variables: { AWS_PROFILE: 'shop', AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' },
    });
    expect(step.memory.exported).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(await readFile(step.memory.exported['AWS_CONFIG_FILE'] ?? '', 'utf8')).toContain('AKIAUSER');
    await stage.post(step);
  });

  it('are written by steps of several jobs at once, and none is lost', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const steps = await Promise.all(names.map((name) => stage.main({ inputs: { 'aws-profile': name } })));
    const written = await read('credentials');
    expect(names.filter((name) => !written.includes(`[${name}]`))).toEqual([]);
    await Promise.all(steps.map((step) => stage.post(step)));
    expect(await readdir(join(stage.home, '.aws'))).toEqual([]);
  });

  it('leave no draft with keys behind when the step was killed while it wrote', async () => {
    const step = await stage.main({ inputs: { 'aws-profile': 'shop' } });
    await writeFile(file('credentials.oidc-credentials.draft'), 'aws_secret_access_key = half');
    await stage.post(step);
    expect(await readdir(join(stage.home, '.aws'))).toEqual([]);
  });
});

describe('the post step', () => {
  it('does nothing after a step that set nothing, and warns instead of failing', async () => {
    const stage = await Stage.open();
    const failed = await stage.main({ inputs: { 'role-arn': 'no role at all', 'role-to-assume': '' } });
    expect(failed.memory.failures).toHaveLength(1);
    expect((await stage.post(failed)).exported).toEqual({});
    const step = await stage.main();
    const memory = await stage.post(step, { AWS_SKIP_CLEANUP_STEP: 'perhaps' });
    expect(memory.failures).toEqual([]);
    expect(memory.exported).toMatchObject({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    expect(memory.log.text()).toContain("'perhaps' is not a boolean");
    await stage.close();
  });

  it('removes the directory of a step that was killed before it could say more', async () => {
    const stage = await Stage.open();
    const step = await stage.main();
    await rm(join(step.memory.state['restore'] ?? '', 'restore.json'));
    expect((await stage.post(step)).log.text()).not.toContain('did not finish');
    expect(await readdir(stage.temporary)).toEqual([]);
    await stage.close();
  });

  it('keeps former secrets out of the state and masks them', async () => {
    const stage = await Stage.open();
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAFORMER', AWS_SECRET_ACCESS_KEY: 'former-secret' };
    const step = await stage.main({ variables });
    expect(JSON.stringify(step.memory.state)).not.toContain('former');
    const memory = await stage.post(step);
    expect(memory.masked).toEqual(expect.arrayContaining(['AKIAFORMER', 'former-secret']));
    expect(memory.exported).toMatchObject(variables);
    await stage.close();
  });
});
