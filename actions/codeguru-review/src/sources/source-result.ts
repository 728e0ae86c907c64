import type { Finding } from '@aws-delivery/findings/finding';

/** Who is asked for findings. */
export type SourceName = 'codeguru-reviewer' | 'inspector' | 'sarif';

/** Why a source has not answered, or not completely. */
export type UnavailableReason = 'unavailable' | 'no-association' | 'no-credentials';

export interface SourceError {
  readonly source: SourceName;
  readonly kind: UnavailableReason;
  readonly message: string;
}

/** What one source says. */
export interface SourceResult {
  readonly source: SourceName;
  /** Who looked, by the names people know. */
  readonly scanners: readonly string[];
  readonly findings: readonly Finding[];
  readonly errors: readonly SourceError[];
  /** What scanners warn of themselves. */
  readonly warnings?: readonly string[];
  /** Of a review of CodeGuru Reviewer. */
  readonly reviewArn: string | undefined;
}
