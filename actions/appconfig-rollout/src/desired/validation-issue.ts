import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** An issue at a path of a parsed document. */
export interface PathIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An issue in a file of the tree. */
export interface ValidationIssue {
  readonly message: string;
  /** Relative to the workspace. */
  readonly file: string;
  /** From 1. */
  readonly line?: number | undefined;
}

export const formatLocation = ({ file, line }: ValidationIssue): string =>
  line === undefined ? file : `${file}:${line}`;

export const formatIssue = (issue: ValidationIssue): string => `${formatLocation(issue)}: ${issue.message}`;

/** Issues in files of the tree. Thrown before anything is started. */
export class InvalidFilesError extends DeliveryError {
  constructor(readonly issues: readonly ValidationIssue[]) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (${issues.length - 1} more)` : '';
    super('invalid-input', `${first === undefined ? 'invalid files' : formatIssue(first)}${more}`);
  }
}
