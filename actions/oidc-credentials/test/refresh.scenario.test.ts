import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { processHost } from '../src/process-host.js';
import { loadRecipe, type Recipe } from '../src/recipe.js';
import { renew } from '../src/renewal.js';
import { role, Stage, type Step } from './stage.js';

describe('refresh', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const recipePath = ({ memory }: Step): string =>
    join(dirname(memory.exported['AWS_CONFIG_FILE'] ?? ''), 'recipe.json');
  const recipeOf = (step: Step): Promise<Recipe> => loadRecipe(recipePath(step));
  /** Renews as the credential process of a later step does. */
  const renewIn = async (step: Step, variables: Record<string, string | undefined> = {}) => {
    const recipe = await recipeOf(step);
    const from = stage.aws.calls().length;
    const credentials = await renew(
      recipe,
      processHost({ ...step.after, ...variables }, recipe, () => {}),
    );
    return { credentials, calls: stage.aws.calls().slice(from) };
  };

  it('gives later steps a profile with a credential process, and no key', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'old', AWS_ROLE_ARN: role('pod') };
    const { memory } = await stage.main({ inputs: { refresh: 'true' }, variables });
    expect(memory.failures).toEqual([]);
    expect(memory.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_ROLE_ARN: '',
      AWS_PROFILE: 'oidc-credentials',
      AWS_CONFIG_FILE: expect.stringContaining(stage.temporary),
      AWS_SDK_LOAD_CONFIG: '1',
    });
    const file = memory.exported['AWS_CONFIG_FILE'] ?? '';
    expect(await readFile(file, 'utf8')).toBe(
      [
        '[profile oidc-credentials]',
        'region = eu-central-1',
        `credential_process = "/opt/node 24/bin/node" "/actions/oidc/dist/credential-process.js" "${dirname(file)}/recipe.json"`,
        '',
      ].join('\n'),
    );
  });

  it('keeps its files to their owner, writes no request token, and removes them after the job', async () => {
    const step = await stage.main({ inputs: { refresh: 'true' } });
    const directory = dirname(recipePath(step));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(directory, name), 'utf8')).not.toContain(step.after['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
    }
    await stage.post(step);
    expect(await readdir(stage.temporary)).toEqual([]);
  });

  it('adds its profile to a copy of the configuration, so that other profiles go on to work', async () => {
    const mine = join(stage.home, 'config');
    await writeFile(mine, '[profile mine]\nregion = us-east-1\n');
    const { memory } = await stage.main({ inputs: { refresh: 'true' }, variables: { AWS_CONFIG_FILE: mine } });
    const copy = await readFile(memory.exported['AWS_CONFIG_FILE'] ?? '', 'utf8');
    expect(copy).toMatch(/^\[profile mine\]\nregion = us-east-1\n\[profile oidc-credentials\]\n/u);
    expect(await readFile(mine, 'utf8')).toBe('[profile mine]\nregion = us-east-1\n');
  });

  it('mints a new token and a new session with one call for each role', async () => {
    const step = await stage.main({ inputs: { refresh: 'true', 'role-chain': 'second', 'role-session-name': 'long' } });
    const { credentials, calls } = await renewIn(step, {
      'INPUT_ROLE-ARN': role('somebody-else'),
      INPUT_NAME: 'a stack',
    });
    expect(calls.map(({ operation }) => operation)).toEqual(['GetIdToken', 'AssumeRoleWithWebIdentity', 'AssumeRole']);
    expect(calls[1]?.input).toMatchObject({ RoleArn: role('deploy'), RoleSessionName: 'long' });
    expect(credentials).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/), expiration: expect.any(Number) });
  });

  it('is nobody else where a later step has no token', async () => {
    const step = await stage.main({ inputs: { refresh: 'true' } });
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
    const renewal = renewIn(step, { ...keys, ACTIONS_ID_TOKEN_REQUEST_URL: undefined });
    await expect(renewal).rejects.toMatchObject({ code: 'missing' });
  });

  it('writes a named profile where people look for it', async () => {
    const step = await stage.main({ inputs: { refresh: 'true', 'aws-profile': 'long' } });
    const config = join(stage.home, '.aws', 'config');
    expect(await readFile(config, 'utf8')).toMatch(/^\[profile long\]\nregion = eu-central-1\ncredential_process = /u);
    expect(step.memory.exported).toEqual({});
    await stage.post(step);
    expect(await readdir(join(stage.home, '.aws'))).toEqual([]);
  });

  it('leaves it to the SDKs where the host keeps a token file fresh', async () => {
    const token = join(stage.home, 'token');
    await writeFile(token, await stage.aws.token({ audience: 'sts.amazonaws.com' }));
    const inputs = { refresh: 'true', 'web-identity-token-file': 'token' };
    const variables = { GITHUB_WORKSPACE: stage.home };
    const { memory } = await stage.main({ inputs, variables });
    expect(memory.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: role('deploy'),
      AWS_ROLE_SESSION_NAME: 'GitHubActions',
    });
    const named = await stage.main({ inputs: { ...inputs, 'aws-profile': 'file' }, variables });
    expect(named.memory.failures).toEqual([]);
    expect(await readFile(join(stage.home, '.aws', 'config'), 'utf8')).toContain(
      `web_identity_token_file = ${token}\n`,
    );
    const chained = await stage.main({ inputs: { ...inputs, 'role-chain': 'second' }, variables });
    expect(chained.memory.exported).toHaveProperty('AWS_CONFIG_FILE');
  });

  it('refuses to leave keys on disk, and to renew what is no role', async () => {
    const keys = { 'aws-access-key-id': 'AKIAUSER', 'aws-secret-access-key': 'user/secret+key' };
    const refused = await stage.main({ inputs: { refresh: 'true', ...keys } });
    expect(refused.memory.failures[0]).toContain("'refresh' would have to leave 'aws-secret-access-key' on disk");
    const none = await stage.main({ inputs: { refresh: 'true', 'role-to-assume': '' } });
    expect(none.memory.failures[0]).toContain("add 'role-arn'");
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const inPlace = await stage.main({ inputs: { refresh: 'true', 'role-chaining': 'true' }, variables });
    expect(inPlace.memory.failures[0]).toContain('keys in the environment');
  });
});
