import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { parseDigest } from '@aws-delivery/oci/image/digest';
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/push/push-result.js';
import { ProgressLogger } from '../../src/report/progress.js';

const digest = parseDigest(`sha256:${'0123456789ab'.padEnd(64, '0')}`, 'the test');
const blob = { mediaType: 'layer', digest, size: 2_000_000, platform: undefined, annotations: {} };
const credentials = { username: 'AWS', password: 'x' };
const login = { host: 'h', origin: new URL('https://h'), account: undefined, region: 'r', credentials };
const spec = { source: undefined, repository: 'app', tags: ['1.0'], referrers: [] };

describe('ProgressLogger', () => {
  it('logs the image and the result of each blob that was transferred', () => {
    const { log, getOutput } = createFakeLog();
    const observer = new ProgressLogger(log, new VirtualClock()).createObserver('app:1.0');
    for (const result of ['present', 'mounted', 'uploaded', 'fetched'] as const) observer.onBlobDone(blob, result);
    expect(getOutput().trim().split('\n')).toEqual([
      'app:1.0: 0123456789ab mounted (2.0 MB)',
      'app:1.0: 0123456789ab uploaded (2.0 MB)',
      'app:1.0: 0123456789ab downloaded (2.0 MB)',
    ]);
  });

  it('formats the bytes transferred and the rate since the previous call', async () => {
    const clock = new VirtualClock({ advance: 'manual' });
    const progress = new ProgressLogger(createFakeLog().log, clock);
    const observer = progress.createObserver('app:1.0');
    observer.onBytes(3_000_000);
    await clock.advance(1000);
    expect(progress.formatProgress(1000)).toBe('Transferred 3.0 MB in 1s, 3.0 MB/s');
    observer.onBytes(1_000_000);
    await clock.advance(2000);
    expect(progress.formatProgress(3000)).toBe('Transferred 4.0 MB in 3s, 500 kB/s');
  });

  it.each<[Outcome, string]>([
    [{ kind: 'unchanged', digest }, 'Unchanged, not pushed'],
    [{ kind: 'kept', digest, tags: ['1.0'], pendingTags: [] }, 'Kept 1.0'],
    [{ kind: 'present', digest }, 'Present'],
    [{ kind: 'absent', tags: ['1.0', '2.0'] }, 'Not found: 1.0, 2.0'],
    [{ kind: 'failed', error: new Error('no') }, 'Failed: no'],
    [
      { kind: 'pushed', digest, tags: ['1.0'], stats: { uploaded: 1, mounted: 2, present: 3, bytes: 2_000_000 } },
      'layers: 1 uploaded, 2 mounted, 3 skipped, 2.0 MB at 1.0 MB/s',
    ],
    [
      { kind: 'untagged', digest, tags: ['1.0'], stats: { uploaded: 0, mounted: 0, present: 0, bytes: 0 } },
      'Pushed without tag 1.0',
    ],
    [
      { kind: 'pulled', digest, stats: { fetched: 1, present: 2, bytes: 2_000_000 } },
      'layers: 1 downloaded, 2 skipped, 2.0 MB at 1.0 MB/s',
    ],
  ])('logs the outcome %j', (outcome, expected) => {
    const { log, getOutput } = createFakeLog();
    new ProgressLogger(log, new VirtualClock()).logResult('app:1.0', { spec, login, outcome, durationMs: 2000 });
    expect(getOutput()).toContain('app:1.0: ');
    expect(getOutput()).toContain(expected);
  });
});
