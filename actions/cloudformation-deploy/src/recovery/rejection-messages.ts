import type { ChangeSet } from '../change-set/change-set.js';
import type { Stack } from '../stack/stack.js';
import type { StackState } from '../stack/stack-state.js';
import { formatStep, type Mode, type Step } from './recovery-table.js';

/** Rule and hint for each state. */
const stateMessages: Readonly<Record<StackState, string>> = {
  absent: 'The stack does not exist. Check the name and the Region, or run mode: deploy',
  reviewing: 'It has only change sets under review. Execute or delete them',
  ready: 'It has no operation in progress and no preserved failure',
  unusable:
    'Its creation was rolled back, and it can only be deleted. Run mode: delete, or mode: deploy with on-rollback-complete: recreate',
  preserved: 'It has a preserved failure. Run mode: retry, mode: rollback, or mode: deploy with on-preserved: resume',
  stuck: 'Its rollback failed. Run mode: rollback, if necessary with resources-to-skip or force-rollback',
  undeletable: 'Its deletion failed. Run mode: delete with retain-resources or force-delete',
  busy: 'An operation is in progress. Wait until it ends, or set on-conflict: wait',
};

const formatStackName = (stack: Stack | undefined, stackName: string): string =>
  stack === undefined ? `stack ${stackName}` : `stack ${stack.name} (${stack.status})`;

/** Why a mode is not possible in a state. */
export const formatModeRejection = (
  { mode, stackName, state }: { readonly mode: Mode; readonly stackName: string; readonly state: StackState },
  stack: Stack | undefined,
): string => `mode ${mode} is not possible for ${formatStackName(stack, stackName)}. ${stateMessages[state]}`;

export const formatProtectedRejection = (stack: Stack): string =>
  `${formatStackName(stack, stack.name)} has termination protection: disable it before you delete the stack`;

export const formatForeignChangeSet = ({ id, stackId }: ChangeSet, stack: Stack): string =>
  `change set ${id} belongs to stack ${stackId.split('/')[1] ?? 'unknown'}, not to ${stack.name}: correct name or execute-change-set-id`;

/** A step after which the stack has the same status as before. */
export const formatRepeatedStep = (step: Step, stack: Stack | undefined, stackName: string): string =>
  `${formatStackName(stack, stackName)} has the same status as before the step ${formatStep(step)}: check its events in the console`;
