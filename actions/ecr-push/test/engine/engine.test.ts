import type { ProgramResult } from '@aws-delivery/action-kit/host/run-program';
import { describe, expect, it } from '@jest/globals';
import { ENGINES, Engine, type EngineName, findEngine, findEngineImage } from '../../src/engine/engine.js';

const ID = `sha256:${'a'.repeat(64)}`;
const done: ProgramResult = { exitCode: 0, stdout: `${ID}\n`, lastLines: [] };
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
    ['nerdctl', false, [`tag shop ${TARGET}`, `push ${TARGET}`, `rmi ${TARGET}`]],
    ['nerdctl', true, [`tag shop ${TARGET}`, `push --insecure-registry ${TARGET}`, `rmi ${TARGET}`]],
    ['finch', false, [`tag shop ${TARGET}`, `push ${TARGET}`, `rmi ${TARGET}`]],
    ['finch', true, [`tag shop ${TARGET}`, `push --insecure-registry ${TARGET}`, `rmi ${TARGET}`]],
    ['podman', false, [`push shop docker://${TARGET}`]],
    ['podman', true, [`push --tls-verify=false shop docker://${TARGET}`]],
    ['buildah', true, [`push --tls-verify=false shop docker://${TARGET}`]],
  ])('%s to push (plain HTTP: %s)', async (name, plainHttp, commands) => {
    const { engine, executed } = createEngine(name);
    await engine.push('shop', TARGET, plainHttp, ignoreLine);
    expect(executed).toEqual(commands.map((command) => `${name} ${command}`));
  });

  it.each<[EngineName, string]>([
    ['docker', 'image inspect --format {{.Id}} shop'],
    ['podman', 'image inspect --format {{.Id}} shop'],
    ['nerdctl', 'image inspect --format {{.Id}} shop'],
    ['finch', 'image inspect --format {{.Id}} shop'],
    ['buildah', 'inspect --type image --format {{.FromImageID}} shop'],
  ])('%s to get the ID of an image', async (name, command) => {
    const { engine, executed } = createEngine(name);
    expect(await engine.getIdentity('shop')).toEqual({ by: 'either', digest: ID });
    expect(executed).toEqual([`${name} ${command}`]);
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
    await engine.build({ path: '/src/a', name: 'localhost/a:x', args: { A: '--b c', B: '' }, onLine: ignoreLine });
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
      args.includes('shop') || args[0] === 'info' ? done : failing(),
    );
    const only = {
      ...options,
      runProgram: async (program: string, args: readonly string[]) =>
        program === 'nerdctl' ? options.runProgram(program, args) : { ...failing('not found'), exitCode: 127 },
    };
    expect((await findEngineImage('shop', undefined, only)).name).toBe('shop in nerdctl');
    expect((await findEngine(undefined, only)).name).toBe('nerdctl');
    await expect(findEngineImage('web', undefined, only)).rejects.toThrow('any container engine (docker, podman');
    await expect(findEngine('docker', only)).rejects.toThrow("no response from docker to the command 'info'");
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
    await new Engine(name, { ...options, env, runProgram }).isAvailable();
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
      await new Engine('docker', { ...options, env: { SSH_AUTH_SOCK: '/agent' }, usesSsh, runProgram }).isAvailable();
      expect('SSH_AUTH_SOCK' in seen).toBe(usesSsh);
    },
  );
});
