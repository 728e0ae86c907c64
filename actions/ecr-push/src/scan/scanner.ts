import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { PollResult } from '@aws-delivery/aws/poll';
import type { Finding } from '@aws-delivery/findings/finding';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { Registry } from '../login/registry.js';

/** An image of one platform to scan. */
export interface ScanTarget {
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: Digest;
  /** `linux/arm64`; empty when the manifest does not name it. */
  readonly platform: string;
}

export interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  /** First version without the vulnerability; undefined when unknown. */
  readonly fixedIn: string | undefined;
}

/** A finding in an image, with the affected packages. */
export interface Vulnerability {
  readonly finding: Finding;
  readonly packages: readonly VulnerablePackage[];
  /** `unknown` when the scanner does not report it. */
  readonly fixable: 'yes' | 'no' | 'unknown';
}

/** Scan result of one image; `reason` says why there is none and what to do. */
export type ScannerResult =
  | {
      readonly kind: 'complete';
      readonly vulnerabilities: readonly Vulnerability[];
      /** A warning about a complete result. */
      readonly notice: string | undefined;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** ECR sends no event for one image. Most scans take well under a minute (docs/aws-facts.md §5.4). */
export const POLL_INTERVALS = { initialDelayMs: 5000, maxDelayMs: 30_000 } as const;

export const createDone = (value: ScannerResult): PollResult<ScannerResult> => ({ state: 'done', value });

export const createUnavailableResult = (reason: string): ScannerResult => ({ kind: 'unavailable', reason });

/** Waits for one kind of scan, at most until `deadline` (milliseconds since the epoch). */
export interface Scanner {
  /** Name of the scanning service. */
  readonly name: string;
  waitForScan(target: ScanTarget, deadline: number): Promise<ScannerResult>;
}

/** A list that a response must contain: a missing list does not mean "no findings". Throws `unexpected`. */
export const requireList = <T>(list: readonly T[] | undefined, operation: string): readonly T[] => {
  if (list !== undefined) return list;
  throw new DeliveryError(
    'unexpected',
    `the response of ${operation} contains no list of findings, although the scan is complete`,
  );
};

export const DELETED_REASON = 'the image was deleted before its scan completed: push it again';

const formatPackage = ({ name, version, fixedIn }: VulnerablePackage): string =>
  `${[name, version].filter((part) => part !== '').join(' ')}${fixedIn === undefined ? '' : ` (fixed in ${fixedIn})`}`;

export const formatPackages = (packages: readonly VulnerablePackage[]): string =>
  packages.map(formatPackage).join(', ');
