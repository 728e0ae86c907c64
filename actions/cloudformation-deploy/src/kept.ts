import type { CloudFormation } from './cloudformation.js';
import { isStackRow, readEvents, type StackEvent } from './event.js';
import type { OperationEnd } from './operation.js';
import { isStatus, statusFacts } from './situation.js';

/** The end of an operation that went well, or back: what was made before it was never in doubt. */
const isOtherEnd = (event: StackEvent, stackId: string): boolean =>
  event.stackId === stackId &&
  isStackRow(event) &&
  isStatus(event.status) &&
  ['succeeded', 'rolled-back'].includes(statusFacts[event.status].end);

/**
 * Logical ids of what the tries so far have made, in a stack whose failure was preserved. Empty where its events cannot
 * be read: what is shown to people decides nothing.
 */
export const madeSoFar = async (cloudFormation: CloudFormation, stackId: string): Promise<readonly string[]> => {
  const latest = new Map<string, string>();
  try {
    for await (const event of readEvents(cloudFormation, stackId, (one) => isOtherEnd(one, stackId))) {
      if (!isStackRow(event) && !latest.has(event.logicalId)) latest.set(event.logicalId, event.status);
    }
  } catch {
    return [];
  }
  return [...latest].filter(([, status]) => /^(?:CREATE|UPDATE)_COMPLETE$/u.test(status)).map(([id]) => id);
};

/** Those of them that no operation of this run has touched. */
export const keptOf = (made: readonly string[], operations: readonly OperationEnd[]): readonly string[] => {
  const own = operations.flatMap(({ operation, events }) =>
    events.filter(({ stackId }) => stackId === operation.stackId),
  );
  const touched = new Set(own.map(({ logicalId }) => logicalId));
  return made.filter((id) => !touched.has(id)).sort();
};
