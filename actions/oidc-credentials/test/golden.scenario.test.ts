import { chmod, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compareGolden,
  formatCalls,
  formatPost,
  formatRun,
  type Replacement,
} from '@aws-delivery/action-kit/testing/golden';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { Harness, roleArn, type StepOptions, type StepResult, scenario } from './harness.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));

let harness: Harness;
beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());
afterEach(() => harness.close());

/** Tokens and times are of this moment; numbers stay numbers, so that JSON stays JSON. */
const MOMENT: readonly Replacement[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/gu, '<token>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, '<time>'],
  [/\b\d{13}\b/gu, '1500000000000'],
  [/\b1\d{9}\b/gu, '1500000000'],
];

const places = (): readonly Replacement[] => [
  [harness.homeDirectory, '<home>'],
  [harness.tempDirectory, '<temp>'],
  [/(<temp>\/[\w-]*?)-?\w{6}(?=["/\s]|$)/gmu, '$1<random>'],
];

/** Every file below a directory with its mode and content. */
const filesBelow = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const mode = ((await stat(path)).mode & 0o777).toString(8);
    const header = `${mode} ${folder}/${relative(folder, path)}`;
    if (entry.isSymbolicLink()) return `${header} -> ${await readlink(path)}`;
    return entry.isFile() ? `${header}\n${await readFile(path, 'utf8')}` : `${header}/`;
  });
  return (await Promise.all(texts)).toSorted().join('\n\n');
};

const filesOnMachine = async (): Promise<string> =>
  [await filesBelow(harness.tempDirectory), await filesBelow(harness.homeDirectory)]
    .filter((text) => text !== '')
    .join('\n\n');

/** What is secret in a step: replaced wherever it is. */
const listSecrets = ({ recorded }: StepResult): readonly Replacement[] =>
  [...new Set(recorded.masked)]
    .map((secret, index) => [secret, `<secret ${index + 1}>`] as const)
    .filter(([secret]) => secret.length > 8)
    .toSorted(([a], [b]) => b.length - a.length);

/** Runs main and post, and compares all that leaves them, with the files in between and after. */
const pin = async (name: string, options: StepOptions = {}, changes: ScenarioInput = {}): Promise<StepResult> => {
  harness = await Harness.start(changes);
  return pinOn(name, options);
};

const pinOn = async (name: string, options: StepOptions): Promise<StepResult> => {
  const step = await harness.runMain(options);
  const between = await filesOnMachine();
  const post = await harness.runPostStep(step);
  const replacements = [...listSecrets(step), ...places(), ...MOMENT];
  const files = {
    ...formatRun(step),
    'calls.jsonl': formatCalls(step.calls, { replacements }),
    'files.txt': between,
    ...formatPost({ recorded: post }),
    'post.files.txt': await filesOnMachine(),
  };
  compareGolden({ directory, scenario: name, files, replacements });
  return step;
};

it('exports credentials, checked, with outputs', async () => {
  const inputs = {
    'output-credentials': 'true',
    'role-session-name': 'delivery',
    tags: 'team=shop',
    'allowed-account-ids': '123456789012',
    'expected-subjects': 'repo:octocat/my-repo:*',
  };
  const { recorded } = await pin('environment', { inputs });
  expect(recorded.failures).toEqual([]);
});

it('puts back what the environment had before', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAOLDOLDOLD',
    AWS_SECRET_ACCESS_KEY: 'old-secret-key',
    AWS_REGION: 'us-east-1',
  };
  const { recorded } = await pin('restored', { env, inputs: { 'unset-current-credentials': 'true' } });
  expect(recorded.failures).toEqual([]);
});

it('writes a profile beside others, and takes it out again', async () => {
  harness = await Harness.start();
  const folder = join(harness.homeDirectory, '.aws');
  await mkdir(folder);
  await chmod(folder, 0o755);
  const files = {
    config: '[default]\nregion = us-east-1\n\n[profile shop]\noutput = json\n',
    credentials: '[shop]\naws_access_key_id = AKIAOLD\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o644);
  }
  const inputs = { 'aws-profile': 'shop', 'overwrite-aws-profile': 'true', 'output-env-credentials': 'true' };
  expect((await pinOn('profile', { inputs })).recorded.failures).toEqual([]);
});

it('gives a profile with a credential process that renews by itself', async () => {
  const inputs = {
    refresh: 'true',
    'role-chain': 'second\nthird',
    'role-external-id': 'third-id',
    'role-duration': '2h',
    'inline-session-policy': '{"Version":"2012-10-17","Statement":[]}',
  };
  const { recorded } = await pin('refresh', { inputs });
  expect(recorded.failures).toEqual([]);
});

it('goes through a chain of roles', async () => {
  const chain = [roleArn('second'), { 'role-arn': 'third', 'external-id': 'third-id', duration: '30m' }];
  const inputs = { 'role-chain': JSON.stringify(chain), tags: 'team=shop', 'transitive-tag-keys': 'team' };
  await pin('chain', { inputs });
});

it('assumes a role with keys', async () => {
  const inputs = {
    'aws-access-key-id': 'AKIAUSER',
    'aws-secret-access-key': 'user/secret+key',
    'role-to-assume': roleArn('user'),
  };
  expect((await pin('keys', { inputs })).recorded.failures).toEqual([]);
});

it('diagnoses what the trust policy does not let in', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
  const claims = { repository: 'octocat/elsewhere', environment: 'prod' };
  const { recorded } = await pin('trust', { claims, env });
  expect(recorded.failures).toHaveLength(1);
});

it('diagnoses a token of the immutable form without looking at the role', async () => {
  const { recorded } = await pin('trust-immutable', {}, { oidc: { subject: 'immutable' } });
  expect(recorded.failures).toHaveLength(1);
});

it('says what is wrong where the account is not allowed', async () => {
  const { recorded } = await pin('wrong-account', { inputs: { 'allowed-account-ids': '111111111111' } });
  expect(recorded.failures).toHaveLength(1);
});

it('fetches secrets', async () => {
  const inputs = { 'secret-ids': 'prod/db\nPLAIN, prod/plain\nstage/*', 'parse-json-secrets': 'true' };
  const { recorded } = await pin('secrets', { inputs }, scenario);
  expect(recorded.failures).toEqual([]);
});
