import { type Clock, durationText } from '@aws-delivery/action-kit/clock';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { CopyObserver } from './oci/copy.js';
import type { BlobFate } from './oci/registry-client.js';
import type { Delivery } from './result.js';
import { rateText, sizeText } from './size-text.js';

/** Twelve digits tell blobs apart for people. */
const short = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

const FATES: Readonly<Record<BlobFate | 'fetched', string>> = {
  present: 'is there',
  mounted: 'mounted',
  uploaded: 'uploaded',
  fetched: 'fetched',
};

const endText = ({ outcome, took }: Delivery): string => {
  switch (outcome.kind) {
    case 'unchanged':
      return `unchanged, nothing pushed (${outcome.digest})`;
    case 'pushed': {
      const { uploaded, mounted, present, bytes } = outcome.traffic;
      const rate = bytes === 0 ? '' : `, ${sizeText(bytes)} at ${rateText(bytes, took)}`;
      const blobs = `${uploaded} uploaded, ${mounted} mounted, ${present} there already${rate}`;
      return `pushed as ${outcome.tags.join(', ')} (${outcome.digest}; ${blobs})`;
    }
    case 'kept':
      return `kept ${outcome.tags.join(', ')} (${outcome.digest})`;
    case 'present':
      return `is there (${outcome.digest})`;
    case 'pulled': {
      const { fetched, present, bytes } = outcome.haul;
      const rate = bytes === 0 ? '' : `, ${sizeText(bytes)} at ${rateText(bytes, took)}`;
      return `pulled (${outcome.digest}; ${fetched} fetched, ${present} here already${rate})`;
    }
    case 'absent':
      return `is not there: ${outcome.tags.join(', ')}`;
    case 'failed':
      return `failed: ${textOf(outcome.error)}`;
  }
};

/** Tells of images as they go. Many go at once: each line says which it is about. */
export class Narrator {
  #bytes = 0;
  #reported = { bytes: 0, at: 0 };

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {
    this.#reported = { bytes: 0, at: clock.now() };
  }

  observer(name: string): CopyObserver {
    return {
      done: ({ digest, size }, fate) => {
        if (fate !== 'present') this.log.info(`${name}: ${short(digest)} ${FATES[fate]} (${sizeText(size)})`);
      },
      moved: (bytes) => {
        this.#bytes += bytes;
      },
    };
  }

  end(name: string, delivery: Delivery): void {
    this.log.info(`${name}: ${endText(delivery)}`);
  }

  /** What has gone over the wire, and how fast since the last time it was asked for. */
  progress(elapsed: number): string {
    const { bytes, at } = this.#reported;
    const now = this.clock.now();
    this.#reported = { bytes: this.#bytes, at: now };
    return `${sizeText(this.#bytes)} moved in ${durationText(elapsed)}, ${rateText(this.#bytes - bytes, now - at)}`;
  }
}
