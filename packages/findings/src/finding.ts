import type { FileLocation } from './ignore/ignore-entry.js';
import { compareSeverities, type Severity } from './severity.js';

/** What a scanner looks for. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  /** What it is about, in Markdown or plain text; empty where the scanner says nothing. */
  readonly description: string;
  /** Where people read on; an address as the scanner gave it, untrusted. */
  readonly help: string | undefined;
  readonly tags: readonly string[];
}

/** That somebody has told the scanner to let a finding be; `inSource` by a comment in the code. */
export interface Suppression {
  readonly kind: 'inSource' | 'external';
  readonly reason: string;
}

/** A place in the repository, columns counted from 1. */
export interface SourceLocation extends FileLocation {
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** One finding, whoever found it. Every text is untrusted. */
export interface Finding {
  /** The scanner. */
  readonly source: string;
  /** What the scanner calls this very finding; undefined where it has no name. */
  readonly id: string | undefined;
  readonly rule: Rule;
  readonly severity: Severity;
  /** CodeGuru Reviewer's category; empty where the scanner knows none. */
  readonly category: string;
  readonly message: string;
  /** Inside the repository, with forward slashes; undefined where it is about no place in it. */
  readonly location: SourceLocation | undefined;
  /** What it is in, where that is no place in the repository: an image's `registry/repository`, the same in each build. */
  readonly artifact?: string;
  /** The scanner's own fingerprints by their names. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly suppression: Suppression | undefined;
}

const compareStrings = (left: string, right: string): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

/** Orders findings for people: worst first, then by file, line and rule. */
export const compareFindings = (left: Finding, right: Finding): number =>
  compareSeverities(left.severity, right.severity) ||
  compareStrings(left.location?.file ?? '', right.location?.file ?? '') ||
  (left.location?.startLine ?? 0) - (right.location?.startLine ?? 0) ||
  compareStrings(left.rule.id, right.rule.id);
