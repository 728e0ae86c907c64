import { type Change, mayReplace } from './change.js';
import type { ChangeSet } from './change-set.js';
import type { Protection } from './request.js';
import type { Ending } from './result.js';
import { statefulTypes } from './stateful-types.js';

const NESTED = 'AWS::CloudFormation::Stack';

const isOfType = (type: string, pattern: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

const isCovered = ({ type }: Change, { level, types }: Protection): boolean => {
  if (level === 'none') return false;
  // A nested stack that goes takes with it whatever it holds; one whose type cannot be read may hold anything.
  const isContainer = type === NESTED || type === '?';
  return level === 'all' || isContainer || [...statefulTypes, ...types].some((pattern) => isOfType(type, pattern));
};

const isAllowed = ({ path }: Change, { allowed }: Protection): boolean =>
  allowed.some((name) => path === name || path.startsWith(`${name}.`));

// A nested stack that is merely updated is Dynamic or Conditional by itself: its own change set says what happens in it.
const isLookedInto = (change: Change): boolean =>
  change.type === NESTED && change.nestedChangeSetId !== undefined && change.fate === 'maybe-replaced';

/** The changes that the guard forbids. */
export const violations = (protection: Protection, changes: readonly Change[]): readonly Change[] =>
  changes.filter(
    (change) =>
      (change.fate === 'removed' || (mayReplace(change) && !isLookedInto(change))) &&
      isCovered(change, protection) &&
      !isAllowed(change, protection),
  );

const hasUnread = ({ hasNested, changes }: ChangeSet): boolean =>
  changes.some(
    ({ type, action, nestedChangeSetId }) =>
      type === NESTED && action !== 'Add' && nestedChangeSetId === undefined && (!hasNested || action === 'Modify'),
  );

/** The end of a run that the guard stops; undefined where it lets the changes pass. */
export const guardedEnding = (protection: Protection, changeSet: ChangeSet): Ending | undefined => {
  if (protection.level === 'none') return undefined;
  const forbidden = violations(protection, changeSet.changes);
  if (forbidden.length > 0) {
    const names = forbidden.map(({ path, type, fate }) => `${path} (${type}, ${fate})`).join(', ');
    const line = `allow-replacement: ${forbidden.map(({ path }) => path).join(', ')}`;
    const reason = `protect: ${protection.level} forbids what this change set does to ${names}; to let it pass once, add '${line}'`;
    return { kind: 'refused', reason };
  }
  if (!hasUnread(changeSet)) return undefined;
  const reason = `protect: ${protection.level} cannot see into the nested stacks of this change set: make it with include-nested-stacks`;
  return { kind: 'refused', reason };
};
