import type { UnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import type { Decision, Verdict } from '@aws-delivery/findings/gate-decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { PushResult } from '../push/push-result.js';

export type Counts = Readonly<Record<Severity, number>>;

/** Result of the scan gate for one image. */
export interface ScannedImage {
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** Text for a table cell: `1 high, 2 low`. */
  readonly text: string;
}

/** Result of the scan gate. */
export interface ScanResult {
  readonly decision: Decision;
  /** Findings of all images by severity; a finding in several platforms of an image counts once. */
  readonly counts: Counts;
  readonly images: ReadonlyMap<PushResult, ScannedImage>;
  /** A path is undefined when the file could not be written. */
  readonly files: { readonly sarif: string | undefined; readonly json: string | undefined };
  readonly unusedExceptions: UnusedExceptions;
  /** Section of the job summary. */
  readonly summary: Markdown;
}
