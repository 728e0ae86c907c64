import type { ChangeSet } from './change-set.js';
import type { Mode, Situation, Step } from './situation.js';
import type { Stack } from './stack.js';

/** What stands in the way, and what to do about it. */
const obstacles: Readonly<Record<Situation, string>> = {
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

const name = (stack: Stack | undefined, given: string): string =>
  stack === undefined ? `stack ${given}` : `stack ${stack.name} (${stack.status})`;

/** Why a mode does nothing in a situation. */
export const refusalText = (
  { mode, given, situation }: { readonly mode: Mode; readonly given: string; readonly situation: Situation },
  stack: Stack | undefined,
): string => `${name(stack, given)} ${obstacles[situation]}; mode ${mode} does nothing here`;

export const protectedText = (stack: Stack): string =>
  `${name(stack, stack.name)} has termination protection: switch it off before it can be deleted`;

/** A change set of another stack than the one that is named. */
export const foreignText = ({ id, stackId }: ChangeSet, stack: Stack): string =>
  `change set ${id} belongs to stack ${stackId.split('/')[1] ?? 'unknown'}, not to ${stack.name}: name its stack, or another change set`;

/** A way of recovering that led back to where it began. */
export const circleText = (step: Step, stack: Stack | undefined, given: string): string =>
  `${name(stack, given)} is where it was before '${step}': look at its events in the console`;
