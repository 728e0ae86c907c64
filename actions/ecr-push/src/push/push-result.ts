import type { Digest } from '@aws-delivery/oci/image/digest';
import type { TransferStats } from '@aws-delivery/oci/transfer/copy-content';
import type { PullStats } from '@aws-delivery/oci/transfer/download-content';
import type { Login } from '../login/registry-login.js';
import type { Replica } from '../replication/wait-for-replication.js';
import type { PushSpec } from './push-spec.js';

/** What refers to an image in a registry. Written to the output `images` as it is. */
export interface AttachedReferrer {
  /** The file that was attached; undefined for a copy from the source's repository. */
  readonly path?: string;
  readonly artifactType: string;
  readonly digest: Digest;
  /** The manifest that a copy refers to: the image, an image of its index, or another referrer. */
  readonly subject?: Digest;
  /** The tag of a copy that cosign finds by its tag. */
  readonly tag?: string;
}

/** The outcome of one image in one registry. */
export type Outcome =
  /** Every tag pointed to the image already. */
  | { readonly kind: 'unchanged'; readonly digest: Digest; readonly referrers?: readonly AttachedReferrer[] }
  | {
      /** `untagged`: in the registry without the tags. They are not set yet, or the scan gate did not pass. */
      readonly kind: 'pushed' | 'untagged';
      readonly digest: Digest;
      readonly stats: TransferStats;
      /** The tags that were set, or are not set; the others pointed to the image already. */
      readonly tags: readonly string[];
      readonly referrers?: readonly AttachedReferrer[];
    }
  /** These tags point to another image and were not moved. Absent tags are set later. */
  | {
      readonly kind: 'kept';
      readonly digest: Digest;
      readonly tags: readonly string[];
      readonly pendingTags: readonly string[];
    }
  | { readonly kind: 'present'; readonly digest: Digest }
  /** The statistics are zero for an engine, which does not report them. */
  | { readonly kind: 'pulled'; readonly digest: Digest; readonly stats: PullStats }
  | { readonly kind: 'absent'; readonly tags: readonly string[] }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One image in one registry, pushed, checked or pulled. */
export interface PushResult {
  readonly spec: PushSpec;
  readonly login: Login;
  readonly outcome: Outcome;
  /** Registries that have a copy, with `wait-for-replication`. */
  readonly replicas?: readonly Replica[];
  /** Milliseconds. */
  readonly durationMs: number;
}
