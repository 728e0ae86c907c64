import type { Traffic } from './oci/copy.js';
import type { Digest } from './oci/digest.js';
import type { Haul } from './pulling/haul.js';
import type { Attached } from './referring/attachment.js';
import type { Login } from './registry-login.js';
import type { Order, Request } from './request.js';
import type { ScanResult } from './scan/scan-result.js';

/** What came of one image in one registry. */
export type Outcome =
  /** Every tag held the image already. */
  | { readonly kind: 'unchanged'; readonly digest: Digest; readonly attached?: readonly Attached[] }
  | {
      readonly kind: 'pushed';
      readonly digest: Digest;
      readonly traffic: Traffic;
      /** The tags that were set; the others held the image already. */
      readonly tags: readonly string[];
      /** Files that refer to it now. */
      readonly attached?: readonly Attached[];
    }
  /** Another image is there and stays. */
  | { readonly kind: 'kept'; readonly digest: Digest; readonly tags: readonly string[] }
  | { readonly kind: 'present'; readonly digest: Digest }
  /** It is here now; an engine does not tell what it has fetched. */
  | { readonly kind: 'pulled'; readonly digest: Digest; readonly haul: Haul }
  | { readonly kind: 'absent'; readonly tags: readonly string[] }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface Delivery {
  readonly order: Order;
  readonly login: Login;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly took: number;
}

/** What came of a run. */
export interface Result {
  readonly request: Request;
  readonly logins: readonly Login[];
  readonly deliveries: readonly Delivery[];
  /** What scans find; undefined where nobody asked, or nothing is there. */
  readonly scan: ScanResult | undefined;
  /** The folder with the logins of engines; undefined where nobody needs one. */
  readonly loginFolder: LoginFolder | undefined;
}

/** Where engines find logins. */
export interface LoginFiles {
  readonly dockerConfig: string;
  readonly authFile: string;
}

/** The same for later steps. */
export interface LoginFolder extends LoginFiles {
  readonly buildxConfig: string;
}
