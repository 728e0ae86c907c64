import type { Host } from '@aws-delivery/action-kit/host/host';
import { type Log, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { BlobResult } from '@aws-delivery/oci/registry/registry-client';
import type { TransferObserver } from '@aws-delivery/oci/transfer/copy-content';
import type { PushResult } from '../push/push-result.js';
import { formatBytes, formatRate } from './format-bytes.js';

/** The first twelve digits, as Docker shows digests. */
const truncateDigest = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

const BLOB_RESULT_LABELS: Readonly<Record<BlobResult | 'fetched', string>> = {
  present: 'already exists',
  mounted: 'mounted',
  uploaded: 'uploaded',
  fetched: 'downloaded',
};

const formatOutcome = ({ outcome, durationMs }: PushResult): string => {
  switch (outcome.kind) {
    case 'unchanged':
      return `Unchanged, not pushed (${outcome.digest})`;
    case 'untagged':
    case 'pushed': {
      const { uploaded, mounted, present, bytes } = outcome.stats;
      const rate = bytes === 0 ? '' : `, ${formatBytes(bytes)} at ${formatRate(bytes, durationMs)}`;
      // Engines do not report layers, and a new tag for an existing image transfers none.
      const hasLayers = uploaded + mounted + present > 0;
      const layers = hasLayers ? `; layers: ${uploaded} uploaded, ${mounted} mounted, ${present} skipped${rate}` : '';
      const tags = `${outcome.tags.length === 1 ? 'tag' : 'tags'} ${outcome.tags.join(', ')}`;
      return `Pushed ${outcome.kind === 'pushed' ? 'with' : 'without'} ${tags} (${outcome.digest}${layers})`;
    }
    case 'kept':
      return `Kept ${outcome.tags.join(', ')} (${outcome.digest})`;
    case 'present':
      return `Present (${outcome.digest})`;
    case 'pulled': {
      const { fetched, present, bytes } = outcome.stats;
      const rate = bytes === 0 ? '' : `, ${formatBytes(bytes)} at ${formatRate(bytes, durationMs)}`;
      return `Pulled (${outcome.digest}; layers: ${fetched} downloaded, ${present} skipped${rate})`;
    }
    case 'absent':
      return `Not found: ${outcome.tags.join(', ')}`;
    case 'failed':
      return `Failed: ${errorMessage(outcome.error)}`;
  }
};

/** Logs the progress of images. Several are transferred at once, so each line begins with the image's name. */
export class ProgressLogger {
  private bytes = 0;
  private reported = { bytes: 0, at: 0 };

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {
    this.reported = { bytes: 0, at: clock.now() };
  }

  createObserver(name: string): TransferObserver {
    return {
      onBlobDone: ({ digest, size }, result) => {
        if (result !== 'present')
          this.log.info(`${name}: ${truncateDigest(digest)} ${BLOB_RESULT_LABELS[result]} (${formatBytes(size)})`);
      },
      onBytes: (bytes) => {
        this.bytes += bytes;
      },
    };
  }

  logResult(name: string, push: PushResult): void {
    this.log.info(`${name}: ${formatOutcome(push)}`);
  }

  /** Bytes transferred so far, and the rate since the previous call; `elapsed` is in milliseconds. */
  formatProgress(elapsed: number): string {
    const { bytes, at } = this.reported;
    const now = this.clock.now();
    this.reported = { bytes: this.bytes, at: now };
    return `Transferred ${formatBytes(this.bytes)} in ${formatDuration(elapsed)}, ${formatRate(this.bytes - bytes, now - at)}`;
  }
}

/** How long the log may be without a line, in milliseconds. */
const HEARTBEAT_INTERVAL_MS = 10_000;

/** Runs an operation that logs its progress; while no line is written to `log`, totals are logged at intervals. */
export const withProgress = <T>(
  { log, clock }: Pick<Host, 'log' | 'clock'>,
  operation: (progress: ProgressLogger, log: Log) => Promise<T>,
): Promise<T> => {
  const progress = new ProgressLogger(log, clock);
  const formatLine = (elapsed: number): string => progress.formatProgress(elapsed);
  return withHeartbeat({ log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine }, (watchedLog) =>
    operation(progress, watchedLog),
  );
};
