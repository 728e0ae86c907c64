import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEngine, hang } from './engine/fake-engine.js';
import { ACCOUNT, Harness, OTHER_ACCOUNT, REGION } from './harness.js';

const DIRECTORIES = ['billing', 'common-layer', 'routing-lambda'];
const repositories = Object.fromEntries(DIRECTORIES.map((name) => [`dev-${name}`, {}]));

/** Reads the login files that an engine's environment points to. */
const listLoginFiles = (env: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  Promise.all([
    readFile(join(env['DOCKER_CONFIG'] ?? '', 'config.json'), 'utf8'),
    readFile(env['REGISTRY_AUTH_FILE'] ?? '', 'utf8'),
  ]);

describe('build-directory', () => {
  let harness: Harness;
  let docker: FakeEngine;

  beforeEach(async () => {
    harness = await Harness.open({ ecr: { repositories } });
    docker = new FakeEngine('docker');
    await dockerfile('common-layer', 'FROM scratch\nCOPY libraries /opt');
    for (const name of ['billing', 'routing-lambda']) await dockerfile(name, `FROM \${COMMON_LAYER}\nCOPY ${name} /`);
    await mkdir(join(harness.directory, 'lambdas', 'documents'));
    await writeFile(join(harness.directory, 'lambdas', 'README.md'), 'what these are\n');
  });
  afterEach(() => harness.close());

  const dockerfile = async (directory: string, content: string): Promise<void> => {
    await mkdir(join(harness.directory, 'lambdas', directory), { recursive: true });
    await writeFile(join(harness.directory, 'lambdas', directory, 'Dockerfile'), `${content}\n`);
  };
  const build = (inputs: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) =>
    harness.run({
      inputs: { 'build-directory': 'lambdas', 'repository-prefix': 'dev-', tags: '1.0', ...inputs },
      env,
      runProgram: docker.runProgram,
    });
  const listBuilt = (): readonly string[] => [...docker.builds.keys()].map((path) => path.split('/').at(-1) ?? '');
  const getBuildArgs = (directory: string) => docker.builds.get(join(harness.directory, 'lambdas', directory));
  const pushed = (outputs: Readonly<Record<string, string>>) =>
    JSON.parse(outputs['images'] ?? '[]').map(({ repository, result }: Record<string, string>) => [repository, result]);
  const findRunIndex = (matches: (run: FakeEngine['runs'][number]) => boolean): number =>
    docker.runs.findIndex(matches);

  it('builds every subdirectory with a Dockerfile and pushes it to prefix + name', async () => {
    const { failures, outputs, log } = await build();
    expect(failures).toEqual([]);
    expect(log).toContain('billing: STEP FROM ${COMMON_LAYER}');
    expect(pushed(outputs)).toEqual([
      ['dev-common-layer', 'pushed'],
      ['dev-billing', 'pushed'],
      ['dev-routing-lambda', 'pushed'],
    ]);
    expect(JSON.parse(outputs['image-uris'] ?? '')).toContain(`${harness.host}/dev-routing-lambda:1.0`);
  });

  it('builds and pushes the common layer first and passes its name to the other builds', async () => {
    await build();
    const push = findRunIndex(({ args }) => args[0] === 'push' && args[1]?.includes('dev-common-layer') === true);
    const next = findRunIndex(({ args }) => args[0] === 'build' && args.at(-1)?.endsWith('billing') === true);
    expect(listBuilt()[0]).toBe('common-layer');
    expect(push).toBeLessThan(next);
    expect(push).toBeGreaterThan(0);
    expect(getBuildArgs('common-layer')).toEqual([]);
    expect(getBuildArgs('billing')).toEqual([
      expect.stringMatching(/^COMMON_LAYER=localhost\/dev-common-layer:ecr-push-/u),
    ]);
  });

  it('builds up to `concurrency` images in parallel', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `one-${index}`);
    for (const name of names) await dockerfile(name, 'FROM scratch');
    await build({ concurrency: '4' });
    expect(docker.maxConcurrent).toBe(4);
  });

  it('passes build-args to every build', async () => {
    await build({ 'build-args': 'VERSION=1.2=3\nEMPTY=', 'common-layer-argument': 'BASE' });
    expect(getBuildArgs('common-layer')).toEqual(['VERSION=1.2=3', 'EMPTY=']);
    expect(getBuildArgs('billing')).toEqual(['VERSION=1.2=3', 'EMPTY=', expect.stringMatching(/^BASE=/u)]);
  });

  it('builds the directory named by common-layer first', async () => {
    await dockerfile('billing', 'FROM scratch');
    await build({ 'common-layer': 'billing', 'common-layer-argument': 'BILLING' });
    expect(listBuilt()[0]).toBe('billing');
    expect(getBuildArgs('routing-lambda')).toEqual([expect.stringContaining('BILLING=localhost/dev-billing:')]);
  });

  it('hides all credentials from builds, and AWS credentials from pushes', async () => {
    const secrets = { AWS_SESSION_TOKEN: 'secret', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret', GITHUB_TOKEN: 'secret' };
    await mkdir(join(harness.directory, '.docker'));
    const existing = { auths: { 'ghcr.io': { auth: 'c2VjcmV0' } }, credsStore: 'desktop', proxies: { default: {} } };
    await writeFile(join(harness.directory, '.docker', 'config.json'), JSON.stringify(existing));
    const seen: string[] = [];
    const reading = new FakeEngine('docker');
    const { failures } = await harness.run({
      inputs: { 'build-directory': 'lambdas', 'repository-prefix': 'dev-', tags: '1.0', source: '' },
      env: secrets,
      runProgram: async (program, args, options) => {
        if (args[0] === 'build') seen.push(JSON.stringify(options.env), ...(await listLoginFiles(options.env)));
        return reading.runProgram(program, args, options);
      },
    });
    expect(failures).toEqual([]);
    expect(seen).toHaveLength(9);
    expect(seen.join('\n')).not.toMatch(/secret|c2VjcmV0|credsStore|INPUT_|AWS_|ACTIONS_|GITHUB_/u);
    expect(seen[1]).toContain('proxies');
    for (const { env } of reading.runs) expect(Object.values(env)).not.toContain('secret');
  });

  it('lets builds use the logins with build-logins: true', async () => {
    const seen: string[] = [];
    await harness.run({
      inputs: { 'build-directory': 'lambdas', 'repository-prefix': 'dev-', 'build-logins': 'true' },
      runProgram: async (program, args, options) => {
        if (args[0] === 'build') seen.push(...(await listLoginFiles(options.env)));
        return docker.runProgram(program, args, options);
      },
    });
    expect(seen[0]).toContain(harness.host);
  });

  it('reports a failed build with the engine’s last lines and finishes the others', async () => {
    await dockerfile('billing', 'FROM scratch\nCOPY a /\nRUN false');
    const { failures, outputs, recorded } = await build();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("'lambdas/billing': docker build failed (exit code 1): ");
    expect(failures[0]).toContain('COPY a / | RUN false | the command false returned 1');
    expect(pushed(outputs)).toEqual([
      ['dev-common-layer', 'pushed'],
      ['dev-billing', 'failed'],
      ['dev-routing-lambda', 'pushed'],
    ]);
    expect(recorded.summary()).toContain('the command false returned 1');
  });

  it('skips the other builds when the common layer fails', async () => {
    await dockerfile('common-layer', 'RUN false');
    const { failures, outputs } = await build();
    expect(listBuilt()).toEqual(['common-layer']);
    expect(failures[0]).toContain("skipped: the common layer 'lambdas/common-layer' failed");
    expect(pushed(outputs).map(([, result]: readonly string[]) => result)).toEqual(['failed', 'failed', 'failed']);
  });

  it('suggests build-logins when a build cannot pull its base image', async () => {
    await dockerfile('billing', 'FROM ${PRIVATE}');
    const { failures } = await build({ 'build-args': 'PRIVATE=registry.example/base' });
    expect(failures[0]).toContain('Builds have no registry credentials: set build-logins: true');
  });

  it('stops at the timeout and removes its images from the engine', async () => {
    const { failures, outputs } = await harness.run({
      inputs: { 'build-directory': 'lambdas', 'repository-prefix': 'dev-', tags: '1.0', timeout: '1m' },
      runProgram: (program, args, options) => {
        if (args.at(-1)?.endsWith('billing') !== true || args[0] !== 'build') {
          return docker.runProgram(program, args, options);
        }
        return hang(options, () => harness.clock.advance(61_000));
      },
    });
    expect(failures[0]).toContain('timed out after 1m');
    expect(pushed(outputs)[0]).toEqual(['dev-common-layer', 'pushed']);
    expect([...docker.images.keys()]).toEqual([]);
  });

  it('removes its temporary images from the engine, also after a failure', async () => {
    await dockerfile('billing', 'RUN false');
    await build();
    expect([...docker.images.keys()]).toEqual([]);
  });

  it('builds once for several registries', async () => {
    const arn = (name: string) => `arn:aws:ecr:${REGION}:${OTHER_ACCOUNT}:repository/${name}`;
    const other = Object.fromEntries(Object.keys(repositories).map((name) => [arn(name), {}]));
    await harness.close();
    harness = await Harness.open({ ecr: { repositories: { ...repositories, ...other } } });
    for (const name of DIRECTORIES) await dockerfile(name, 'FROM scratch');
    const { failures, outputs } = await build({ registries: `${ACCOUNT}, ${OTHER_ACCOUNT}` });
    expect(failures).toEqual([]);
    expect(pushed(outputs)).toHaveLength(6);
    expect(docker.runs.filter(({ args }) => args[0] === 'build')).toHaveLength(3);
  });

  it('fails on a directory that it cannot read', async () => {
    await symlink('itself', join(harness.directory, 'lambdas', 'itself'));
    const { failures } = await build();
    expect(failures[0]).toContain('circular symbolic link');
    expect(listBuilt()).toEqual([]);
  });

  it('checks with mode: check whether all images exist, without building', async () => {
    const before = await build({ mode: 'check' });
    expect(before.outputs['exists']).toBe('false');
    await build();
    const count = docker.builds.size;
    const after = await build({ mode: 'check' });
    expect(after.outputs['exists']).toBe('true');
    expect(docker.builds.size).toBe(count);
  });

  it.each([
    [{ 'build-directory': 'elsewhere' }, 'elsewhere'],
    [{ 'build-directory': 'lambdas/documents' }, 'has no subdirectory with a Dockerfile'],
    [{ 'common-layer': 'base' }, "has no subdirectory 'base' with a Dockerfile: use one of billing, common-layer"],
    [{ 'repository-prefix': 'Dev-' }, "'Dev-common-layer' is not a valid repository name"],
    [{ 'changed-since': 'nowhere' }, "input 'changed-since': git cannot compare with 'nowhere'"],
    [{ source: 'oci:x' }, "inputs 'build-directory' and 'source' cannot be combined"],
    [{ 'build-args': '2=x' }, "'2' is not a valid name of a build argument"],
    [{ 'build-directory': '' }, "input 'repository-prefix' requires 'build-directory'"],
    [
      { 'build-directory': '', 'repository-prefix': '', 'changed-since': 'HEAD', source: 'oci:x' },
      "input 'changed-since' requires",
    ],
    [{ engine: 'finch' }, 'no container engine responds (finch: not installed)'],
  ])('rejects %j', async (inputs, message) => {
    const { failures } = await build(inputs);
    expect(failures[0]).toContain(message);
  });

  describe('with changed-since', () => {
    const git = (...args: readonly string[]): void => {
      const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
      execFileSync('git', [...who, ...args], { cwd: harness.directory });
    };
    const env = { PATH: process.env['PATH'] ?? '' };
    beforeEach(() => {
      git('init', '--quiet');
      git('add', 'lambdas');
      git('commit', '--quiet', '-m', 'first');
    });
    const commit = async (path: string): Promise<void> => {
      await writeFile(join(harness.directory, 'lambdas', path), 'changed\n');
      git('add', 'lambdas');
      git('commit', '--quiet', '-m', path);
    };

    it('builds the changed directories and their common layer, and pushes only what changed', async () => {
      await commit('billing/index.mjs');
      const { failures, outputs, log } = await build({ 'changed-since': 'HEAD~1' }, env);
      expect(failures).toEqual([]);
      expect(listBuilt()).toEqual(['common-layer', 'billing']);
      expect(pushed(outputs)).toEqual([['dev-billing', 'pushed']]);
      expect(log).toContain('Skipped, unchanged since HEAD~1: common-layer, routing-lambda');
    });

    it('builds a directory whose symbolic link changed', async () => {
      for (const name of ['one', 'two']) await dockerfile(`../shared/${name}`, `FROM scratch\nLABEL name=${name}`);
      const link = join(harness.directory, 'lambdas', 'routing-lambda');
      for (const target of ['../shared/one', '../shared/two']) {
        await rm(link, { recursive: true });
        await symlink(target, link);
        git('add', '.');
        git('commit', '--quiet', '-m', target);
      }
      await build({ 'changed-since': 'HEAD~1' }, env);
      expect(listBuilt()).toEqual(['common-layer', 'routing-lambda']);
    });

    it('builds everything when the common layer changed', async () => {
      await commit('common-layer/requirements.txt');
      const { outputs } = await build({ 'changed-since': 'HEAD~1' }, env);
      expect(pushed(outputs)).toHaveLength(3);
    });

    it('builds everything on the first push of a branch', async () => {
      const { outputs } = await build({ 'changed-since': '0'.repeat(40) }, env);
      expect(pushed(outputs)).toHaveLength(3);
    });

    it('passes without running an engine when nothing changed', async () => {
      await commit('README.md');
      const { failures, outputs } = await build({ 'changed-since': 'HEAD~1' }, env);
      expect(failures).toEqual([]);
      expect(docker.runs).toEqual([]);
      expect(outputs).toMatchObject({ pushed: 'false', images: '[]' });
    });
  });
});
