import type { ChangeSet } from '../change-set/change-set.js';
import type { Stack } from '../stack/stack.js';
import type { StackState } from '../stack/stack-state.js';
import type { Mode, Step } from './recovery-table.js';

/** Rule and hint for each state. */
const stateMessages: Readonly<Record<StackState, string>> = {
  absent: 'does not exist: check name and Region, or run mode deploy',
  reviewing: 'has only a change set under review: execute or delete it',
  ready: 'is complete: there is nothing to do for this mode',
  unusable:
    'was rolled back during its creation and can only be deleted: run mode delete, or mode deploy with on-rollback-complete recreate',
  preserved:
    'stopped at a failure that was preserved: run mode retry, mode rollback, or mode deploy with on-preserved resume',
  stuck: 'could not be rolled back: run mode rollback, with resources-to-skip or force-rollback if need be',
  undeletable: 'could not be deleted: run mode delete with retain-resources or force-delete',
  busy: 'is at work: wait for it, or set on-conflict to wait',
};

const formatStackName = (stack: Stack | undefined, stackName: string): string =>
  stack === undefined ? `stack ${stackName}` : `stack ${stack.name} (${stack.status})`;

/** Why a mode does nothing in a state. */
export const formatModeRejection = (
  { mode, stackName, state }: { readonly mode: Mode; readonly stackName: string; readonly state: StackState },
  stack: Stack | undefined,
): string => `${formatStackName(stack, stackName)} ${stateMessages[state]}; mode ${mode} does nothing here`;

export const formatProtectedRejection = (stack: Stack): string =>
  `${formatStackName(stack, stack.name)} has termination protection: switch it off before it can be deleted`;

export const formatForeignChangeSet = ({ id, stackId }: ChangeSet, stack: Stack): string =>
  `change set ${id} belongs to stack ${stackId.split('/')[1] ?? 'unknown'}, not to ${stack.name}: name its stack, or another change set`;

/** A step after which the stack has the same status as before. */
export const formatRepeatedStep = (step: Step, stack: Stack | undefined, stackName: string): string =>
  `${formatStackName(stack, stackName)} is where it was before '${step}': look at its events in the console`;
