import type { Journal } from './journal.js';
import type { Stack } from './stack.js';

/** How to reach the stacks under a stack, and to write to any of them. */
export interface Family {
  readonly children: (stack: Stack) => readonly Stack[];
  /** A journal under the operation that is under way in a stack. */
  readonly journal: (stack: Stack) => Journal;
}

const CANCELLED: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  CREATE_IN_PROGRESS: ['CREATE_FAILED', 'Resource creation cancelled'],
  UPDATE_IN_PROGRESS: ['UPDATE_FAILED', 'Resource update cancelled'],
  DELETE_IN_PROGRESS: ['DELETE_FAILED', 'Resource deletion cancelled'],
};

/** Gives up what is planned after `at`, in the stacks under it too. */
export const abandon = (family: Family, stack: Stack, at: number): void => {
  for (const child of family.children(stack)) abandon(family, child, at);
  stack.cut(at);
};

const cancel = (family: Family, stack: Stack, at: number): void => {
  const journal = family.journal(stack);
  for (const { fact } of stack.resourcesAt(at)) {
    const [status, reason] = CANCELLED[fact.status] ?? [];
    if (status === undefined) continue;
    const nested = family.children(stack).find(({ identity }) => identity.id === fact.version?.physicalId);
    if (nested !== undefined) {
      cancel(family, nested, at);
      family.journal(nested).status(at, nested.final().status.replace('_IN_PROGRESS', '_FAILED'), reason);
    }
    journal.resource(at, { ...fact, status, reason });
  }
};

/** Gives up what is planned after `at`; resources under way end as cancelled. The stack itself keeps its status. */
export const interrupt = (family: Family, stack: Stack, at: number): void => {
  abandon(family, stack, at);
  cancel(family, stack, at);
};
