import type { ProgramResult } from '@aws-delivery/action-kit/host/run-program';
import { describe, expect, it } from '@jest/globals';
import { ENGINES, Engine, type EngineName } from '../../src/engine/engine.js';
import { findEngine, findEngineImage } from '../../src/engine/find-engine.js';

const ID = `sha256:${'a'.repeat(64)}`;
const done: ProgramResult = { exitCode: 0, stdout: `${ID}\n`, lastLines: [] };
const NO_LIST: ProgramResult = { exitCode: 1, stdout: '', lastLines: [] };
const logins = { dockerConfig: '/logins', authFile: '/logins/auth.json' };
const { signal } = new AbortController();

/** An engine with a fake executor, and the commands that were executed. */
const createEngine = (name: EngineName, respond: (args: readonly string[]) => ProgramResult = () => done) => {
  const executed: string[] = [];
  const options = {
    runProgram: async (program: string, args: readonly string[]) => {
      executed.push([program, ...args].join(' '));
      return respond(args);
    },
    env: {},
    logins,
    usesSsh: false,
    signal,
    renew: async () => {},
  };
  return { executed, options, engine: new Engine(name, options) };
};

const TARGET = 'registry.example/shop:1.0';
const ignoreLine = (): void => {};

describe('the commands of', () => {
  it.each<[EngineName, boolean, readonly string[]]>([
    ['docker', false, [`tag shop ${TARGET}`, `push ${TARGET}`, `rmi --no-prune ${TARGET}`]],
    ['docker', true, [`tag shop ${TARGET}`, `push ${TARGET}`, `rmi --no-prune ${TARGET}`]],
    ['nerdctl', false, [`tag shop ${TARGET}`, `push --all-platforms ${TARGET}`, `rmi ${TARGET}`]],
    ['nerdctl', true, [`tag shop ${TARGET}`, `push --insecure-registry --all-platforms ${TARGET}`, `rmi ${TARGET}`]],
    ['finch', false, [`tag shop ${TARGET}`, `push --all-platforms ${TARGET}`, `rmi ${TARGET}`]],
    ['finch', true, [`tag shop ${TARGET}`, `push --insecure-registry --all-platforms ${TARGET}`, `rmi ${TARGET}`]],
    ['podman', false, ['manifest exists shop', `push shop docker://${TARGET}`]],
    ['podman', true, ['manifest exists shop', `push --tls-verify=false shop docker://${TARGET}`]],
    ['buildah', true, ['manifest exists shop', `push --tls-verify=false shop docker://${TARGET}`]],
  ])('%s to push (plain HTTP: %s)', async (name, plainHttp, commands) => {
    const { engine, executed } = createEngine(name, ([verb]) => (verb === 'manifest' ? NO_LIST : done));
    await engine.push('shop', TARGET, plainHttp, ignoreLine);
    expect(executed).toEqual(commands.map((command) => `${name} ${command}`));
  });

  it.each<[EngineName, readonly string[]]>([
    ['docker', ['image inspect --format {{.Id}} shop']],
    ['podman', ['manifest exists shop', 'image inspect --format {{.Id}} shop']],
    ['nerdctl', ['image inspect --format {{.Id}} shop']],
    ['finch', ['image inspect --format {{.Id}} shop']],
    ['buildah', ['manifest exists shop', 'inspect --type image --format {{.FromImageID}} shop']],
  ])('%s to get the ID of an image', async (name, commands) => {
    const { engine, executed } = createEngine(name, ([verb]) => (verb === 'manifest' ? NO_LIST : done));
    expect(await engine.findImage('shop')).toEqual({ kind: 'found', identity: { by: 'either', digest: ID } });
    expect(executed).toEqual(commands.map((command) => `${name} ${command}`));
  });

  it.each<EngineName>(['podman', 'buildah'])('%s for a manifest list', async (name) => {
    const manifests = ['b', 'c'].map((digit) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${digit.repeat(64)}`,
      size: 500,
    }));
    const list = JSON.stringify({ schemaVersion: 2, manifests });
    const { engine, executed } = createEngine(name, ([verb, action]) => {
      if (verb !== 'manifest') return done;
      return action === 'inspect' ? { exitCode: 0, stdout: list, lastLines: [] } : { ...done, stdout: '' };
    });
    expect(await engine.findImage('registry:5000/shop:1.0')).toEqual({
      kind: 'found',
      identity: { by: 'platforms', platforms: manifests.map(({ digest }) => ({ manifest: digest, config: ID })) },
    });
    expect(executed.at(-1)).toContain(`registry:5000/shop@sha256:${'c'.repeat(64)}`);
    await engine.push('shop', TARGET, true, ignoreLine);
    expect(executed.at(-1)).toBe(`${name} manifest push --all --tls-verify=false shop docker://${TARGET}`);
  });

  it.each<[EngineName, boolean, string]>([
    ['docker', true, 'pull'],
    ['podman', false, 'pull'],
    ['podman', true, 'pull --tls-verify=false'],
    ['buildah', true, 'pull --tls-verify=false'],
    ['nerdctl', true, 'pull --insecure-registry'],
    ['finch', true, 'pull --insecure-registry'],
  ])('%s to pull (plain HTTP: %s)', async (name, plainHttp, command) => {
    const reference = `registry.example/shop@${ID}`;
    const { engine, executed } = createEngine(name);
    await engine.pull({ reference, name: 'shop:1.0', plainHttp, onLine: ignoreLine });
    expect(executed).toEqual([`${name} ${command} ${reference}`, `${name} tag ${reference} shop:1.0`]);
  });

  it.each<[EngineName, string]>([
    ['docker', 'build'],
    ['podman', 'build'],
    ['nerdctl', 'build'],
    ['finch', 'build'],
    ['buildah', 'bud'],
  ])('%s to build do not turn arguments into options', async (name, verb) => {
    const { engine, executed } = createEngine(name);
    const caches = { cacheFrom: [], cacheTo: [] };
    const build = { path: '/src/a', dockerfile: 'Dockerfile', name: 'localhost/a:x', args: { A: '--b c', B: '' } };
    await engine.build({ ...build, ...caches, target: undefined, secrets: [], onLine: ignoreLine });
    const options = '--tag localhost/a:x --file /src/a/Dockerfile --build-arg=A=--b c --build-arg=B=';
    expect(executed).toEqual([`${name} ${verb} ${options} /src/a`]);
  });
});

describe('an engine', () => {
  const failing = (...lastLines: readonly string[]) => ({ exitCode: 1, stdout: '', lastLines });

  it.each([
    ['toomanyrequests: Rate exceeded', 'throttled'],
    ['received unexpected HTTP status: 503 Service Unavailable', 'unavailable'],
    ['tag invalid: The image tag already exists and cannot be overwritten', 'conflict'],
    ['denied: no', 'rejected'],
  ])("maps the output '%s' to the code %s", async (output, code) => {
    const { engine } = createEngine('podman', () => failing('Copying blob', output));
    await expect(engine.push('shop', TARGET, false, ignoreLine)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(output),
    });
  });

  it('is the first that has the image, or the first that responds', async () => {
    const { options } = createEngine('docker', (args) =>
      args.includes('shop') || args[0] === 'info' ? done : failing('Error: No such image: web'),
    );
    const only = {
      ...options,
      runProgram: async (program: string, args: readonly string[]) =>
        program === 'nerdctl' ? options.runProgram(program, args) : { ...failing('not found'), exitCode: 127 },
    };
    expect((await findEngineImage('shop', undefined, only)).name).toBe('shop in nerdctl');
    expect((await findEngine(undefined, only)).name).toBe('nerdctl');
    await expect(findEngineImage('web', undefined, only)).rejects.toThrow("image 'web' not found in nerdctl: build");
    await expect(findEngine('docker', only)).rejects.toThrow('no container engine responds (docker: not installed)');
    const none = { ...only, runProgram: async () => ({ ...failing('not found'), exitCode: 127 }) };
    await expect(findEngineImage('web', undefined, none)).rejects.toThrow('and none is installed');
    await expect(findEngineImage('web', 'podman', none)).rejects.toThrow(
      "cannot look up image 'web' (podman: not installed)",
    );
  });

  const DOWN = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
  const DENIED = 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';

  it.each([
    ['docker' as const, DOWN],
    ['docker' as const, DENIED],
    [undefined, DOWN],
  ])('(%s) is quoted when it cannot look up an image: %s', async (name, output) => {
    const { options } = createEngine('docker');
    const runProgram = async (program: string) => {
      if (program === 'docker') return failing(output);
      return program === 'podman' ? failing('Error: shop: image not known') : { ...failing('ENOENT'), exitCode: 127 };
    };
    const lookup = findEngineImage('shop', name, { ...options, runProgram });
    const suffix = name === undefined ? '; podman: no such image' : '';
    await expect(lookup).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`cannot look up image 'shop' (docker: ${output}${suffix}): start`),
    });
    await expect(findEngine(name, { ...options, runProgram })).rejects.toThrow(`docker: ${output}`);
  });

  it.each(ENGINES)('%s gets location and proxy variables, and no credentials', async (name) => {
    const env = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      DOCKER_HOST: 'unix:///d.sock',
      STORAGE_DRIVER: 'vfs',
      AWS_SECRET_ACCESS_KEY: 'x',
      INPUT_TAGS: 'x',
      ACTIONS_RUNTIME_TOKEN: 'x',
      GITHUB_TOKEN: 'x',
      NPM_TOKEN: 'x',
      DOCKER_AUTH_CONFIG: 'x',
      SSH_AUTH_SOCK: '/agent',
    };
    let seen: object = {};
    const { options } = createEngine(name);
    const runProgram: typeof options.runProgram = async (
      program,
      args,
      ...rest: readonly { readonly env: object }[]
    ) => {
      seen = rest[0]?.env ?? {};
      return options.runProgram(program, args);
    };
    await new Engine(name, { ...options, env, runProgram }).findProblem();
    expect(seen).toEqual({
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      DOCKER_HOST: 'unix:///d.sock',
      STORAGE_DRIVER: 'vfs',
      DOCKER_CONFIG: '/logins',
      REGISTRY_AUTH_FILE: '/logins/auth.json',
    });
  });

  it.each([true, false])(
    'contains the ssh agent only for an engine that is reached through ssh: %s',
    async (usesSsh) => {
      let seen: object = {};
      const { options } = createEngine('docker');
      const runProgram: typeof options.runProgram = async (
        program,
        args,
        ...rest: readonly { readonly env: object }[]
      ) => {
        seen = rest[0]?.env ?? {};
        return options.runProgram(program, args);
      };
      await new Engine('docker', { ...options, env: { SSH_AUTH_SOCK: '/agent' }, usesSsh, runProgram }).findProblem();
      expect('SSH_AUTH_SOCK' in seen).toBe(usesSsh);
    },
  );
});
