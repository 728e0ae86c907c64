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

/** Replaces tokens and times; numbers stay numbers so that JSON stays valid. */
const TIME_REPLACEMENTS: readonly Replacement[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/gu, '<token>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, '<time>'],
  [/\b\d{13}\b/gu, '1500000000000'],
  [/\b1\d{9}\b/gu, '1500000000'],
];

const listPathReplacements = (): readonly Replacement[] => [
  [harness.homeDirectory, '<home>'],
  [harness.tempDirectory, '<temp>'],
  [/(<temp>\/[\w-]*?)-?\w{6}(?=["/\s]|$)/gmu, '$1<random>'],
];

/** Every file below a directory with its mode and content. */
const listFiles = async (parent: string): Promise<string> => {
  const entries = await readdir(parent, { recursive: true, withFileTypes: true });
  const descriptions = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const mode = ((await stat(path)).mode & 0o777).toString(8);
    const header = `${mode} ${parent}/${relative(parent, path)}`;
    if (entry.isSymbolicLink()) return `${header} -> ${await readlink(path)}`;
    return entry.isFile() ? `${header}\n${await readFile(path, 'utf8')}` : `${header}/`;
  });
  return (await Promise.all(descriptions)).toSorted().join('\n\n');
};

const listAllFiles = async (): Promise<string> =>
  [await listFiles(harness.tempDirectory), await listFiles(harness.homeDirectory)]
    .filter((files) => files !== '')
    .join('\n\n');

/** Replacements of the secrets of a step. */
const listSecrets = ({ recorded }: StepResult): readonly Replacement[] =>
  [...new Set(recorded.masked)]
    .map((secret, index) => [secret, `<secret ${index + 1}>`] as const)
    .filter(([secret]) => secret.length > 8)
    .toSorted(([a], [b]) => b.length - a.length);

/** Runs main and post, and compares their results and the files after each with the golden files. */
const compareRun = async (
  name: string,
  options: StepOptions = {},
  changes: ScenarioInput = {},
): Promise<StepResult> => {
  harness = await Harness.start(changes);
  return compareRunInHarness(name, options);
};

const compareRunInHarness = async (name: string, options: StepOptions): Promise<StepResult> => {
  const step = await harness.runMain(options);
  const filesAfterMain = await listAllFiles();
  const post = await harness.runPostStep(step);
  const replacements = [...listSecrets(step), ...listPathReplacements(), ...TIME_REPLACEMENTS];
  const files = {
    ...formatRun(step),
    'calls.jsonl': formatCalls(step.calls, { replacements }),
    'files.txt': filesAfterMain,
    ...formatPost({ recorded: post }),
    'post.files.txt': await listAllFiles(),
  };
  compareGolden({ directory, scenario: name, files, replacements });
  return step;
};

it('exports checked credentials and sets outputs', async () => {
  const inputs = {
    'output-credentials': 'true',
    'role-session-name': 'delivery',
    tags: 'team=shop',
    'allowed-account-ids': '123456789012',
    'expected-subjects': 'repo:octocat/my-repo:*',
  };
  const { recorded } = await compareRun('environment', { inputs });
  expect(recorded.failures).toEqual([]);
});

it('restores the previous environment', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAOLDOLDOLD',
    AWS_SECRET_ACCESS_KEY: 'old-secret-key',
    AWS_REGION: 'us-east-1',
  };
  const { recorded } = await compareRun('restored', { env, inputs: { 'unset-current-credentials': 'true' } });
  expect(recorded.failures).toEqual([]);
});

it('writes a profile beside others and restores the files', async () => {
  harness = await Harness.start();
  const awsDirectory = join(harness.homeDirectory, '.aws');
  await mkdir(awsDirectory);
  await chmod(awsDirectory, 0o755);
  const files = {
    config: '[default]\nregion = us-east-1\n\n[profile shop]\noutput = json\n',
    credentials: '[shop]\naws_access_key_id = AKIAOLD\n',
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(awsDirectory, name), content);
    await chmod(join(awsDirectory, name), 0o644);
  }
  const inputs = { 'aws-profile': 'shop', 'overwrite-aws-profile': 'true', 'output-env-credentials': 'true' };
  expect((await compareRunInHarness('profile', { inputs })).recorded.failures).toEqual([]);
});

it('exports a profile with a credential process', async () => {
  const inputs = {
    refresh: 'true',
    'role-chain': 'second\nthird',
    'role-external-id': 'third-id',
    'role-duration': '2h',
    'inline-session-policy': '{"Version":"2012-10-17","Statement":[]}',
  };
  const { recorded } = await compareRun('refresh', { inputs });
  expect(recorded.failures).toEqual([]);
});

it('assumes a chain of roles', async () => {
  const chain = [roleArn('second'), { 'role-arn': 'third', 'external-id': 'third-id', duration: '30m' }];
  const inputs = { 'role-chain': JSON.stringify(chain), tags: 'team=shop', 'transitive-tag-keys': 'team' };
  await compareRun('chain', { inputs });
});

it('assumes a role with keys', async () => {
  const inputs = {
    'aws-access-key-id': 'AKIAUSER',
    'aws-secret-access-key': 'user/secret+key',
    'role-to-assume': roleArn('user'),
  };
  expect((await compareRun('keys', { inputs })).recorded.failures).toEqual([]);
});

it('diagnoses a token that the trust policy rejects', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret' };
  const claims = { repository: 'octocat/elsewhere', environment: 'prod' };
  const { recorded } = await compareRun('trust', { claims, env });
  expect(recorded.failures).toHaveLength(1);
});

it('diagnoses a token of the immutable form without reading the role', async () => {
  const { recorded } = await compareRun('trust-immutable', {}, { oidc: { subject: 'immutable' } });
  expect(recorded.failures).toHaveLength(1);
});

it('rejects an account that is not allowed', async () => {
  const { recorded } = await compareRun('wrong-account', { inputs: { 'allowed-account-ids': '111111111111' } });
  expect(recorded.failures).toHaveLength(1);
});

it('fetches secrets and parameters', async () => {
  const inputs = {
    'secret-ids': 'prod/db\nPLAIN, prod/plain\nstage/*',
    'parse-json-secrets': 'true',
    'parameter-names': '/prod/flags/*\nPASSWORD, /prod/db/password',
  };
  const { recorded } = await compareRun('secrets', { inputs }, scenario);
  expect(recorded.failures).toEqual([]);
});
