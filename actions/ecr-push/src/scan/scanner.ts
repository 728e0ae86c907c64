import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { PollResult } from '@aws-delivery/aws/poll';
import type { Finding } from '@aws-delivery/findings/finding';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { Registry } from '../login/registry.js';

/** One image of one platform, as scanners look at it. */
export interface ScanTarget {
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: Digest;
  /** `linux/arm64`; empty where the manifest does not say. */
  readonly platform: string;
}

/** A package that is at fault. */
export interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  /** The version without the fault; undefined where none is named. */
  readonly fixedIn: string | undefined;
}

/** A finding in an image, with what is known of the packages it is about. */
export interface Vulnerability {
  readonly finding: Finding;
  readonly packages: readonly VulnerablePackage[];
  /** `unknown` where the scanner does not tell. */
  readonly fixable: 'yes' | 'no' | 'unknown';
}

/** What a scan says of one image; `text` tells why it says nothing, and what helps. */
export type ScannerResult =
  | {
      readonly kind: 'complete';
      readonly vulnerabilities: readonly Vulnerability[];
      /** What people should know of the answer, though it is complete. */
      readonly notice: string | undefined;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** ECR sends no event for one image. Most scans take well under a minute (docs/aws-facts.md §5.4). */
export const POLL_INTERVALS = { initialDelayMs: 5000, maxDelayMs: 30_000 } as const;

export const createDone = (value: ScannerResult): PollResult<ScannerResult> => ({ state: 'done', value });

export const createUnavailableResult = (reason: string): ScannerResult => ({ kind: 'unavailable', reason });

/** Asks one kind of scan about an image, until `deadline` (milliseconds since the epoch) at the latest. */
export interface Scanner {
  /** By the name people know. */
  readonly name: string;
  waitForScan(target: ScanTarget, deadline: number): Promise<ScannerResult>;
}

/** A list that an answer must have: one without it is not an answer that says "none". Throws `unexpected`. */
export const requireList = <T>(list: readonly T[] | undefined, operation: string): readonly T[] => {
  if (list !== undefined) return list;
  throw new DeliveryError('unexpected', `${operation} answered without findings, though the scan is over`);
};

export const DELETED_REASON = 'the image was deleted while its scan was awaited: push it anew';

const formatPackage = ({ name, version, fixedIn }: VulnerablePackage): string =>
  `${[name, version].filter((part) => part !== '').join(' ')}${fixedIn === undefined ? '' : ` (fixed in ${fixedIn})`}`;

export const formatPackages = (packages: readonly VulnerablePackage[]): string =>
  packages.map(formatPackage).join(', ');
