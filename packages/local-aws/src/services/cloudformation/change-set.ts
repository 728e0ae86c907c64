import type { Document } from '../../call.js';
import type { Timeline } from '../../timeline.js';
import type { Change } from './change.js';
import type { Order } from './engine.js';
import type { Inputs } from './request.js';
import type { Finding } from './rule.js';
import type { Stack } from './stack.js';

export interface ChangeSetFact {
  readonly status: string;
  readonly execution: string;
  readonly reason?: string | undefined;
}

/** A change set: what was asked for, and what it would change. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stack: Stack;
  readonly createdAt: number;
  readonly input: Inputs['CreateChangeSet'];
  /** What executing it would do. */
  readonly order: Order;
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** Change sets of nested stacks by logical id. */
  readonly nested: ReadonlyMap<string, ChangeSet>;
  readonly parentId: string | undefined;
  readonly rootId: string | undefined;
  readonly facts: Timeline<ChangeSetFact>;
}

const EMPTY = "The submitted information didn't contain changes. Submit different information to create a change set.";
const EMPTY_TRANSFORMED = 'No updates are to be performed.';

/** Why a change set fails, if it does; aws-facts §1.4 and §1.5. */
export const failureOf = (
  isEmpty: boolean,
  transforms: readonly string[],
  findings: readonly Finding[],
): string | undefined => {
  if (findings.length > 0) {
    const names = [...new Set(findings.map(({ name }) => `AWS::EarlyValidation::${name}`))].join(', ');
    return `The following hook(s)/validation failed: [${names}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.`;
  }
  if (!isEmpty) return undefined;
  return transforms.length > 0 ? EMPTY_TRANSFORMED : EMPTY;
};

/** What all answers about a change set share. */
export const summariseChangeSet = (
  { id, name, stack, createdAt, input, parentId, rootId }: ChangeSet,
  fact: ChangeSetFact,
): Document => ({
  ChangeSetId: id,
  ChangeSetName: name,
  StackId: stack.identity.id,
  StackName: stack.identity.name,
  Status: fact.status,
  ExecutionStatus: fact.execution,
  StatusReason: fact.reason,
  CreationTime: new Date(createdAt),
  Description: input.Description,
  IncludeNestedStacks: input.IncludeNestedStacks,
  ParentChangeSetId: parentId,
  RootChangeSetId: rootId,
});

const GOOD = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

/** Whether something was done to the stack since: then its change sets no longer fit. */
const hasMovedOn = (stack: Stack, since: number, at: number): boolean =>
  stack.facts.until(at).some((one) => one.at > since && /(CREATE|UPDATE|ROLLBACK)_IN_PROGRESS$/.test(one.fact.status));

/** What is true of a change set at `at`; undefined before and after its life. How its execution went, its stack knows. */
export const changeSetAt = ({ facts, stack, createdAt }: ChangeSet, at: number): ChangeSetFact | undefined => {
  const entry = facts.latest(at);
  // Change sets go with their stack.
  const gone = [entry?.fact.status, stack.at(at)?.status].includes('DELETE_COMPLETE');
  if (entry === undefined || gone) return undefined;
  const isObsolete = entry.fact.execution === 'AVAILABLE' && hasMovedOn(stack, createdAt, at);
  if (isObsolete) return { ...entry.fact, execution: 'OBSOLETE' };
  if (entry.fact.execution !== 'EXECUTE_IN_PROGRESS') return entry.fact;
  const end = stack.facts.until(at).find((one) => one.at >= entry.at && !one.fact.status.endsWith('_IN_PROGRESS'));
  if (end === undefined) return entry.fact;
  return { ...entry.fact, execution: GOOD.has(end.fact.status) ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED' };
};
