import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, OTHER_ACCOUNT, REGION, type Step } from '../harness.js';

describe('mode: login', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open({ ecr: { naming: 'names' } });
  });
  afterEach(() => harness.close());

  const config = async (step: Step, name = 'config.json') =>
    JSON.parse(await readFile(join(step.recorded.exported['DOCKER_CONFIG'] ?? '', name), 'utf8'));

  it('sets the outputs of aws-actions/amazon-ecr-login', async () => {
    const { outputs, operations, failures } = await harness.run();
    expect(failures).toEqual([]);
    expect(operations).toEqual(['GetAuthorizationToken']);
    const suffix = `${ACCOUNT}_dkr_ecr_eu_west_1_localhost_${new URL(harness.aws.url).port}`;
    expect(Object.keys(outputs).sort()).toEqual([`docker_password_${suffix}`, `docker_username_${suffix}`, 'registry']);
    expect(outputs[`docker_username_${suffix}`]).toBe('AWS');
  });

  it('logs in to several registries without setting the output registry', async () => {
    const { outputs } = await harness.run({ inputs: { registries: `${ACCOUNT}, ${OTHER_ACCOUNT}` } });
    expect(outputs).not.toHaveProperty('registry');
    expect(Object.keys(outputs)).toHaveLength(4);
  });

  it('writes the password into a private directory that later steps use', async () => {
    const step = await harness.run();
    const directory = step.recorded.exported['DOCKER_CONFIG'] ?? '';
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'config.json'))).mode & 0o777).toBe(0o600);
    const registry = step.outputs['registry'] ?? '';
    const password = step.outputs[`docker_password_${registry.replaceAll(/\W/gu, '_')}`];
    const auth = Buffer.from(`AWS:${password}`).toString('base64');
    expect((await config(step)).auths).toEqual({ [registry]: { auth } });
    expect((await config(step, 'auth.json')).auths).toEqual({ [registry]: { auth } });
  });

  it('also writes a login for the host of registry-endpoint', async () => {
    const { host } = new URL(harness.aws.url);
    const step = await harness.run({ inputs: { 'registry-endpoint': harness.aws.url } });
    const registry = step.outputs['registry'] ?? '';
    const { auths } = await config(step);
    expect(Object.keys(auths).sort()).toEqual([host, registry].sort());
    expect(auths[host]).toEqual(auths[registry]);
  });

  it('keeps Docker’s logins, helpers for other hosts, contexts, plugins, TLS files and builders', async () => {
    const docker = join(harness.directory, '.docker');
    await mkdir(join(docker, 'contexts', 'meta'), { recursive: true });
    await harness.writeWorkspaceFile('.docker/ca.pem', 'certificate');
    const before = {
      auths: { 'ghcr.io': { auth: 'b2N0bzpjYXQ=' }, 'my.azurecr.io': { auth: 'MDA6', identitytoken: 'IDTOK' } },
      credHelpers: { 'gcr.io': 'gcloud' },
      currentContext: 'remote',
      cliPluginsExtraDirs: ['/opt/plugins'],
      proxies: { default: { httpsProxy: 'http://proxy:3128' } },
    };
    await harness.writeWorkspaceFile('.docker/config.json', JSON.stringify(before));
    const step = await harness.run();
    const registry = step.outputs['registry'] ?? '';
    const after = await config(step);
    const { auths, ...others } = after;
    expect(others).toEqual({ ...before, auths: undefined });
    expect(auths).toMatchObject(before.auths);
    expect(Object.keys(auths)).toContain(registry);
    const directory = step.recorded.exported['DOCKER_CONFIG'] ?? '';
    expect(await readdir(join(directory, 'contexts'))).toEqual(['meta']);
    expect(await readFile(join(directory, 'ca.pem'), 'utf8')).toBe('certificate');
    expect(step.recorded.exported['BUILDX_CONFIG']).toBe(join(docker, 'buildx'));
    expect((await config(step, 'auth.json')).auths).toEqual(auths);
  });

  it('keeps the logins in a credential store, and hides the new login from it', async () => {
    await mkdir(join(harness.directory, '.docker'));
    const before = { auths: { 'quay.io': {} }, credsStore: 'osxkeychain', credHelpers: { 'gcr.io': 'gcloud' } };
    await harness.writeWorkspaceFile('.docker/config.json', JSON.stringify(before));
    const runs: unknown[] = [];
    const step = await harness.run({
      env: { GITHUB_TOKEN: 'token' },
      runProgram: async (program, args, { env }) => {
        runs.push([program, ...args, 'GITHUB_TOKEN' in env]);
        return {
          exitCode: 0,
          stdout: '{ "https://index.docker.io/v1/": "me", "https://ghcr.io": "me" }',
          lastLines: [],
        };
      },
    });
    expect(runs).toEqual([['docker-credential-osxkeychain', 'list', false]]);
    const credHelpers = {
      'https://index.docker.io/v1/': 'osxkeychain',
      'index.docker.io': 'osxkeychain',
      'https://ghcr.io': 'osxkeychain',
      'ghcr.io': 'osxkeychain',
      'quay.io': 'osxkeychain',
      'gcr.io': 'gcloud',
    };
    expect(await config(step)).toMatchObject({ credHelpers });
    expect(await config(step)).not.toHaveProperty('credsStore');
    expect(await config(step, 'auth.json')).toMatchObject({ credHelpers });
  });

  it('replaces a helper and older logins for the registry itself', async () => {
    const registry = (await harness.run()).outputs['registry'] ?? '';
    await mkdir(join(harness.directory, '.docker'));
    const old = { auth: 'QVdTOm9sZA==' };
    const before = {
      auths: { [`https://${registry}`]: old, [`${registry}/team`]: old },
      credHelpers: { [registry]: 'ecr-login' },
    };
    await harness.writeWorkspaceFile('.docker/config.json', JSON.stringify(before));
    const step = await harness.run();
    expect(await config(step)).not.toHaveProperty('credHelpers');
    expect(Object.keys((await config(step)).auths)).toEqual([registry]);
    expect(JSON.stringify(await config(step, 'auth.json'))).not.toContain(old.auth);
  });

  it.each([
    ['XDG_RUNTIME_DIR', 'run/containers/auth.json', {}],
    ['HOME', '.config/containers/auth.json', {}],
    ['REGISTRY_AUTH_FILE', 'mine.json', { REGISTRY_AUTH_FILE: 'mine.json' }],
  ])('keeps podman’s logins below %s', async (_, path, variables: Readonly<Record<string, string>>) => {
    await mkdir(join(harness.directory, path, '..'), { recursive: true });
    const auths = { '127.0.0.1:4769': { auth: 'dXNlcjpzZWNyZXQ=' } };
    await harness.writeWorkspaceFile(path, JSON.stringify({ auths, credHelpers: { 'gcr.io': 'gcloud' } }));
    const env = Object.fromEntries(Object.keys(variables).map((name) => [name, join(harness.directory, path)]));
    const step = await harness.run({ env });
    // crane reads podman's logins only without a configuration of Docker, and there is one now.
    for (const name of ['auth.json', 'config.json']) {
      expect(await config(step, name)).toMatchObject({ auths, credHelpers: { 'gcr.io': 'gcloud' } });
    }
  });

  it('prefers the login of the tool that reads the file', async () => {
    await mkdir(join(harness.directory, '.docker'));
    await mkdir(join(harness.directory, 'run', 'containers'), { recursive: true });
    const [docker, podman] = [{ 'quay.io': { auth: 'ZDpk' } }, { 'quay.io': { auth: 'cDpw' } }];
    await harness.writeWorkspaceFile('.docker/config.json', JSON.stringify({ auths: docker }));
    await harness.writeWorkspaceFile('run/containers/auth.json', JSON.stringify({ auths: podman }));
    const step = await harness.run();
    expect((await config(step)).auths).toMatchObject(docker);
    expect((await config(step, 'auth.json')).auths).toMatchObject(podman);
  });

  it('logs out and restores the variables in the post step', async () => {
    const step = await harness.run({ env: { DOCKER_CONFIG: join(harness.directory, 'mine') } });
    const directory = step.recorded.exported['DOCKER_CONFIG'] ?? '';
    const after = await harness.post(step);
    await expect(stat(directory)).rejects.toThrow('ENOENT');
    expect(after.exported).toEqual({
      DOCKER_CONFIG: join(harness.directory, 'mine'),
      REGISTRY_AUTH_FILE: '',
      BUILDX_CONFIG: '',
    });
  });

  it('keeps the logins of two jobs on one machine apart', async () => {
    const [one, other] = [await harness.run(), await harness.run()];
    await harness.post(one);
    expect(Object.keys((await config(other)).auths)).toHaveLength(1);
  });

  it('stays logged in with skip-logout', async () => {
    const step = await harness.run({ inputs: { 'skip-logout': 'true' } });
    await harness.post(step);
    expect(Object.keys((await config(step)).auths)).toHaveLength(1);
  });

  it('does not mask the password with mask-password: false, and warns', async () => {
    const step = await harness.run({ inputs: { 'mask-password': 'false' } });
    const password = Object.entries(step.outputs).find(([name]) => name.startsWith('docker_password'))?.[1] ?? '';
    expect(step.recorded.masked).not.toContain(password);
    expect(step.log).toContain('warning: mask-password is false');
  });

  it('rejects an invalid account ID before any call', async () => {
    const { failures, operations } = await harness.run({ inputs: { registries: '12345' } });
    expect(failures).toEqual(["input 'registries': '12345' is not an account ID: it must have 12 digits"]);
    expect(operations).toEqual([]);
  });

  it('fails without a Region', async () => {
    const { failures } = await harness.run({ inputs: { 'aws-region': '', regions: REGION } });
    expect(failures).toEqual([]);
  });
});
