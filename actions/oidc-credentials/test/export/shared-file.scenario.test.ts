import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { createSpecialFiles, type SpecialFile } from '@aws-delivery/action-kit/testing/special-files';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Harness } from '../harness.js';

const VARIABLES = { config: 'AWS_CONFIG_FILE', credentials: 'AWS_SHARED_CREDENTIALS_FILE' } as const;

describe('shared configuration files', () => {
  let harness: Harness;
  const getPath = (name: string): string => join(harness.homeDirectory, '.aws', name);
  const inputs = { 'aws-profile': 'shop' };

  beforeEach(async () => {
    harness = await Harness.start();
    await mkdir(getPath(''));
  });
  afterEach(() => harness.close());

  const withSpecialFiles = async (use: (file: SpecialFile) => Promise<void>): Promise<void> => {
    const directory = join(harness.homeDirectory, 'special');
    await mkdir(directory);
    const special = await createSpecialFiles(directory);
    try {
      for (const file of special.files) await use(file);
    } finally {
      await special.close();
    }
  };

  const getType = async (path: string): Promise<number> => (await lstat(path)).mode & 0o170000;

  it.each(['config', 'credentials'] as const)('other than regular files are rejected for %s', async (name) => {
    await withSpecialFiles(async ({ path, type }) => {
      const before = await getType(path);
      for (const extra of [{}, { 'overwrite-aws-profile': 'true' }, { refresh: 'true' }]) {
        const options = { inputs: { ...inputs, ...extra }, env: { [VARIABLES[name]]: path } };
        const { recorded, operations } = await harness.runMain(options);
        expect(recorded.failures).toEqual([`${VARIABLES[name]} '${path}' is ${type}: use a regular file`]);
        expect(operations).toEqual([]);
        expect(recorded.exported).toEqual({});
      }
      expect(await getType(path)).toBe(before);
    });
    expect([await readdir(getPath('')), await readdir(harness.tempDirectory)]).toEqual([[], []]);
  });

  it('that were replaced after the step are rejected by the post step, which restores everything else', async () => {
    await withSpecialFiles(async ({ path, type }) => {
      const step = await harness.runMain({ inputs });
      await rm(getPath('config'));
      await symlink(path, getPath('config'));
      const before = await getType(path);
      const { log, exported } = await harness.runPostStep(step);
      expect(log.getOutput()).toContain(`'${getPath('config')}' is ${type}: use a regular file`);
      expect(await getType(path)).toBe(before);
      expect(exported).toMatchObject({});
      expect(await readdir(getPath(''))).toEqual(['config']);
      await rm(getPath('config'));
      expect(await readdir(harness.tempDirectory)).toEqual([]);
    });
  });

  it('may be the null device when only a private copy is written', async () => {
    const env = { AWS_CONFIG_FILE: devNull };
    const step = await harness.runMain({ inputs: { refresh: 'true' }, env });
    expect(step.recorded.failures).toEqual([]);
    expect(await readFile(step.recorded.exported['AWS_CONFIG_FILE'] ?? '', 'utf8')).toMatch(/^\[profile oidc/u);
    expect((await harness.runPostStep(step)).exported).toMatchObject(env);
  });

  const itOnPosix = process.platform === 'win32' ? it.skip : it;

  itOnPosix('keep their mode, and keys that others can read are reported', async () => {
    for (const name of ['config', 'credentials']) {
      await writeFile(getPath(name), '[default]\n');
      await chmod(getPath(name), 0o640);
    }
    const step = await harness.runMain({ inputs });
    const readModes = () =>
      Promise.all(['config', 'credentials'].map(async (name) => (await stat(getPath(name))).mode & 0o777));
    expect(await readModes()).toEqual([0o640, 0o640]);
    const warnings = step.recorded.log.getOutput().match(/warning: .*/gu);
    expect(warnings).toEqual([
      `warning: other users can read the access keys in ${getPath('credentials')} (mode 640): run chmod 600 on it`,
    ]);
    await harness.runPostStep(step);
    expect(await readModes()).toEqual([0o640, 0o640]);
  });

  const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

  itAsRoot('keep their owner', async () => {
    await writeFile(getPath('config'), '[default]\n');
    await chown(getPath('config'), 12_345, 12_346);
    const readOwner = async () => {
      const { uid, gid } = await stat(getPath('config'));
      return [uid, gid];
    };
    const step = await harness.runMain({ inputs });
    expect(await readOwner()).toEqual([12_345, 12_346]);
    await harness.runPostStep(step);
    expect(await readOwner()).toEqual([12_345, 12_346]);
  });

  it('keep their hard links', async () => {
    const other = join(harness.homeDirectory, 'other');
    await writeFile(other, '[default]\nregion = us-east-1\n# a long comment that the restored file must not keep\n');
    const content = await readFile(other, 'utf8');
    await link(other, getPath('config'));
    const step = await harness.runMain({ inputs });
    expect(await readFile(other, 'utf8')).toContain('[profile shop]');
    await harness.runPostStep(step);
    expect(await readFile(other, 'utf8')).toBe(content);
  });

  it('are created behind a link to a missing file, and only the link remains after the job', async () => {
    const target = join(harness.homeDirectory, 'dotfiles', 'config');
    await symlink('../dotfiles/config', getPath('config'));
    const step = await harness.runMain({ inputs });
    expect(step.recorded.failures).toEqual([]);
    expect(await readlink(getPath('config'))).toBe('../dotfiles/config');
    expect(await readFile(target, 'utf8')).toBe('[profile shop]\nregion = eu-central-1\n');
    await harness.runPostStep(step);
    expect(await readdir(dirname(target))).toEqual([]);
    expect(await readdir(getPath(''))).toEqual(['config']);
  });

  itOnPosix('in a directory that cannot be created are an error', async () => {
    const { recorded } = await harness.runMain({ inputs, env: { AWS_CONFIG_FILE: '/proc/absent/config' } });
    expect(recorded.failures).toHaveLength(1);
    expect(await readdir(getPath(''))).toEqual([]);
  });

  it('behind a circular link are rejected', async () => {
    await symlink('config', getPath('config'));
    const { recorded } = await harness.runMain({ inputs });
    expect(recorded.failures[0]).toContain(`'${getPath('config')}'`);
    expect(await readdir(getPath(''))).toEqual(['config']);
  });

  it('never contain a line of a key', async () => {
    const keys = { 'aws-access-key-id': 'AKIAUSER', 'aws-secret-access-key': 'user/secret+key\n[other]\nregion = x' };
    const { recorded } = await harness.runMain({ inputs: { ...inputs, ...keys, 'role-to-assume': '' } });
    expect(recorded.failures[0]).toContain("'aws-secret-access-key' contains");
    expect(recorded.failures[0]).not.toContain('[other]');
    expect(await readdir(getPath(''))).toEqual([]);
  });
});
