import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EngineName } from '../src/engine/engine.js';
import { FakeEngine } from './engine/fake-engine.js';
import { Harness } from './harness.js';

const VALUE = 'npm_4f6d1c0a9b';

describe('the builds of build-directory', () => {
  let harness: Harness;

  beforeEach(async () => {
    const repositories = { 'dev-api': {}, 'dev-web': {}, 'dev-common-layer': {} };
    harness = await Harness.open({ ecr: { repositories } });
  });
  afterEach(() => harness.close());

  const write = async (path: string, content: string): Promise<void> => {
    const absolute = join(harness.directory, path);
    await mkdir(join(absolute, '..'), { recursive: true });
    await writeFile(absolute, content);
  };

  const build = async (inputs: Readonly<Record<string, string>>, name: EngineName = 'docker') => {
    const engine = new FakeEngine(name);
    const common = { 'build-directory': 'src', 'repository-prefix': 'dev-', tags: '1.0', engine: name };
    const step = await harness.run({ inputs: { ...common, ...inputs }, runProgram: engine.runProgram });
    const builds = engine.runs.filter(({ args }) => args[0] === 'build' || args[0] === 'bud');
    return { ...step, engine, builds, options: builds.map(({ args }) => args.join(' ')) };
  };

  it('use the Dockerfile and the stage of the inputs', async () => {
    await write('src/api/docker/prod.Dockerfile', 'FROM scratch AS production');
    await write('src/web/Dockerfile', 'FROM scratch');
    const { failures, options } = await build({ dockerfile: 'docker/prod.Dockerfile', 'build-target': 'production' });
    expect(failures).toEqual([]);
    expect(options).toHaveLength(1);
    expect(options[0]).toContain(`--file ${harness.directory}/src/api/docker/prod.Dockerfile`);
    expect(options[0]).toContain('--target=production');
    expect(options[0]).toMatch(/ \/.*\/src\/api$/u);
  });

  it('build the common layer completely', async () => {
    await write('src/common-layer/Dockerfile', 'FROM scratch');
    await write('src/api/Dockerfile', 'FROM ${COMMON_LAYER} AS production');
    const { options } = await build({ 'build-target': 'production' });
    expect(options.map((each) => each.includes('--target'))).toEqual([false, true]);
  });

  it.each(['docker', 'podman', 'buildah'] as const)('get secrets in private files (%s)', async (name) => {
    await write('src/api/Dockerfile', 'FROM scratch');
    await write('config/.npmrc', '//registry.example/:_authToken=abc');
    const secrets = { 'build-secrets': `npm=${VALUE}`, 'build-secret-files': 'npmrc=config/.npmrc' };
    const { failures, engine, recorded, log } = await build(secrets, name);
    expect(failures).toEqual([]);
    expect(Object.fromEntries(engine.secrets)).toEqual({
      npm: `${VALUE} 600`,
      npmrc: '//registry.example/:_authToken=abc 600',
    });
    expect(recorded.masked).toEqual(expect.arrayContaining([VALUE, '//registry.example/:_authToken=abc']));
    const visible = JSON.stringify(engine.runs.map(({ args, env }) => [args, env]));
    for (const secret of [VALUE, '_authToken']) expect(`${visible}${log}${recorded.summary()}`).not.toContain(secret);
    expect(await readdir(join(harness.directory, 'temp'))).toEqual([]);
  });

  it('leave no secrets behind when a build fails', async () => {
    await write('src/api/Dockerfile', 'RUN false');
    const { failures, recorded } = await build({ 'build-secrets': `npm=${VALUE}` });
    expect(failures).toHaveLength(1);
    expect(JSON.stringify([failures, recorded.state])).not.toContain(VALUE);
    expect(await readdir(join(harness.directory, 'temp'))).toEqual([]);
  });

  it.each([
    ['docker', ''],
    ['podman', ''],
    ['buildah', ' --layers'],
  ] as const)('use the caches of the inputs, one for each image (%s)', async (name, layers) => {
    for (const each of ['api', 'web']) await write(`src/${each}/Dockerfile`, 'FROM scratch');
    const caches = {
      'build-cache-from': 'type=registry,ref=host.example/cache:{name}\ntype=registry,ref=host.example/cache:main',
      'build-cache-to': 'type=registry,ref=host.example/cache:{name},mode=max',
    };
    const { options } = await build(caches, name);
    for (const [index, each] of ['api', 'web'].entries()) {
      const from = `--cache-from=type=registry,ref=host.example/cache:${each}`;
      const main = '--cache-from=type=registry,ref=host.example/cache:main';
      const to = `--cache-to=type=registry,ref=host.example/cache:${each},mode=max`;
      expect(options[index]).toContain(`${layers} ${from} ${main} ${to} `);
    }
  });

  it.each([
    [{ dockerfile: 'Containerfile' }, 'has no subdirectory with a Containerfile'],
    [{ dockerfile: '../Dockerfile' }, "input 'dockerfile': '../Dockerfile' is outside of the subdirectories"],
    [{ dockerfile: '/tmp/Dockerfile' }, 'is outside of the subdirectories'],
    [{ 'build-secrets': '{"a,src=/etc/shadow": "x"}' }, "'a,src=/etc/shadow' is not a valid ID of a build secret"],
    [
      { 'build-secrets': 'npm=x', 'build-secret-files': 'npm=y' },
      "'npm' is in 'build-secrets' and 'build-secret-files'",
    ],
    [{ 'build-secret-files': 'npm=missing' }, 'missing'],
    [{ 'build-cache-to': 'type=gha,mode=max' }, "build cache 'type=gha,mode=max' is not supported"],
  ])('are rejected with %j', async (inputs, message) => {
    await write('src/api/Dockerfile', 'FROM scratch');
    const { failures, options } = await build(inputs);
    expect(failures[0]).toContain(message);
    expect(options).toEqual([]);
  });
});
