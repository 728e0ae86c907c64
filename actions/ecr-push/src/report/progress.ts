import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { BlobResult } from '@aws-delivery/oci/registry/registry-client';
import type { TransferObserver } from '@aws-delivery/oci/transfer/copy-content';
import type { PushResult } from '../push/push-result.js';
import { formatBytes, formatRate } from './format-bytes.js';

/** Twelve digits tell blobs apart for people. */
const truncateDigest = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

const BLOB_RESULT_LABELS: Readonly<Record<BlobResult | 'fetched', string>> = {
  present: 'is there',
  mounted: 'mounted',
  uploaded: 'uploaded',
  fetched: 'fetched',
};

const formatOutcome = ({ outcome, durationMs }: PushResult): string => {
  switch (outcome.kind) {
    case 'unchanged':
      return `unchanged, nothing pushed (${outcome.digest})`;
    case 'pushed': {
      const { uploaded, mounted, present, bytes } = outcome.stats;
      const rate = bytes === 0 ? '' : `, ${formatBytes(bytes)} at ${formatRate(bytes, durationMs)}`;
      const blobs = `${uploaded} uploaded, ${mounted} mounted, ${present} there already${rate}`;
      return `pushed as ${outcome.tags.join(', ')} (${outcome.digest}; ${blobs})`;
    }
    case 'kept':
      return `kept ${outcome.tags.join(', ')} (${outcome.digest})`;
    case 'present':
      return `is there (${outcome.digest})`;
    case 'pulled': {
      const { fetched, present, bytes } = outcome.stats;
      const rate = bytes === 0 ? '' : `, ${formatBytes(bytes)} at ${formatRate(bytes, durationMs)}`;
      return `pulled (${outcome.digest}; ${fetched} fetched, ${present} here already${rate})`;
    }
    case 'absent':
      return `is not there: ${outcome.tags.join(', ')}`;
    case 'failed':
      return `failed: ${errorMessage(outcome.error)}`;
  }
};

/** Tells of images as they go. Many go at once: each line says which it is about. */
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

  /** What has gone over the wire, and how fast since the last time it was asked for. */
  formatProgress(elapsed: number): string {
    const { bytes, at } = this.reported;
    const now = this.clock.now();
    this.reported = { bytes: this.bytes, at: now };
    return `${formatBytes(this.bytes)} moved in ${formatDuration(elapsed)}, ${formatRate(this.bytes - bytes, now - at)}`;
  }
}
