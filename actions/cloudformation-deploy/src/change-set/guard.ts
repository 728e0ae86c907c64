import { ExceptionUsage, formatUnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';
import type { ProtectionOptions } from '../inputs/request.js';
import type { Outcome } from '../result.js';
import type { ExceptionRecord, RunRecord } from '../run-record.js';
import type { WidenedPermission } from '../security/widened-permissions.js';
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
const matchesException = (exception: string, { path, type }: Pick<Change, 'path' | 'type'>): boolean =>
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

const isActive = ({ level, guardsPermissions }: ProtectionOptions): boolean => level !== 'none' || guardsPermissions;

/** The exceptions of an input, and those that match none of the guarded resources. */
const findUnused = (
  input: string,
  values: readonly string[],
  guarded: readonly Pick<Change, 'path' | 'type'>[],
): ExceptionRecord => {
  const exceptions = values.map((value) => ({ value, name: `${input}: ${value}` }));
  const usage = new ExceptionUsage(exceptions);
  for (const resource of guarded) usage.recordMatches(({ value }) => matchesException(value, resource));
  return { declared: exceptions.map(({ name }) => name), unused: usage.listUnused().map(({ name }) => name) };
};

/** Widened permissions in an error; the summary has all of them. */
const MAX_SHOWN = 10;

interface ReadOptions {
  readonly protection: ProtectionOptions;
  readonly changeSet: { readonly showValues: boolean };
}

/** Reads a change set, with what it widens if `protect: security` has to check it. */
export const readChangeSet = async (
  { protection, changeSet: { showValues } }: ReadOptions,
  read: (includeValues: boolean) => Promise<ChangeSet>,
): Promise<ChangeSet> => {
  if (!protection.guardsPermissions) return read(showValues);
  const { evaluatePermissions } = await import('../security/change-set-permissions.js');
  return evaluatePermissions(await read(true), showValues);
};

const isPermissionAllowed = (widened: WidenedPermission, { allowedPermissions }: ProtectionOptions): boolean =>
  allowedPermissions.some((exception) => matchesException(exception, widened));

/** The rejection of a change set that widens permissions. */
const checkPermissions = (protection: ProtectionOptions, changeSet: ChangeSet): Outcome | undefined => {
  if (!protection.guardsPermissions) return undefined;
  const widened = (changeSet.widenedPermissions ?? []).filter((each) => !isPermissionAllowed(each, protection));
  if (widened.length === 0) return undefined;
  const paths = [...new Set(widened.map(({ path }) => path))];
  const texts = widened.slice(0, MAX_SHOWN).map(({ path, text }) => `${path} (${text})`);
  const more = widened.length > MAX_SHOWN ? ` and ${widened.length - MAX_SHOWN} more` : '';
  const line = `allow-permissions: ${paths.join(', ')}`;
  const reason = `protect: security rejects the wider permissions of ${texts.join(', ')}${more}. To allow them in this run, add '${line}'`;
  return { kind: 'rejected', reason };
};

/** The exceptions, and those that match no guarded change; undefined if the change set cannot be judged. */
const evaluateExceptions = (protection: ProtectionOptions, changeSet: ChangeSet): ExceptionRecord | undefined => {
  if (!isActive(protection) || hasUnreadNestedStacks(changeSet)) return undefined;
  const guarded = changeSet.changes.filter((change) => isGuarded(change, protection));
  const replacements = protection.level === 'none' ? [] : protection.allowedReplacements;
  const permissions = protection.guardsPermissions ? protection.allowedPermissions : [];
  const records = [
    findUnused('allow-replacement', replacements, guarded),
    findUnused('allow-permissions', permissions, changeSet.widenedPermissions ?? []),
  ];
  return {
    declared: records.flatMap(({ declared }) => declared),
    unused: records.flatMap(({ unused }) => unused),
  };
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
  if (!isActive(protection)) return undefined;
  const forbidden = findViolations(protection, changeSet.changes);
  if (forbidden.length > 0) {
    const names = forbidden.map(({ path, type, impact }) => `${path} (${type}, ${impactLabels[impact]})`).join(', ');
    const line = `allow-replacement: ${forbidden.map(({ path }) => path).join(', ')}`;
    const reason = `protect: ${protection.level} rejects the changes to ${names}. To allow them in this run, add '${line}'`;
    return { kind: 'rejected', reason };
  }
  const permissions = checkPermissions(protection, changeSet);
  if (permissions !== undefined) return permissions;
  if (!hasUnreadNestedStacks(changeSet)) return undefined;
  const label = protection.level === 'none' ? 'security' : protection.level;
  const reason = `protect: ${label} cannot check the nested stacks of this change set: create it with include-nested-stacks: true`;
  return { kind: 'rejected', reason };
};
