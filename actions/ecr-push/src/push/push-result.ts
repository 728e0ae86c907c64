import type { Digest } from '@aws-delivery/oci/image/digest';
import type { TransferStats } from '@aws-delivery/oci/transfer/copy-content';
import type { PullStats } from '@aws-delivery/oci/transfer/download-content';
import type { PushSpec } from '../inputs/parse-request.js';
import type { Login } from '../login/registry-login.js';
import type { AttachedReferrer } from '../referrers/attach-referrers.js';

/** What came of one image in one registry. */
export type Outcome =
  /** Every tag held the image already. */
  | { readonly kind: 'unchanged'; readonly digest: Digest; readonly referrers?: readonly AttachedReferrer[] }
  | {
      readonly kind: 'pushed';
      readonly digest: Digest;
      readonly stats: TransferStats;
      /** The tags that were set; the others held the image already. */
      readonly tags: readonly string[];
      /** Files that refer to it now. */
      readonly referrers?: readonly AttachedReferrer[];
    }
  /** Another image is there and stays. */
  | { readonly kind: 'kept'; readonly digest: Digest; readonly tags: readonly string[] }
  | { readonly kind: 'present'; readonly digest: Digest }
  /** It is here now; an engine does not tell what it has fetched. */
  | { readonly kind: 'pulled'; readonly digest: Digest; readonly stats: PullStats }
  | { readonly kind: 'absent'; readonly tags: readonly string[] }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface PushResult {
  readonly spec: PushSpec;
  readonly login: Login;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly durationMs: number;
}
