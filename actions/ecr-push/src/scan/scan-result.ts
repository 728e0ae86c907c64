import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import type { Decision, Verdict } from '@aws-delivery/findings/gate-decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { PushResult } from '../push/push-result.js';

export type Counts = Readonly<Record<Severity, number>>;

/** What the scans of one image came to. */
export interface ScannedImage {
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** For a cell of a table: `1 high, 2 low`. */
  readonly text: string;
}

/** What the scan gate came to. */
export interface ScanResult {
  readonly decision: Decision;
  /** Of all images; a finding that several platforms of an image have counts once. */
  readonly counts: Counts;
  readonly images: ReadonlyMap<PushResult, ScannedImage>;
  /** Undefined where one could not be written. */
  readonly files: { readonly sarif: string | undefined; readonly json: string | undefined };
  /** Findings and exceptions. */
  readonly summary: Markdown;
}
