import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { describe, expect, it } from '@jest/globals';
import { definition, type ReviewInputs } from '../action.js';
import { type GitHubRequest, startGitHub } from './fake-github.js';
import { type AwsStep, BUCKET, Harness, type HarnessOptions } from './harness.js';
import { buildSarif } from './sarif-log.js';

type InputValues = Readonly<Record<string, string>>;

/** Value of the input under test, and the other inputs and AWS state in which it has an effect. */
interface Case {
  readonly value: string;
  readonly others?: InputValues;
  readonly harnessOptions?: HarnessOptions;
  readonly on?: 'pull-request';
}

const association = { name: 'shop', bucket: BUCKET };
const associated: HarnessOptions = { 'codeguru-reviewer': { associations: [association] } };
const unnamed: HarnessOptions = { 'codeguru-reviewer': { associations: [{ name: 'shop' }] } };
const scan = { 'findings-from': 'sarif', 'sarif-files': 'scan.sarif' };

const cases = {
  'findings-from': { value: 'sarif', others: { 'sarif-files': 'scan.sarif' } },
  'sarif-files': { value: 'scan.sarif', others: { 'findings-from': 'auto' } },
  'root-directory': { value: 'lib', others: scan },
  association: { value: 'other', harnessOptions: associated },
  'source-paths': { value: 'src', harnessOptions: associated },
  'build-artifacts': { value: 'README.md', harnessOptions: associated },
  'commit-range': { value: 'HEAD^:HEAD', harnessOptions: associated },
  'bucket-name': { value: BUCKET, harnessOptions: unnamed },
  'kms-key-id': { value: 'key', harnessOptions: associated },
  'inspector-project': { value: 'other', others: { 'findings-from': 'inspector' } },
  'on-no-association': { value: 'warn' },
  'on-fork': { value: 'warn', harnessOptions: { allowed: [] }, others: { FORK: 'true' } },
  timeout: { value: '10s', harnessOptions: associated },
  'fail-on': { value: 'none', others: scan },
  'fail-on-for': { value: 'no-eval=none', others: scan },
  'max-findings': { value: '5', others: scan },
  compare: { value: 'new', others: { ...scan, baseline: 'scan.sarif' } },
  baseline: { value: 'scan.sarif', others: scan },
  'ignore-file': { value: 'ignore.yml', others: scan },
  'on-unused-exception': { value: 'fail', others: { ...scan, 'fail-on': 'none', 'ignore-file': 'unused.yml' } },
  'vex-files': { value: 'vex.json', others: scan },
  'vex-products': { value: 'other', others: { ...scan, 'vex-files': 'vex.json' } },
  'on-unavailable': { value: 'proceed', others: { 'findings-from': 'sarif', 'sarif-files': 'unfinished.sarif' } },
  'report-directory': { value: 'reports', others: scan },
  'report-name': { value: 'backend', others: { ...scan, 'upload-sarif': 'true', 'github-token': 't' } },
  matrix: { value: '{"java": 21}', others: { ...scan, 'upload-sarif': 'true', 'github-token': 't' } },
  comment: { value: 'summary', others: { ...scan, 'github-token': 't' }, on: 'pull-request' },
  'upload-sarif': { value: 'true', others: { ...scan, 'github-token': 't' } },
  category: { value: 'java-21', others: { ...scan, 'upload-sarif': 'true', 'github-token': 't' } },
  'github-token': { value: 't', others: { ...scan, 'upload-sarif': 'true' } },
  'aws-region': { value: 'us-west-2', harnessOptions: associated },
  'http-proxy': { value: 'not a proxy', others: scan },
} satisfies Record<keyof ReviewInputs, Case>;

const fork = (sha: string) => ({
  pull_request: {
    base: { sha, repo: { full_name: 'octocat/shop' } },
    head: { sha, repo: { full_name: 'stranger/shop' } },
  },
});

const noCredentials = async (): Promise<never> => {
  throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
};

/** Observable effects of a step, without values that differ between runs. */
const observe = ({ outputs, failures, calls }: AwsStep, requests: readonly GitHubRequest[]): string => {
  // The number of polls varies with the jitter.
  const distinctCalls = new Set(
    calls.map(({ operation, region, input }) => JSON.stringify([operation, region, input])),
  );
  return JSON.stringify({
    outputs,
    failures,
    calls: [...distinctCalls],
    requests: requests.map(({ path, body }) => [path, body['sarif']]),
  })
    .replace(/codeguru-review-\w{6}/gu, 'FOLDER')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, 'ID')
    .replace(/77-[0-9a-f]{12}-1/gu, 'TOKEN');
};

describe('every input has an effect:', () => {
  const runWith = async ({ others = {}, harnessOptions = {}, on }: Case, overrides: InputValues): Promise<string> => {
    const github = await startGitHub();
    const harness = await Harness.open(harnessOptions);
    const { checkout } = harness;
    checkout.commit({ 'README.md': '# Shop\n', 'src/app.js': 'eval(x);\n' });
    const vex = {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [{ vulnerability: 'no-eval', products: ['shop'], status: 'fixed' }],
    };
    const head = checkout.commit({
      'ignore.yml': 'ignore: [{ ids: [no-eval], reason: known }]',
      'unused.yml': 'ignore: [{ ids: [old], reason: gone }]',
      'vex.json': JSON.stringify(vex),
    });
    const whole = { file: `${checkout.directory}/src/app.js` };
    checkout.write('scan.sarif', buildSarif({ results: [whole] }));
    checkout.write(
      'unfinished.sarif',
      buildSarif({ results: [], run: { invocations: [{ executionSuccessful: false }] } }),
    );
    const { FORK: isFork, ...inputs }: InputValues = { 'findings-from': 'codeguru-reviewer', ...others, ...overrides };
    const event = {
      env: { GITHUB_EVENT_NAME: 'pull_request' },
      event: fork(head),
      overrideConfig: (all: AwsClientConfig) => ({ ...all, credentials: noCredentials }),
    };
    const refEnv = on === undefined ? {} : { GITHUB_REF: 'refs/pull/7/merge' };
    const env = {
      GITHUB_API_URL: github.url,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: '3'.repeat(40),
      ...refEnv,
    };
    const step = await harness.run({ inputs, env, ...(isFork === undefined ? {} : event) });
    await harness.close();
    await github.close();
    return observe(step, github.requests);
  };

  it.each(Object.entries<Case>(cases))('%s', async (name, each) => {
    expect(await runWith(each, { [name]: each.value })).not.toBe(await runWith(each, {}));
  });

  it('two equal runs have equal effects', async () => {
    expect(await runWith(cases.timeout, {})).toBe(await runWith(cases.timeout, {}));
    expect(await runWith({ value: '', others: scan }, {})).toBe(await runWith({ value: '', others: scan }, {}));
  });
});

it('sets every declared output in a step with two sources and a baseline', async () => {
  const harness = await Harness.open(associated);
  harness.checkout.commit({ 'src/app.js': 'eval(x);\n' });
  harness.checkout.write('scan.sarif', buildSarif({ results: [{}] }));
  const inputs = { 'findings-from': 'auto', association: 'shop', 'sarif-files': 'scan.sarif', baseline: 'scan.sarif' };
  const { outputs } = await harness.run({ inputs });
  await harness.close();
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
});
