import type { CloudFormation } from '../cloudformation-client.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { isStackLevelEvent, readEvents, type StackEvent } from '../operation/stack-events.js';
import { isStatus, stackStatusInfo } from '../stack/stack-state.js';

/** The end of a successful or rolled-back operation: resources created before it belong to a stable state. */
const isEarlierSuccess = (event: StackEvent, stackId: string): boolean =>
  event.stackId === stackId &&
  isStackLevelEvent(event) &&
  isStatus(event.status) &&
  ['succeeded', 'rolled-back'].includes(stackStatusInfo[event.status].operationStatus);

/**
 * Logical ids of resources that operations since the last stable state have created or updated, for a preserved failure.
 * Empty if the events cannot be read, since the ids are only reported.
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

/** The created resources that no operation of this run has changed. */
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
