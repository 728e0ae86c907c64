import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSpecialFiles } from '@aws-delivery/action-kit/testing/special-files';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findToolCredentials } from '../../src/login/docker-config.js';

describe('findToolCredentials', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'docker-config-test-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const writeConfig = async (document: object, path = '.docker/config.json') => {
    await mkdir(join(home, dirname(path)), { recursive: true });
    await writeFile(join(home, path), JSON.stringify(document));
  };

  /** Finds credentials with helpers that print this output. */
  const find = async (host: string, stdout?: string) => {
    const runs: object[] = [];
    const credentials = await findToolCredentials(host, {
      env: { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), GITHUB_TOKEN: 'token', AWS_SECRET_ACCESS_KEY: 'key' },
      runProgram: async (program, args, { env, input }) => {
        runs.push({ program, args, names: Object.keys(env), input });
        return { exitCode: stdout === undefined ? 1 : 0, stdout: stdout ?? '', lastLines: [] };
      },
    });
    return { credentials, runs };
  };

  const me = { auth: Buffer.from('me:pw').toString('base64') };

  it('rejects configuration files that are not regular files', async () => {
    await mkdir(join(home, '.docker'));
    const special = await createSpecialFiles(home);
    try {
      for (const { path, type } of special.files) {
        await symlink(path, join(home, '.docker', 'config.json'));
        await expect(find('quay.io')).rejects.toThrow(`${type}: use a regular file`);
        await rm(join(home, '.docker', 'config.json'));
      }
    } finally {
      await special.close();
    }
  });

  it.each([
    ['quay.io', { 'quay.io': me }],
    ['quay.io', { 'https://quay.io/v2/': me }],
    ['quay.io', { 'quay.io': { username: 'me', password: 'pw' } }],
    ['registry-1.docker.io', { 'https://index.docker.io/v1/': me }],
    ['localhost:5000', { 'localhost:5000': me }],
  ])('finds the login of %s in %j', async (host, auths) => {
    await writeConfig({ auths });
    expect((await find(host)).credentials).toEqual({ username: 'me', password: 'pw' });
  });

  it.each([
    { 'quay.io.example.com': me },
    { 'quay.io/team': me },
    { 'quay.io': {} },
    { 'quay.io': { auth: 'me' } },
    {},
  ])('finds no login of another host, a namespace or an empty entry: %j', async (auths) => {
    await writeConfig({ auths });
    expect((await find('quay.io')).credentials).toBeUndefined();
  });

  it('finds an identity token, as az acr login writes it', async () => {
    await writeConfig({ auths: { 'my.azurecr.io': { auth: 'MDAwMDA6', identitytoken: 'IDTOK' } } });
    expect((await find('my.azurecr.io')).credentials).toEqual({ identityToken: 'IDTOK' });
  });

  it('finds podman’s login', async () => {
    await writeConfig({ auths: { 'quay.io': me } }, 'run/containers/auth.json');
    expect((await find('quay.io')).credentials).toEqual({ username: 'me', password: 'pw' });
  });

  it.each([
    ['{ "Username": "me", "Secret": "pw" }', { username: 'me', password: 'pw' }],
    ['{ "Username": "<token>", "Secret": "IDTOK" }', { identityToken: 'IDTOK' }],
    ['no JSON', undefined],
  ])('reads %s from a helper, which sees neither tokens nor keys', async (stdout, expected) => {
    await writeConfig({ credsStore: 'pass' });
    const { credentials, runs } = await find('quay.io', stdout);
    expect(credentials).toEqual(expected);
    expect(runs).toEqual([
      { program: 'docker-credential-pass', args: ['get'], names: ['HOME', 'XDG_RUNTIME_DIR'], input: 'quay.io' },
    ]);
  });

  it('does not run a program that a helper’s name could lead to', async () => {
    await writeConfig({ credHelpers: { 'quay.io': '../../bin/sh' } });
    expect(await find('quay.io', '{}')).toEqual({ credentials: undefined, runs: [] });
  });
});
