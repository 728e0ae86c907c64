import { describe, expect, it } from '@jest/globals';
import { createFinding, image, pushThroughGate, type ScanScenario } from './scan-harness.js';

const HIGH = createFinding('CVE-2026-1');
const DAY = 86_400_000;

const names = (operations: readonly string[]) =>
  operations.filter((name) => ['StartImageScan', 'DescribeImageScanFindings'].includes(name));

describe('a basic scan', () => {
  it('is started when there is none', async () => {
    const { operations, outputs } = await pushThroughGate({});
    expect(names(operations).slice(0, 3)).toEqual([
      'DescribeImageScanFindings',
      'StartImageScan',
      'DescribeImageScanFindings',
    ]);
    expect(outputs['verdict']).toBe('passed');
  });

  it('is not started when the push has started it', async () => {
    const { operations, outputs } = await pushThroughGate({ scanOnPush: true, scanning: { findings: [HIGH] } });
    expect(operations).not.toContain('StartImageScan');
    expect(outputs['verdict']).toBe('blocked');
  });

  it('is started once and awaited while ECR does not show it yet', async () => {
    const { outputs, failures } = await pushThroughGate({
      scanOnPush: true,
      faults: [
        {
          fault: 'error',
          status: 400,
          code: 'ScanNotFoundException',
          operation: 'DescribeImageScanFindings',
          calls: '1-3',
        },
      ],
    });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
  });

  const aged = (scenario: ScanScenario): Promise<Awaited<ReturnType<typeof pushThroughGate>>> =>
    pushThroughGate({
      scanOnPush: true,
      before: async (harness) => {
        await harness.push('oci:build');
        await harness.clock.advance(3 * DAY);
        return undefined;
      },
      ...scenario,
    });

  it('is started again when the last one is older than a day', async () => {
    const { operations, outputs, log } = await aged({});
    expect(operations.filter((name) => name === 'StartImageScan')).toHaveLength(1);
    expect(outputs).toMatchObject({ pushed: 'false', verdict: 'passed' });
    expect(log).not.toContain('its last scan is of');
  });

  it('is used with a warning when it is outdated and ECR does not start a new one', async () => {
    const { outputs, log } = await aged({
      faults: [{ fault: 'error', status: 400, code: 'LimitExceededException', operation: 'StartImageScan' }],
    });
    expect(outputs['verdict']).toBe('passed');
    expect(log).toMatch(
      /warning: app:1\.0: using the scan of 20\d\d-.*, because ECR allows a new scan only after 24 hours/u,
    );
  });

  it.each([
    ['FAILED', 'ECR allows a new scan after 24 hours'],
    ['UNSUPPORTED_IMAGE', 'basic scanning does not support the operating system or type of this image'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'too old to be scanned'],
    ['FINDINGS_UNAVAILABLE', 'push the image again, or request a new scan in 24 hours'],
    ['LIMIT_EXCEEDED', 'the scan quota of the account is exhausted'],
    ['IMAGE_ARCHIVED', 'the image is archived'],
    ['RESTING', 'unknown status'],
  ])('that ends as %s is unavailable', async (ends, hint) => {
    const { failures, outputs } = await pushThroughGate({ scanning: { ends } });
    expect(failures[0]).toContain(`scan status ${ends} (The scan is ${ends}.): `);
    expect(failures[0]).toContain(hint);
    expect(outputs).toMatchObject({ verdict: 'unknown', digest: image.manifest.digest });
  });

  it('is unavailable in a registry with enhanced scanning', async () => {
    const { failures } = await pushThroughGate({ scanning: { type: 'ENHANCED' } });
    expect(failures[0]).toContain('the registry uses enhanced scanning: set scan: enhanced or scan: auto');
  });

  it.each([
    ['UnsupportedImageTypeException', 'basic scanning does not support'],
    ['ImageArchivedException', 'the image is archived'],
    ['ValidationException', 'set scan: enhanced'],
    ['InvalidParameterException', 'InvalidParameterException'],
  ])('that ECR rejects with %s is unavailable', async (code, message) => {
    const faults = [{ fault: 'error' as const, status: 400, code, operation: 'StartImageScan' }];
    const { failures, outputs } = await pushThroughGate({ faults });
    expect(failures[0]).toContain(message);
    expect(outputs['verdict']).toBe('unknown');
  });
});

describe('an enhanced scan', () => {
  const push = (scenario: ScanScenario) =>
    pushThroughGate({
      ...scenario,
      inputs: { scan: 'enhanced', ...scenario.inputs },
      scanning: { type: 'ENHANCED', ...scenario.scanning },
    });

  it('does not read findings before Inspector has scanned the image', async () => {
    const { operations } = await push({});
    expect(operations).not.toContain('StartImageScan');
    expect(operations.filter((name) => /^List/u.test(name)).slice(-2)).toEqual(['ListCoverage', 'ListFindings']);
  });

  it.each([
    ['UNSUPPORTED_OS', 'does not support the operating system'],
    ['UNSUPPORTED_MEDIA_TYPE', 'does not support the type'],
    ['IMAGE_SIZE_EXCEEDED', 'the image is too large for Inspector'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'the re-scan duration has passed'],
    ['SCAN_FREQUENCY_MANUAL', 'scanning rules of the registry do not include the repository'],
    ['ACCESS_DENIED', 'a policy denies Inspector access'],
    ['IMAGE_ARCHIVED', 'restore it first'],
    ['RESTING', 'see the coverage in the Inspector console'],
  ])('with the reason %s is unavailable', async (ends, hint) => {
    const { failures, outputs } = await push({ scanning: { ends } });
    expect(failures[0]).toContain(`coverage status ${ends}: `);
    expect(failures[0]).toContain(hint);
    expect(outputs['verdict']).toBe('unknown');
  });

  it('on push is complete once it has run', async () => {
    const { outputs, failures } = await push({ scanning: { ends: 'SCAN_FREQUENCY_SCAN_ON_PUSH', findings: [HIGH] } });
    expect(outputs['verdict']).toBe('blocked');
    expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
  });

  it('is awaited after an internal error of Inspector, which the timeout’s error mentions', async () => {
    const { failures } = await push({ scanning: { ends: 'INTERNAL_ERROR' } });
    expect(failures[0]).toMatch(/timed out after 15m .*coverage status INTERNAL_ERROR$/u);
  });

  it('of an image that Inspector does not cover is unavailable at the timeout', async () => {
    const { failures } = await push({ scanning: { type: 'BASIC' } });
    expect(failures[0]).toMatch(/Inspector does not cover the image: enable enhanced scanning for its repository$/u);
  });
});

describe('scan: auto', () => {
  it.each([
    ['BASIC', 'DescribeImageScanFindings'],
    ['ENHANCED', 'ListFindings'],
  ] as const)('asks the registry: %s', async (type, operation) => {
    const { outputs, operations, calls } = await pushThroughGate({ inputs: { scan: 'auto' }, scanning: { type } });
    expect(outputs['verdict']).toBe('passed');
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    expect(operations.filter((name) => name === 'GetRegistryScanningConfiguration')).toHaveLength(1);
    expect(operations).toContain(operation);
  });

  it('does not apply the caller’s scan type to a registry of another account', async () => {
    const arn = 'arn:aws:ecr:eu-west-1:999988887777:repository/app';
    const { failures } = await pushThroughGate({
      inputs: { scan: 'auto', registries: '999988887777' },
      naming: 'names',
      repositories: { [arn]: {} },
    });
    expect(failures[0]).toContain('own registry only, not of registry 999988887777');
    expect(failures[0]).toContain('set scan: basic or scan: enhanced');
  });

  it('is unavailable without permission to read the scan type', async () => {
    const { failures, outputs } = await pushThroughGate({
      inputs: { scan: 'auto' },
      allowed: ['always', 'push', 'scan-basic'],
    });
    expect(failures[0]).toContain('GetRegistryScanningConfiguration');
    expect(outputs['verdict']).toBe('unknown');
  });
});
