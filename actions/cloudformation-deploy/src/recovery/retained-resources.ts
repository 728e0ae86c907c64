import type { CloudFormation } from '../cloudformation-client.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { isStackLevelEvent, readEvents, type StackEvent } from '../operation/stack-events.js';
import { isStatus, stackStatusInfo } from '../stack/stack-state.js';

/** The end of an operation that went well, or back: what was made before it was never in doubt. */
const isEarlierSuccess = (event: StackEvent, stackId: string): boolean =>
  event.stackId === stackId &&
  isStackLevelEvent(event) &&
  isStatus(event.status) &&
  ['succeeded', 'rolled-back'].includes(stackStatusInfo[event.status].operationStatus);

/**
 * Logical ids of what the tries so far have made, in a stack whose failure was preserved. Empty where its events cannot
 * be read: what is shown to people decides nothing.
 */
export const listCreatedResources = async (
  cloudFormation: CloudFormation,
  stackId: string,
): Promise<readonly string[]> => {
  const latest = new Map<string, string>();
  try {
    for await (const event of readEvents(cloudFormation, stackId, (candidate) =>
      isEarlierSuccess(candidate, stackId),
    )) {
      if (!isStackLevelEvent(event) && !latest.has(event.logicalId)) latest.set(event.logicalId, event.status);
    }
  } catch {
    return [];
  }
  return [...latest].filter(([, status]) => /^(?:CREATE|UPDATE)_COMPLETE$/u.test(status)).map(([id]) => id);
};

/** Those of them that no operation of this run has touched. */
export const findRetainedResources = (
  created: readonly string[],
  operations: readonly OperationResult[],
): readonly string[] => {
  const ownEvents = operations.flatMap(({ operation, events }) =>
    events.filter(({ stackId }) => stackId === operation.stackId),
  );
  const touched = new Set(ownEvents.map(({ logicalId }) => logicalId));
  return created.filter((id) => !touched.has(id)).sort();
};
