import type { Stack } from '../stack/stack.js';
import type { Engine } from './engine.js';

const CANCELLED_STATUSES: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  CREATE_IN_PROGRESS: ['CREATE_FAILED', 'Resource creation cancelled'],
  UPDATE_IN_PROGRESS: ['UPDATE_FAILED', 'Resource update cancelled'],
  DELETE_IN_PROGRESS: ['DELETE_FAILED', 'Resource deletion cancelled'],
};

/** Gives up what is planned after `at`, in the stacks under it too. */
export const discardPlan = (engine: Engine, stack: Stack, at: number): void => {
  for (const child of engine.store.listChildren(stack)) discardPlan(engine, child, at);
  stack.truncateAfter(at);
};

const cancelResources = (engine: Engine, stack: Stack, at: number): void => {
  const eventLog = engine.getRunningEventLog(stack);
  for (const { value: snapshot } of stack.listResources(at)) {
    const [status, reason] = CANCELLED_STATUSES[snapshot.status] ?? [];
    if (status === undefined) continue;
    const nested = engine.store
      .listChildren(stack)
      .find(({ identity }) => identity.id === snapshot.version?.physicalId);
    if (nested !== undefined) {
      cancelResources(engine, nested, at);
      engine
        .getRunningEventLog(nested)
        .logStackStatus(at, nested.getFinalSnapshot().status.replace('_IN_PROGRESS', '_FAILED'), reason);
    }
    eventLog.logResourceStatus(at, { ...snapshot, status, reason });
  }
};

/** Gives up what is planned after `at`; resources under way end as cancelled. The stack itself keeps its status. */
export const cancelOperation = (engine: Engine, stack: Stack, at: number): void => {
  discardPlan(engine, stack, at);
  cancelResources(engine, stack, at);
};
