import { ExceptionUsage, formatUnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';
import type { ProtectionOptions } from '../inputs/request.js';
import type { Outcome } from '../result.js';
import type { ExceptionRecord, RunRecord } from '../run-record.js';
import { type Change, type ChangeImpact, mayReplace } from './change.js';
import type { ChangeSet } from './change-set.js';
import { statefulTypes } from './stateful-types.js';

const NESTED_STACK_TYPE = 'AWS::CloudFormation::Stack';

const impactLabels: Readonly<Record<ChangeImpact, string>> = {
  added: 'added',
  modified: 'modified',
  replaced: 'replaced',
  'maybe-replaced': 'may be replaced',
  removed: 'removed',
  imported: 'imported',
  unknown: 'unknown change',
};

const isCovered = ({ type }: Change, { level, protectedTypes }: ProtectionOptions): boolean => {
  if (level === 'none') return false;
  // A nested stack takes its resources with it; a resource whose type is unknown may be of any type.
  const isContainer = type === NESTED_STACK_TYPE || type === '?';
  return (
    level === 'all' ||
    isContainer ||
    [...statefulTypes, ...protectedTypes].some((pattern) => matchesWildcard(type, pattern))
  );
};

/** Whether an exception applies to a change: by type, which contains `::`, or by logical ID. */
const matchesException = (exception: string, { path, type }: Change): boolean =>
  exception.includes('::') ? matchesWildcard(type, exception) : path === exception || path.startsWith(`${exception}.`);

const isAllowed = (change: Change, { allowedReplacements }: ProtectionOptions): boolean =>
  allowedReplacements.some((exception) => matchesException(exception, change));

// An updated nested stack is always Dynamic or Conditional: its own change set has the changes of its resources.
const hasReadableNestedChangeSet = (change: Change): boolean =>
  change.type === NESTED_STACK_TYPE && change.nestedChangeSetId !== undefined && change.impact === 'maybe-replaced';

const isGuarded = (change: Change, protection: ProtectionOptions): boolean =>
  (change.impact === 'removed' || (mayReplace(change) && !hasReadableNestedChangeSet(change))) &&
  isCovered(change, protection);

/** The changes that `protect` forbids. */
export const findViolations = (protection: ProtectionOptions, changes: readonly Change[]): readonly Change[] =>
  changes.filter((change) => isGuarded(change, protection) && !isAllowed(change, protection));

const hasUnreadNestedStacks = ({ includesNestedStacks, changes }: ChangeSet): boolean =>
  changes.some(
    ({ type, action, nestedChangeSetId }) =>
      type === NESTED_STACK_TYPE &&
      action !== 'Add' &&
      nestedChangeSetId === undefined &&
      (!includesNestedStacks || action === 'Modify'),
  );

/** The exceptions, and those that match no guarded change; undefined if the change set cannot be judged. */
const evaluateExceptions = (protection: ProtectionOptions, changeSet: ChangeSet): ExceptionRecord | undefined => {
  if (protection.level === 'none' || hasUnreadNestedStacks(changeSet)) return undefined;
  const exceptions = protection.allowedReplacements.map((value) => ({ value, name: `allow-replacement: ${value}` }));
  const usage = new ExceptionUsage(exceptions);
  for (const change of changeSet.changes.filter((each) => isGuarded(each, protection))) {
    usage.recordMatches(({ value }) => matchesException(value, change));
  }
  const getName = ({ name }: { readonly name: string }): string => name;
  return { declared: exceptions.map(getName), unused: usage.listUnused().map(getName) };
};

/**
 * Judges the exceptions of the change guard for the report.
 * @returns the rejection if `on-unused-exception: fail` applies, before anything is executed
 */
export const checkExceptions = (
  protection: ProtectionOptions,
  changeSet: ChangeSet,
  record: RunRecord,
): Outcome | undefined => {
  record.exceptions = evaluateExceptions(protection, changeSet);
  const { unused = [] } = record.exceptions ?? {};
  if (!protection.rejectsUnused || unused.length === 0) return undefined;
  return { kind: 'rejected', reason: formatUnusedExceptions(unused) };
};

/** The rejection of a change set that `protect` forbids; undefined if all its changes are allowed. */
export const checkProtection = (protection: ProtectionOptions, changeSet: ChangeSet): Outcome | undefined => {
  if (protection.level === 'none') return undefined;
  const forbidden = findViolations(protection, changeSet.changes);
  if (forbidden.length > 0) {
    const names = forbidden.map(({ path, type, impact }) => `${path} (${type}, ${impactLabels[impact]})`).join(', ');
    const line = `allow-replacement: ${forbidden.map(({ path }) => path).join(', ')}`;
    const reason = `protect: ${protection.level} rejects the changes to ${names}. To allow them in this run, add '${line}'`;
    return { kind: 'rejected', reason };
  }
  if (!hasUnreadNestedStacks(changeSet)) return undefined;
  const reason = `protect: ${protection.level} cannot check the nested stacks of this change set: create it with include-nested-stacks: true`;
  return { kind: 'rejected', reason };
};
