import type { Engine } from './engine.js';
import type { Stack } from './stack.js';

const CANCELLED: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  CREATE_IN_PROGRESS: ['CREATE_FAILED', 'Resource creation cancelled'],
  UPDATE_IN_PROGRESS: ['UPDATE_FAILED', 'Resource update cancelled'],
  DELETE_IN_PROGRESS: ['DELETE_FAILED', 'Resource deletion cancelled'],
};

/** Gives up what is planned after `at`, in the stacks under it too. */
export const abandon = (engine: Engine, stack: Stack, at: number): void => {
  for (const child of engine.store.children(stack)) abandon(engine, child, at);
  stack.cut(at);
};

const cancel = (engine: Engine, stack: Stack, at: number): void => {
  const journal = engine.running(stack);
  for (const { fact } of stack.resourcesAt(at)) {
    const [status, reason] = CANCELLED[fact.status] ?? [];
    if (status === undefined) continue;
    const nested = engine.store.children(stack).find(({ identity }) => identity.id === fact.version?.physicalId);
    if (nested !== undefined) {
      cancel(engine, nested, at);
      engine.running(nested).status(at, nested.final().status.replace('_IN_PROGRESS', '_FAILED'), reason);
    }
    journal.resource(at, { ...fact, status, reason });
  }
};

/** Gives up what is planned after `at`; resources under way end as cancelled. The stack itself keeps its status. */
export const interrupt = (engine: Engine, stack: Stack, at: number): void => {
  abandon(engine, stack, at);
  cancel(engine, stack, at);
};
