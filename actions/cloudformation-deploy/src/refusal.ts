import { isCode } from '@aws-delivery/action-kit/aws-error';
import { textOf } from '@aws-delivery/action-kit/error';

/** Why CloudFormation would not do something, as far as the code acts on it. */
export type Refusal =
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

interface Pattern {
  readonly refusal: Refusal;
  readonly codes?: readonly string[];
  readonly text?: RegExp;
}

// Most refusals are a bare ValidationError: the stable part of the text must do (aws-facts §1.2, §1.8).
const patterns: readonly Pattern[] = [
  { refusal: 'no-change-set', codes: ['ChangeSetNotFound'] },
  { refusal: 'no-stack', text: /^Stack (?:with id \S+|\[\S+\]|\S+) does not exist/u },
  { refusal: 'no-updates', text: /No updates are to be performed/u },
  { refusal: 'do-nothing', text: /contains \[on-failure: DO_NOTHING\]/u },
  { refusal: 'needs-disable-rollback', text: /currently in a non-terminal \[/u },
  { refusal: 'express', text: /last updated using EXPRESS|previous operation that used EXPRESS/u },
  { refusal: 'replacement', text: /Replacement type updates not supported on stack with disable-rollback/u },
  { refusal: 'protected', text: /TerminationProtection is enabled/u },
  { refusal: 'name-taken', codes: ['AlreadyExists'] },
  { refusal: 'token-used', codes: ['TokenAlreadyExists'] },
  { refusal: 'change-set-state', codes: ['InvalidChangeSetStatus'] },
  { refusal: 'unknown-operation', codes: ['NotImplemented', 'InvalidAction', 'UnknownOperation'] },
  {
    refusal: 'wrong-state',
    text: /is in [A-Z_]+ state and can ?not be|cannot be (?:updated|created|executed|called)/u,
  },
];

const matches = (error: unknown, { codes, text }: Pattern): boolean =>
  (codes !== undefined && isCode(error, ...codes)) || (text?.test(textOf(error)) ?? false);

/** The refusal an AWS error stands for, whether bare or wrapped; undefined for any other error. */
export const refusalOf = (error: unknown): Refusal | undefined => {
  const own = patterns.find((pattern) => matches(error, pattern))?.refusal;
  return own ?? (error instanceof Error && error.cause !== undefined ? refusalOf(error.cause) : undefined);
};

/** Does this text, from an event, say that a replacement is impossible while rollback is disabled? */
export const isReplacementRefusal = (text: string): boolean => refusalOf(text) === 'replacement';
