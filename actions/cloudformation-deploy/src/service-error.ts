import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** Errors of CloudFormation that the action handles. */
export type ServiceErrorKind =
  | 'no-stack'
  | 'no-change-set'
  | 'no-updates'
  | 'wrong-state'
  | 'needs-disable-rollback'
  | 'do-nothing'
  | 'replacement'
  | 'name-taken'
  | 'token-used'
  | 'change-set-state'
  | 'protected'
  | 'express'
  | 'unknown-operation';

interface ErrorPattern {
  readonly kind: ServiceErrorKind;
  readonly codes?: readonly string[];
  readonly message?: RegExp;
}

// Most are a ValidationError without a code of their own: the stable part of the message identifies them
// (docs/aws-facts.md §1.2, §1.8).
const errorPatterns: readonly ErrorPattern[] = [
  { kind: 'no-change-set', codes: ['ChangeSetNotFound'] },
  { kind: 'no-stack', message: /^Stack (?:with id \S+|\[\S+\]|\S+) does not exist/u },
  { kind: 'no-updates', message: /No updates are to be performed/u },
  { kind: 'do-nothing', message: /contains \[on-failure: DO_NOTHING\]/u },
  { kind: 'needs-disable-rollback', message: /currently in a non-terminal \[/u },
  { kind: 'express', message: /last updated using EXPRESS|previous operation that used EXPRESS/u },
  { kind: 'replacement', message: /Replacement type updates not supported on stack with disable-rollback/u },
  { kind: 'protected', message: /TerminationProtection is enabled/u },
  { kind: 'name-taken', codes: ['AlreadyExists'] },
  { kind: 'token-used', codes: ['TokenAlreadyExists'] },
  { kind: 'change-set-state', codes: ['InvalidChangeSetStatus'] },
  { kind: 'unknown-operation', codes: ['NotImplemented', 'InvalidAction', 'UnknownOperation'] },
  {
    kind: 'wrong-state',
    message: /is in [A-Z_]+ state and can ?not be|cannot be (?:updated|created|executed|called)/u,
  },
];

const matchesPattern = (error: unknown, { codes, message }: ErrorPattern): boolean =>
  (codes !== undefined && hasErrorCode(error, ...codes)) || (message?.test(errorMessage(error)) ?? false);

/** The kind of an AWS error or of its cause; undefined for any other error. */
export const classifyServiceError = (error: unknown): ServiceErrorKind | undefined => {
  const ownKind = errorPatterns.find((pattern) => matchesPattern(error, pattern))?.kind;
  return (
    ownKind ?? (error instanceof Error && error.cause !== undefined ? classifyServiceError(error.cause) : undefined)
  );
};

/** Whether the reason of an event says that a replacement is impossible while rollback is disabled. */
export const isReplacementError = (message: string): boolean => classifyServiceError(message) === 'replacement';
