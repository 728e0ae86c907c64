import type { Finding } from '@aws-delivery/findings/finding';
import type { SourceError as GateSourceError } from '@aws-delivery/findings/gate-decision';

export type SourceName = 'codeguru-reviewer' | 'inspector' | 'sarif';

/** Why a source gave no result, or an incomplete one. */
export type UnavailableReason = 'unavailable' | 'no-association' | 'no-credentials';

export interface SourceError extends GateSourceError<UnavailableReason> {
  readonly source: SourceName;
}

/** Findings and errors of one source. */
export interface SourceResult {
  readonly source: SourceName;
  /** Display names of the scanners that ran. */
  readonly scanners: readonly string[];
  readonly findings: readonly Finding[];
  readonly errors: readonly SourceError[];
  /** Warnings that scanners report about their run. */
  readonly warnings?: readonly string[];
  /** Notices about results that are accepted although they are unusual. */
  readonly notices?: readonly string[];
  /** ARN of CodeGuru Reviewer's review; undefined for other sources. */
  readonly reviewArn: string | undefined;
}
