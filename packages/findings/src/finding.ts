import type { FileLocation } from './ignore/ignore-entry.js';
import type { SarifOrigin } from './sarif/source-details.js';
import { compareSeverities, type Severity } from './severity.js';

/** A rule of a scanner. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  /** Markdown or plain text; empty if the scanner gives none. */
  readonly description: string;
  /** URL of the documentation, as the scanner gave it: untrusted. */
  readonly help: string | undefined;
  readonly tags: readonly string[];
}

/** A suppression in the scanner's output; `inSource` is a comment in the code. */
export interface Suppression {
  readonly kind: 'inSource' | 'external';
  readonly reason: string;
}

/** A location in the repository; columns start at 1. */
export interface SourceLocation extends FileLocation {
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** A finding of any scanner. All texts are untrusted. */
export interface Finding {
  /** Name of the scanner. */
  readonly source: string;
  /** The scanner's id of this finding, if it has one. */
  readonly id: string | undefined;
  readonly rule: Rule;
  readonly severity: Severity;
  /** CodeGuru Reviewer's category; empty for other scanners. */
  readonly category: string;
  readonly message: string;
  /** The message with its links and code as Markdown; undefined if it has none. */
  readonly markup?: string;
  /** Relative to the repository root, with forward slashes; undefined for findings without a location in it. */
  readonly location: SourceLocation | undefined;
  /** For findings outside the repository: an image's `registry/repository`, the same for every build. */
  readonly artifact?: string;
  /** The scanner's own fingerprints by name. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly suppression: Suppression | undefined;
  /** The result of the SARIF file; undefined for findings of other sources. */
  readonly origin?: SarifOrigin;
}

const compareStrings = (left: string, right: string): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

/** Sorts by severity, worst first, then by file, line and rule. */
export const compareFindings = (left: Finding, right: Finding): number =>
  compareSeverities(left.severity, right.severity) ||
  compareStrings(left.location?.file ?? '', right.location?.file ?? '') ||
  (left.location?.startLine ?? 0) - (right.location?.startLine ?? 0) ||
  compareStrings(left.rule.id, right.rule.id);
