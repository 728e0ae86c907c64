import { describe, expect, it } from '@jest/globals';
import { type Harness, type HarnessOptions, TRANSIENT_FAULTS, withHarness } from './harness.js';
import { createFinding, image } from './scan/scan-harness.js';

type Replication = NonNullable<NonNullable<HarnessOptions['ecr']>['replication']>;

const open = <T>(replication: Replication, use: (harness: Harness) => Promise<T>, ecr: HarnessOptions['ecr'] = {}) =>
  withHarness({ oneClock: true, ecr: { repositories: { app: {} }, replication, ...ecr } }, use);

const push = async (harness: Harness, inputs: Readonly<Record<string, string>> = {}) =>
  harness.push(await harness.writeLayout('build', image), { 'wait-for-replication': 'true', ...inputs });

describe('wait-for-replication', () => {
  it('waits for all destinations and names them', async () => {
    const destinations = [
      { region: 'eu-central-1', registryId: '123456789012', duration: '20s' },
      { region: 'us-east-1', registryId: '999988887777', duration: '2m' },
    ];
    await open(destinations, async (harness) => {
      const start = harness.clock.now();
      const { failures, outputs, log } = await push(harness);
      expect(failures).toEqual([]);
      expect(harness.clock.now() - start).toBeGreaterThanOrEqual(120_000);
      expect(log).toContain('app:1.0: Replicated to eu-central-1 (123456789012), us-east-1 (999988887777)');
      expect(JSON.parse(outputs['images'] ?? '')[0].replicas).toEqual([
        { region: 'eu-central-1', registry: '123456789012' },
        { region: 'us-east-1', registry: '999988887777' },
      ]);
    });
  });

  it('fails when a replication fails, and names the Region', async () => {
    await open([{ region: 'eu-central-1' }, { region: 'us-east-1', ends: 'FAILED' }], async (harness) => {
      const { failures } = await push(harness);
      expect(failures).toEqual([expect.stringContaining('app:1.0: replication to us-east-1 (111122223333) failed')]);
    });
  });

  it('fails when no rule applies to the repository', async () => {
    await open([], async (harness) => {
      const { failures } = await push(harness);
      expect(failures).toEqual([expect.stringContaining('ECR does not replicate this image: add a replication rule')]);
    });
  });

  it('fails at the timeout of the action', async () => {
    await open([{ region: 'us-east-1', duration: '2h' }], async (harness) => {
      const { failures } = await push(harness, { timeout: '10m' });
      expect(failures).toEqual([expect.stringContaining("timed out after 10m 00s: increase 'timeout'")]);
    });
  });

  it('does not wait for an image that the scan gate blocks', async () => {
    const scanning = { findings: [createFinding('CVE-2026-1')] };
    await open(
      [{ region: 'us-east-1' }],
      async (harness) => {
        const { failures, operations } = await push(harness, { scan: 'basic', 'tag-after-scan': 'true' });
        expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
        expect(operations).not.toContain('DescribeImageReplicationStatus');
      },
      { scanning },
    );
  });

  it.each(TRANSIENT_FAULTS)('ends when requests are %s', async (_label, fault) => {
    await open([{ region: 'us-east-1' }], async (harness) => {
      harness.aws.setFaults([{ ...fault, operation: 'DescribeImageReplicationStatus', calls: '1-4' }]);
      const { failures } = await push(harness);
      harness.aws.setFaults([]);
      expect(failures).toEqual([]);
    });
  });
});
