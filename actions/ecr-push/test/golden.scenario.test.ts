import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compareGolden,
  formatCalls,
  formatJson,
  formatPost,
  formatRun,
  type Replacement,
} from '@aws-delivery/action-kit/testing/golden';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { createBlob, createImage, createIndex, createLayer } from '../../../packages/oci/test/image-fixtures.js';
import { FakeEngine } from './engine/fake-engine.js';
import { type Harness, type HarnessOptions, type Step, withHarness } from './harness.js';
import { createFinding } from './scan/scan-harness.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));

beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());

/** An image with uncompressed layers, whose bytes do not depend on the version of zlib. */
const plainImage = (options: { readonly command?: string; readonly architecture?: string } = {}) => {
  const { tar } = createLayer('base');
  return createImage({
    ...options,
    layers: [{ tar, blob: createBlob('application/vnd.oci.image.layer.v1.tar', tar) }],
  });
};
const image = plainImage();

/** Replaces times, and fingerprints, which depend on the port in the image's name. */
const MOMENT: readonly Replacement[] = [
  [/"[0-9a-f]{32}:\d+"/gu, '"<fingerprint>"'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, '<time>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, '<time>'],
];

const listReplacements = (harness: Harness, { recorded }: Step): readonly Replacement[] => [
  ...recorded.masked.filter((secret) => secret.length > 8).map((secret) => [secret, '<password>'] as const),
  [/(?<=[:_])\d{4,5}(?=[/"@\s]|$)/gmu, '<port>'],
  [/"(docker_password_[^"]+)": "[^"]+"/gu, '"$1": "<password>"'],
  [harness.directory, '<workspace>'],
  [/(?<=:ecr-push-)\w{6}\b/gu, '<random>'],
  [/(<workspace>\/temp\/[\w-]*?)-?\w{6}(?=["/\s]|$)/gmu, '$1<random>'],
  ...MOMENT,
];

const BLOB = /: [0-9a-f]{12} \w+ /u;

/** Sorts the lines of blobs, which are transferred in parallel. */
const sortBlobs = (log: string): string => {
  const lines = log.split('\n');
  const blobs = lines.filter((line) => BLOB.test(line)).toSorted();
  return lines.map((line) => (BLOB.test(line) ? (blobs.shift() ?? line) : line)).join('\n');
};

const readReports = async ({ outputs }: Step): Promise<Readonly<Record<string, string>>> => {
  const read = async (path: string | undefined) =>
    path === undefined ? '' : formatJson(JSON.parse(await readFile(path, 'utf8')));
  return { 'scan.sarif': await read(outputs['sarif-file']), 'scan.json': await read(outputs['json-file']) };
};

/** Compares the results of a step, and further files, with the golden files. */
const pin = async (
  harness: Harness,
  scenario: string,
  step: Step,
  more: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const replacements = listReplacements(harness, step);
  const { log = '', ...run } = formatRun(step);
  const files = {
    ...run,
    log: sortBlobs(log),
    ...(await readReports(step)),
    'calls.jsonl': formatCalls(step.calls, { replacements, sort: true }),
    ...more,
  };
  compareGolden({ directory, scenario, files, replacements });
};

it('pushes an image, skips it in a second run, and keeps an existing tag', async () => {
  await withHarness({}, async (harness) => {
    const source = await harness.writeLayout('build', image);
    await pin(
      harness,
      'check-absent',
      await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } }),
    );
    await pin(harness, 'push', await harness.push(source, { tags: '1.0, latest' }));
    await pin(harness, 'push-again', await harness.push(source, { tags: '1.0' }));
    await pin(harness, 'check', await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } }));
    const other = await harness.writeLayout('other', plainImage({ command: 'other' }));
    await pin(harness, 'tag-kept', await harness.push(other, { 'on-existing-tag': 'keep' }));
    await pin(harness, 'tag-refused', await harness.push(other, { 'on-existing-tag': 'fail' }));
  });
});

it('pushes an index and its referrers', async () => {
  await withHarness({}, async (harness) => {
    const images = ['amd64', 'arm64'].map((architecture) => plainImage({ architecture }));
    const source = await harness.writeLayout('both', { index: createIndex(images, ['amd64', 'arm64']), images });
    await harness.writeWorkspaceFile('sbom.spdx.json', JSON.stringify({ spdxVersion: 'SPDX-2.3', name: 'shop' }));
    const step = await harness.push(source, { referrers: 'sbom.spdx.json' });
    await pin(harness, 'index-referrers', step);
  });
});

it('creates a repository with its settings and reports drift', async () => {
  await withHarness({}, async (harness) => {
    const source = await harness.writeLayout('build', image);
    const inputs = {
      repository: 'new',
      'create-repository': 'true',
      'tag-mutability': 'IMMUTABLE',
      'lifecycle-policy': JSON.stringify({ rules: [{ rulePriority: 1 }] }),
      'repository-policy': JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      'repository-tags': 'team=red',
      'scan-on-push': 'true',
    };
    await pin(harness, 'create-repository', await harness.push(source, inputs));
    const changed = { ...inputs, 'tag-mutability': 'MUTABLE', 'repository-tags': 'team=blue' };
    await pin(harness, 'drift', await harness.push(source, changed));
  });
});

it('pushes a list of images and reports the failed ones', async () => {
  await withHarness({}, async (harness) => {
    await harness.writeLayout('api', image);
    await harness.writeLayout('web', plainImage({ command: 'web' }));
    const images = [
      { source: 'oci:api', repository: 'app', tags: '1' },
      { source: 'oci:web', repository: 'missing', tags: '1' },
    ];
    await pin(harness, 'images', await harness.run({ inputs: { images: JSON.stringify(images), concurrency: '1' } }));
  });
});

it('pulls an image into a layout', async () => {
  await withHarness({}, async (harness) => {
    await harness.push(await harness.writeLayout('build', image));
    const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled:mine' };
    const step = await harness.run({ inputs });
    const pulled = join(harness.directory, 'pulled');
    const index = JSON.parse(await readFile(join(pulled, 'index.json'), 'utf8'));
    const names = (await readdir(pulled, { recursive: true })).toSorted().join('\n');
    await pin(harness, 'pull', step, { 'index.json': formatJson(index), 'files.txt': names });
  });
});

it('builds directories with an engine', async () => {
  await withHarness({ ecr: { repositories: { 'dev-common-layer': {}, 'dev-billing': {} } } }, async (harness) => {
    const docker = new FakeEngine('docker');
    await harness.writeLayout('lambdas/common-layer', image);
    await harness.writeLayout('lambdas/billing', image);
    await harness.writeWorkspaceFile('lambdas/common-layer/Dockerfile', 'FROM scratch\n');
    await harness.writeWorkspaceFile('lambdas/billing/Dockerfile', 'FROM ${COMMON_LAYER}\n');
    const inputs = { 'build-directory': 'lambdas', 'repository-prefix': 'dev-', tags: '1.0', 'build-args': 'A=b' };
    const step = await harness.run({ inputs: { ...inputs, concurrency: '1' }, runProgram: docker.runProgram });
    const runs = docker.runs.map(({ program, args, env }) => ({ program, args, env: Object.keys(env).toSorted() }));
    await pin(harness, 'build', step, { 'engine.json': formatJson(runs) });
  });
});

const SCANS: readonly (readonly [string, string, HarnessOptions['ecr'], Readonly<Record<string, string>>])[] = [
  [
    'scan-blocked',
    'basic',
    { scanning: { type: 'BASIC', findings: [createFinding('CVE-2026-1', { severity: 'HIGH', fixedIn: '1.0.1' })] } },
    {},
  ],
  [
    'scan-enhanced',
    'enhanced',
    {
      scanning: {
        type: 'ENHANCED',
        findings: [
          createFinding('CVE-2026-1', { severity: 'CRITICAL', fixedIn: '1.0.1' }),
          createFinding('CVE-2026-2', { severity: 'LOW', package: 'zlib' }),
        ],
      },
    },
    { 'only-fixable': 'true' },
  ],
  ['scan-passed', 'basic', { scanning: { type: 'BASIC' } }, {}],
  ['scan-unknown', 'basic', { scanning: { type: 'BASIC', duration: '9000h' } }, { 'scan-timeout': '1m' }],
];

it.each(SCANS)('scans pushed images: %s', async (scenario, scan, ecr, inputs) => {
  await withHarness({ oneClock: true, ecr: { repositories: { app: {} }, ...ecr } }, async (harness) => {
    await harness.writeWorkspaceFile('.ecr-ignore.yml', 'ignore:\n  - ids: [CVE-2026-2]\n    reason: not reachable\n');
    await pin(harness, scenario, await harness.push(await harness.writeLayout('build', image), { scan, ...inputs }));
  });
});

it('logs in for later steps and logs out in the post step', async () => {
  await withHarness({ ecr: { naming: 'names' } }, async (harness) => {
    await harness.writeWorkspaceFile('.docker-before.json', '{}');
    const step = await harness.run({ inputs: { 'mask-password': 'false' }, env: { DOCKER_CONFIG: '/mine' } });
    const directory = step.recorded.exported['DOCKER_CONFIG'] ?? '';
    const config = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));
    const recorded = await harness.post(step);
    const passwords = Object.values(step.outputs).filter((value) => value.length > 100);
    const encoded = passwords.map((value) => [Buffer.from(`AWS:${value}`).toString('base64'), '<auth>'] as const);
    const text = encoded.reduce((all, [from, to]) => all.replaceAll(from, to), formatJson(config));
    await pin(harness, 'login', step, { 'config.json': text, ...formatPost({ recorded }) });
    expect(step.failures).toEqual([]);
  });
});
