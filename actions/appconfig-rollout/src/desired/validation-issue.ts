import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** Something wrong in a file of the tree. */
export interface ValidationIssue {
  readonly message: string;
  /** Relative to the workspace. */
  readonly file: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
}

export const formatLocation = ({ file, line }: ValidationIssue): string =>
  line === undefined ? file : `${file}:${line}`;

export const formatIssue = (issue: ValidationIssue): string => `${formatLocation(issue)}: ${issue.message}`;

/** Files that cannot be rolled out: nothing was begun. */
export class InvalidFilesError extends DeliveryError {
  constructor(readonly issues: readonly ValidationIssue[]) {
    const [first] = issues;
    const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
    super('invalid-input', `${first === undefined ? 'faulty files' : formatIssue(first)}${more}`);
  }
}
