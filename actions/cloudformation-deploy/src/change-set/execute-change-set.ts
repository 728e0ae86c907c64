import { ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import type { RunContext } from '../context.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { followToCompletion, startOperation, waitUntilVisible } from '../operation/start-operation.js';
import type { CleanupTarget } from '../post/post-state.js';
import type { Stack } from '../stack/stack.js';
import { reviewStatus } from '../stack/stack-state.js';
import type { ChangeSet } from './change-set.js';

export interface Execution {
  readonly changeSet: ChangeSet;
  /** As it stood before; undefined where it exists only for this change set. */
  readonly stack: Stack | undefined;
  readonly title: string;
  readonly disableRollback: boolean;
  /** The change set says that CloudFormation deletes the stack on failure: then nothing may be said of rollback. */
  readonly deletesOnFailure: boolean;
  readonly retainExceptOnCreate: boolean;
  /** What becomes of the change set when it is not executed; nothing where it is not this run's own. */
  readonly ownChangeSet?: { readonly cleanupTarget: CleanupTarget; readonly onStartFailure: () => Promise<void> };
}

const getExpectedResourceIds = ({ changes }: ChangeSet): ReadonlySet<string> =>
  new Set(changes.map(({ path }) => path).filter((path) => !path.includes('.')));

/** Executes a change set and follows it to its end, unless the run is not to wait. */
export const executeChangeSet = async (
  context: RunContext,
  execution: Execution,
): Promise<OperationResult | 'started'> => {
  const { changeSet, stack, disableRollback, retainExceptOnCreate } = execution;
  const started = await startOperation(context, {
    kind: 'change',
    title: execution.title,
    stack: { id: changeSet.stackId, touchedAt: stack?.touchedAt ?? 0, status: stack?.status ?? reviewStatus },
    changeSet,
    expectedResourceIds: getExpectedResourceIds(changeSet),
    ...execution.ownChangeSet,
    // The documentation calls the default of DisableRollback true (aws-facts §1.3): it is always said.
    start: (ClientRequestToken) =>
      context.cloudFormation.send(
        new ExecuteChangeSetCommand({
          ChangeSetName: changeSet.id,
          // IAM judges the call by its stack: naming it spares whoever stands between a look into the ARN.
          StackName: changeSet.stackId,
          ClientRequestToken,
          ...(execution.deletesOnFailure ? {} : { DisableRollback: disableRollback }),
          ...(retainExceptOnCreate ? { RetainExceptOnCreate: true } : {}),
        }),
      ),
  });
  if (context.request.wait) return followToCompletion(context, started);
  await waitUntilVisible(context, started);
  return 'started';
};
