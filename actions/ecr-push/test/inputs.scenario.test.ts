import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../packages/oci/test/image-fixtures.js';
import { definition, type Inputs } from '../action.js';
import { type Harness, type HarnessOptions, type Step, withHarness } from './harness.js';

/** The effect of an input: what the scenario reads from the step, and its expected value. */
interface Case {
  readonly inputs: Readonly<Record<string, string>>;
  readonly options?: HarnessOptions;
  /** Files of the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  readonly shows: (step: Step, harness: Harness) => unknown;
  readonly expected: unknown;
}

const called = (operation: string) => (step: Step) =>
  step.calls.find((call) => call.operation === operation)?.input ?? step.operations;

const creating = (inputs: Readonly<Record<string, string>>, expected: object): Case => ({
  inputs: { repository: 'new', 'create-repository': 'true', ...inputs },
  shows: called('CreateRepository'),
  expected: expect.objectContaining(expected),
});

const labelled = (inputs: Readonly<Record<string, string>>, label: string): Case => ({
  inputs,
  shows: ({ recorded }) => recorded.summary().split('\n')[0],
  expected: expect.stringContaining(label),
});

const failing = (inputs: Readonly<Record<string, string>>, message: string, options: HarnessOptions = {}): Case => ({
  inputs,
  options,
  shows: ({ failures }) => failures[0],
  expected: expect.stringContaining(message),
});

/** A medium finding without a fix in every image. */
const scanned = (type: 'BASIC' | 'ENHANCED'): HarnessOptions => ({
  oneClock: true,
  ecr: { repositories: { app: {} }, scanning: { type, findings: [{ id: 'CVE-2026-1', severity: 'MEDIUM' }] } },
});

const SCANNED = scanned('BASIC');

const scanning = (
  inputs: Readonly<Record<string, string>>,
  output: string,
  type: 'BASIC' | 'ENHANCED' = 'BASIC',
): Omit<Case, 'expected'> => ({
  inputs: { scan: 'basic', 'fail-on': 'low', ...inputs },
  options: scanned(type),
  shows: ({ outputs }) => outputs[output],
});

const policy = JSON.stringify({ rules: [] });

const CASES = {
  mode: { inputs: { mode: 'check' }, shows: ({ outputs }) => outputs['exists'], expected: 'false' },
  source: failing({ source: 'oci:elsewhere' }, 'elsewhere'),
  destination: failing({ destination: 'oci:x' }, "'destination' requires mode: pull"),
  engine: failing(
    { source: 'shop:1.0', engine: 'nerdctl' },
    "cannot look up image 'shop:1.0' (nerdctl: not installed)",
  ),
  repository: {
    inputs: { repository: 'web' },
    shows: ({ outputs }) => outputs['image-uri'],
    expected: expect.stringContaining('/web@'),
  },
  tags: {
    inputs: { tags: 'build-{run}' },
    shows: ({ outputs }) => outputs['image-uris'],
    expected: expect.stringContaining(':build-42"'),
  },
  'build-directory': failing({ 'build-directory': 'none', source: '', repository: '' }, "none' does not exist"),
  'repository-prefix': failing({ 'repository-prefix': 'dev-' }, "'repository-prefix' requires 'build-directory'"),
  'build-args': failing({ 'build-args': 'A=1' }, "'build-args' requires 'build-directory'"),
  dockerfile: failing({ dockerfile: 'Containerfile' }, "'dockerfile' requires 'build-directory'"),
  'build-target': failing({ 'build-target': 'production' }, "'build-target' requires 'build-directory'"),
  'build-secrets': failing({ 'build-secrets': 'npm=token' }, "'build-secrets' requires 'build-directory'"),
  'build-secret-files': failing({ 'build-secret-files': 'npm=.npmrc' }, "'build-secret-files' requires"),
  'build-cache-from': failing({ 'build-cache-from': 'type=inline' }, "'build-cache-from' requires 'build-directory'"),
  'build-cache-to': failing({ 'build-cache-to': 'type=inline' }, "'build-cache-to' requires 'build-directory'"),
  'common-layer': failing({ 'common-layer': 'base' }, "'common-layer' requires 'build-directory'"),
  'common-layer-argument': failing(
    { 'build-directory': 'x', 'common-layer-argument': '-', source: '', repository: '' },
    "'-' is not a valid name of a build argument",
  ),
  'changed-since': failing({ 'changed-since': 'HEAD' }, "'changed-since' requires 'build-directory'"),
  'build-logins': failing({ 'build-logins': 'true' }, "'build-logins' requires 'build-directory'"),
  images: failing(
    { images: '[{ source: oci:other, repository: app, tag: 1 }]', source: '', repository: '' },
    "has the unknown field 'tag'",
  ),
  'on-existing-tag': failing({ 'on-existing-tag': 'fail', tags: 'taken' }, 'already points to another image'),
  concurrency: failing({ concurrency: '21' }, 'from 1 to 20'),
  'wait-for-replication': failing({ 'wait-for-replication': 'true' }, 'ECR does not replicate this image'),
  timeout: failing({ timeout: 'soon' }, 'is not a duration'),
  registries: {
    inputs: { registries: '999988887777' },
    shows: called('GetAuthorizationToken'),
    expected: { registryIds: ['999988887777'] },
  },
  regions: {
    inputs: { regions: 'us-west-2' },
    shows: ({ calls }) => calls[0]?.region,
    expected: 'us-west-2',
  },
  'registry-type': failing({ 'registry-type': 'public', repository: 'alias/app' }, 'GetAuthorizationToken'),
  'registry-endpoint': failing({ 'registry-endpoint': 'http://127.0.0.1:9' }, '127.0.0.1:9'),
  'skip-logout': {
    inputs: { 'skip-logout': 'true', source: '', repository: '' },
    shows: ({ recorded }) => Object.keys(recorded.state),
    expected: [],
  },
  'mask-password': {
    inputs: { 'mask-password': 'false' },
    shows: ({ log }) => log,
    expected: expect.stringContaining('mask-password is false'),
  },
  'create-repository': creating({}, { repositoryName: 'new' }),
  'on-drift': {
    inputs: { 'on-drift': 'fix', 'scan-on-push': 'true' },
    shows: ({ operations }) => operations,
    expected: expect.arrayContaining(['PutImageScanningConfiguration']),
  },
  'tag-mutability': creating({ 'tag-mutability': 'IMMUTABLE' }, { imageTagMutability: 'IMMUTABLE' }),
  'tag-exclusions': creating(
    { 'tag-mutability': 'IMMUTABLE_WITH_EXCLUSION', 'tag-exclusions': 'dev*' },
    { imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev*' }] },
  ),
  'scan-on-push': creating({ 'scan-on-push': 'true' }, { imageScanningConfiguration: { scanOnPush: true } }),
  encryption: creating({ encryption: 'KMS' }, { encryptionConfiguration: { encryptionType: 'KMS' } }),
  'kms-key-id': creating(
    { encryption: 'KMS', 'kms-key-id': 'alias/shop' },
    { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/shop' } },
  ),
  'lifecycle-policy': {
    inputs: { repository: 'new', 'create-repository': 'true', 'lifecycle-policy': policy },
    shows: called('PutLifecyclePolicy'),
    expected: expect.objectContaining({ lifecyclePolicyText: policy }),
  },
  'repository-policy': {
    inputs: { repository: 'new', 'create-repository': 'true', 'repository-policy': policy },
    shows: called('SetRepositoryPolicy'),
    expected: expect.objectContaining({ policyText: policy }),
  },
  'repository-tags': creating({ 'repository-tags': 'team=red' }, { tags: [{ Key: 'team', Value: 'red' }] }),
  referrers: failing({ referrers: 'none.json' }, 'none.json'),
  'copy-referrers': failing({ 'copy-referrers': 'true' }, "'copy-referrers' requires mode: push with docker://"),
  'index-of': failing({ 'index-of': 'shop:1.0', source: '' }, "'shop:1.0' is an image of an engine"),
  'tag-after-scan': failing({ 'tag-after-scan': 'true' }, "'tag-after-scan' requires mode: push and a scan"),
  scan: failing({ scan: 'basic', 'fail-on': 'medium' }, '1 failing finding (1 medium)', SCANNED),
  'fail-on': { ...scanning({ 'fail-on': 'high' }, 'verdict'), expected: 'passed' },
  'only-fixable': {
    ...scanning({ 'only-fixable': 'true', scan: 'enhanced' }, 'verdict', 'ENHANCED'),
    expected: 'passed',
  },
  'on-unused-exception': {
    ...failing({ scan: 'basic', 'on-unused-exception': 'fail', 'fail-on': 'none' }, 'matches nothing', SCANNED),
    files: { '.ecr-ignore.yml': 'ignore: [{ ids: [CVE-1], reason: gone }]' },
  },
  'ignore-file': failing({ scan: 'basic', 'ignore-file': 'none.yml' }, "cannot read 'none.yml'", SCANNED),
  'on-unavailable': { ...scanning({ scan: 'enhanced', 'on-unavailable': 'proceed' }, 'verdict'), expected: 'passed' },
  'scan-timeout': failing({ scan: 'enhanced', 'scan-timeout': '10s' }, 'timed out after 10s', SCANNED),
  'report-directory': {
    ...scanning({ 'report-directory': 'reports' }, 'sarif-file'),
    expected: expect.stringMatching(/reports.findings\.sarif$/u),
  },
  'aws-region': {
    inputs: { 'aws-region': 'eu-north-1' },
    shows: ({ calls }) => calls[0]?.region,
    expected: 'eu-north-1',
  },
  'report-name': labelled({ 'report-name': 'backend' }, '(backend)'),
  matrix: labelled({ matrix: '{"arch": "arm64"}' }, '(arm64)'),
  'http-proxy': failing({ 'http-proxy': 'ftp://proxy' }, 'is not the URL of an HTTP proxy'),
} satisfies Record<keyof Inputs, Case>;

const runCase = ({ inputs, options = {}, files = {} }: Case) =>
  withHarness(options, async (harness) => {
    for (const [name, content] of Object.entries(files)) await harness.writeWorkspaceFile(name, content);
    await harness.writeLayout('build', createImage());
    await harness.push(await harness.writeLayout('other', createImage({ command: 'other' })), { tags: 'taken' });
    const step = await harness.run({ inputs: { source: 'oci:build', repository: 'app', tags: '1.0', ...inputs } });
    return { step, harness };
  });

describe('the input', () => {
  it.each(Object.entries(CASES) as [string, Case][])(
    '%s changes a call, an output or an error',
    async (_name, scenario) => {
      const { step, harness } = await runCase(scenario);
      expect(scenario.shows(step, harness)).toEqual(scenario.expected);
    },
  );
});

describe('a workflow of aws-actions/amazon-ecr-login', () => {
  it.each(['http-proxy', 'mask-password', 'registries', 'registry-type', 'skip-logout'] as const)(
    'may keep the input %s',
    (name) => {
      expect(Object.keys(definition.inputs)).toContain(name);
    },
  );
});

describe('each output', () => {
  it('is set by some scenario', async () => {
    const pushed = await runCase({ inputs: {}, shows: () => '', expected: '' });
    const checked = await runCase(CASES.mode);
    const gated = await runCase(CASES['report-directory']);
    const set = Object.keys({ ...pushed.step.outputs, ...checked.step.outputs, ...gated.step.outputs });
    for (const name of Object.keys(definition.outputs)) {
      const [prefix = ''] = name.split('*');
      expect(set.some((each) => each === name || (name.includes('*') && each.startsWith(prefix)))).toBe(true);
    }
  });
});

describe('settings of an existing repository', () => {
  const settings = {
    'tag-mutability': 'IMMUTABLE',
    'scan-on-push': 'true',
    'repository-tags': 'team=red',
    'lifecycle-policy': policy,
  };

  it('are compared, and drift is a warning', async () => {
    const { step } = await runCase({ inputs: settings, shows: () => '', expected: '' });
    expect(step.failures).toEqual([]);
    for (const text of [
      'tag mutability (MUTABLE, no exclusions) does not match the inputs: set on-drift: fix',
      'scan on push (false)',
      'tags (team) does not match',
      'lifecycle policy',
    ]) {
      expect(step.log).toContain(text);
    }
  });

  it('are changed with on-drift: fix, after which there is no drift', async () => {
    await withHarness({}, async (harness) => {
      const source = await harness.writeLayout('build', createImage());
      const first = await harness.push(source, { ...settings, 'on-drift': 'fix' });
      expect(first.failures).toEqual([]);
      expect(first.log).toContain('Changed tag mutability to match the inputs (was: MUTABLE, no exclusions)');
      const second = await harness.push(source, settings);
      expect(second.log).not.toContain('warning');
    });
  });
});
