import { describe, expect, it } from '@jest/globals';
import { createImage, createIndex } from '../../../../packages/oci/test/image-fixtures.js';
import { TRANSIENT_FAULTS, withHarness } from '../harness.js';
import {
  createFinding,
  deleteDuringScan,
  image,
  pushThroughGate,
  readReport,
  type ScanScenario,
} from './scan-harness.js';

const HIGH = createFinding('CVE-2026-1', { severity: 'HIGH' });
const LOW = createFinding('CVE-2026-2', { severity: 'LOW', package: 'zlib' });

const KINDS = [
  ['basic', { type: 'BASIC' }],
  ['enhanced', { type: 'ENHANCED' }],
] as const;

describe.each(KINDS)('the gate over %s scans', (scan, scanning) => {
  const push = ({ inputs = {}, scanning: changes = {}, ...scenario }: ScanScenario) =>
    pushThroughGate({ ...scenario, inputs: { scan, ...inputs }, scanning: { ...scanning, ...changes } });

  it('passes an image without findings after its scan has completed', async () => {
    const { failures, outputs, recorded, calls } = await push({});
    expect(failures).toEqual([]);
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    expect(outputs).toMatchObject({ verdict: 'passed', pushed: 'true', digest: image.manifest.digest });
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toEqual({
      critical: 0,
      high: 0,
      medium: 0,
      low: 0,
      info: 0,
      none: 0,
    });
    expect(recorded.summary()).toContain('✅ no findings');
  });

  it('is blocked by a finding at the threshold and reports it', async () => {
    const { failures, outputs, recorded, log } = await push({ scanning: { findings: [LOW, HIGH] } });
    expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
    expect(outputs).toMatchObject({ verdict: 'blocked', pushed: 'true', digest: image.manifest.digest });
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ high: 1, low: 1 });
    expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([
      { verdict: 'blocked', scanCounts: { high: 1, low: 1 } },
    ]);
    expect(recorded.summary()).toContain('⛔ 1 high, 1 low');
    expect(recorded.summary()).toMatch(
      /\*\*high\*\* \| \[CVE-2026-1\]\(https:\/\/cve\.example\/CVE-2026-1\) \| openssl/u,
    );
    expect(log).toContain('app:1.0: 1 high, 1 low');
  });

  it.each([
    ['low', 'blocked'],
    ['critical', 'passed'],
    ['none', 'passed'],
  ])('applies fail-on: %s (%s)', async (threshold, verdict) => {
    const { outputs } = await push({ inputs: { 'fail-on': threshold }, scanning: { findings: [HIGH] } });
    expect(outputs['verdict']).toBe(verdict);
  });

  it('is blocked by an unranked finding', async () => {
    const { failures } = await push({
      scanning: { findings: [createFinding('CVE-2026-3', { severity: 'UNDEFINED' })] },
    });
    expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 unranked)']);
  });

  it('scans an image that existed before', async () => {
    const { operations, outputs, failures } = await push({
      scanning: { findings: [HIGH] },
      before: async (harness) => {
        await harness.push('oci:build');
        return undefined;
      },
    });
    expect(outputs).toMatchObject({ pushed: 'false', verdict: 'blocked' });
    expect(failures).toHaveLength(1);
    expect(operations).not.toContain('PutManifest');
  });

  it('scans each platform of an index and counts shared findings once', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    const findings = [HIGH, createFinding('CVE-2026-9', { image: images[1]?.manifest.digest ?? '' })];
    const ecr = { repositories: { app: {} }, scanning: { ...scanning, findings } };
    await withHarness({ oneClock: true, ecr }, async (harness) => {
      const step = await harness.push(await harness.writeLayout('index', { index, images }), { scan });
      expect(step.failures).toEqual(['scan gate blocked: 2 failing findings (2 high)']);
      const { images: written, findings: found } = await readReport(step, 'json-file');
      expect(written).toMatchObject([
        {
          image: `${harness.host}/app@${index.digest}`,
          platforms: [
            { platform: 'linux/amd64', digest: images[0]?.manifest.digest },
            { platform: 'linux/arm64', digest: images[1]?.manifest.digest },
          ],
        },
      ]);
      expect(found).toMatchObject([
        { id: 'CVE-2026-1', platforms: ['linux/amd64', 'linux/arm64'] },
        { id: 'CVE-2026-9', platforms: ['linux/arm64'] },
      ]);
    });
  });

  it('reads every page of findings', async () => {
    const findings = Array.from({ length: 1100 }, (_, number) =>
      createFinding(`CVE-2026-${number}`, { severity: 'LOW' }),
    );
    const { outputs, failures } = await push({ scanning: { findings } });
    expect(failures).toEqual([]);
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ low: 1100 });
  });

  it('is unknown when the scan does not complete in time', async () => {
    const { failures, outputs } = await push({ inputs: { 'scan-timeout': '5m' }, scanning: { duration: '1h' } });
    expect(failures[0]).toMatch(/^scan gate unknown: incomplete results from app:1\.0: timed out after 5m /u);
    expect(outputs).toMatchObject({ verdict: 'unknown', pushed: 'true', digest: image.manifest.digest });
  });

  it('is unknown with every policy when the action’s timeout has passed', async () => {
    const { failures, outputs } = await push({
      inputs: { timeout: '2m', 'on-unavailable': 'proceed' },
      scanning: { duration: '1h' },
    });
    expect(failures[0]).toContain('timed out after 2m');
    expect(outputs).toMatchObject({ verdict: 'unknown', digest: image.manifest.digest });
  });

  it.each([
    ['fail', 1, 'unknown'],
    ['warn', 0, 'unknown'],
    ['proceed', 0, 'passed'],
  ])('applies on-unavailable: %s to an unavailable scan', async (policy, failed, verdict) => {
    const inputs = { 'on-unavailable': policy, 'scan-timeout': '1m' };
    const { failures, outputs, log } = await push({ inputs, scanning: { duration: '1h' } });
    expect(failures).toHaveLength(failed);
    expect(outputs['verdict']).toBe(verdict);
    expect(log).toContain('incomplete scan result');
  });

  it('is unknown without permission to read scans', async () => {
    const { failures, outputs } = await push({ allowed: ['always', 'push'] });
    expect(failures[0]).toContain('add the permissions of the scan-* statements in iam-policy.json to the role');
    expect(outputs['verdict']).toBe('unknown');
  });

  it('is unknown when the image is deleted during its scan', async () => {
    const deleted = { promise: Promise.resolve() };
    const { failures, outputs } = await push({
      scanning: { duration: '9000h' },
      inputs: { timeout: '9000h', 'scan-timeout': '8000h' },
      before: async (harness) => {
        deleted.promise = deleteDuringScan(harness);
        return undefined;
      },
    });
    await deleted.promise;
    expect(failures[0]).toContain('the image was deleted before its scan completed');
    expect(outputs['verdict']).toBe('unknown');
  });

  it.each(TRANSIENT_FAULTS)('retries when requests are %s', async (_label, faultSpec) => {
    const operations = ['DescribeImageScanFindings', 'StartImageScan', 'ListCoverage', 'ListFindings'];
    const { failures, outputs } = await push({
      scanning: { findings: [LOW] },
      faults: operations.map((operation) => ({ ...faultSpec, operation, calls: '1-2' })),
    });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
    expect(JSON.parse(outputs['scan-counts'] ?? '')).toMatchObject({ low: 1 });
  });

  it('is unknown when a page of findings cannot be read', async () => {
    const findings = Array.from({ length: 1100 }, (_, number) =>
      createFinding(`CVE-2026-${number}`, { severity: 'LOW' }),
    );
    const operation = scan === 'basic' ? 'DescribeImageScanFindings' : 'ListFindings';
    const calls = scan === 'basic' ? '5-' : '2-';
    const { failures, outputs } = await push({
      scanning: { findings },
      faults: [{ fault: 'error', status: 400, code: 'InvalidParameterException', operation, calls }],
    });
    expect(failures).toHaveLength(1);
    expect(outputs['verdict']).toBe('unknown');
  });
});
