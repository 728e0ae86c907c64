import type { Stack } from '../stack/stack.js';
import type { OperationFactory } from './stack-operation.js';

const CANCELLED_STATUSES: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  CREATE_IN_PROGRESS: ['CREATE_FAILED', 'Resource creation cancelled'],
  UPDATE_IN_PROGRESS: ['UPDATE_FAILED', 'Resource update cancelled'],
  DELETE_IN_PROGRESS: ['DELETE_FAILED', 'Resource deletion cancelled'],
};

/** Discards what is planned after `at` for a stack and its nested stacks. */
export const discardPlan = (factory: OperationFactory, stack: Stack, at: number): void => {
  for (const child of factory.store.listChildren(stack)) discardPlan(factory, child, at);
  stack.truncateAfter(at);
};

const cancelResources = (factory: OperationFactory, stack: Stack, at: number): void => {
  const eventLog = factory.getRunningEventLog(stack);
  for (const { value: snapshot } of stack.listResources(at)) {
    const [status, reason] = CANCELLED_STATUSES[snapshot.status] ?? [];
    if (status === undefined) continue;
    const nested = factory.store
      .listChildren(stack)
      .find(({ identity }) => identity.id === snapshot.version?.physicalId);
    if (nested !== undefined) {
      cancelResources(factory, nested, at);
      factory
        .getRunningEventLog(nested)
        .logStackStatus(at, nested.getFinalSnapshot().status.replace('_IN_PROGRESS', '_FAILED'), reason);
    }
    eventLog.logResourceStatus(at, { ...snapshot, status, reason });
  }
};

/**
 * Discards what is planned after `at` and ends running resource operations as cancelled. The stack's own status does
 * not change.
 */
export const cancelOperation = (factory: OperationFactory, stack: Stack, at: number): void => {
  discardPlan(factory, stack, at);
  cancelResources(factory, stack, at);
};
