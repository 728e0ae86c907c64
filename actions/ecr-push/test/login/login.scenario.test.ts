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

  it('keeps Docker’s logins, helpers for other hosts, contexts, plugins and builders', async () => {
    const docker = join(harness.directory, '.docker');
    await mkdir(join(docker, 'contexts', 'meta'), { recursive: true });
    const before = {
      auths: { 'ghcr.io': { auth: 'b2N0bzpjYXQ=' } },
      credsStore: 'osxkeychain',
      credHelpers: { 'gcr.io': 'gcloud' },
      currentContext: 'remote',
    };
    await harness.writeWorkspaceFile('.docker/config.json', JSON.stringify(before));
    const step = await harness.run();
    const registry = step.outputs['registry'] ?? '';
    const after = await config(step);
    expect(after).toMatchObject({ credsStore: 'osxkeychain', currentContext: 'remote' });
    expect(after.auths).toMatchObject(before.auths);
    // An empty helper makes Docker use the file for this host.
    expect(after.credHelpers).toEqual({ 'gcr.io': 'gcloud', [registry]: '' });
    expect(await readdir(join(step.recorded.exported['DOCKER_CONFIG'] ?? '', 'contexts'))).toEqual(['meta']);
    expect(step.recorded.exported['BUILDX_CONFIG']).toBe(join(docker, 'buildx'));
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
