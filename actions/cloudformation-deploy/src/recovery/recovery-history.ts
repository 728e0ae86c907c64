import type { Conflict } from '../result.js';
import type { RunRecord } from '../run-record.js';
import type { StackSnapshot } from './stack-snapshot.js';

/** Conflicts with concurrent operations that fail the run. */
const MAX_CONFLICTS = 5;

/** Remembers which step was tried at which stack status: each is tried at most once, so that the run ends. */
export class RecoveryHistory {
  private readonly triedSteps = new Set<string>();
  private conflicts = 0;
  /** A replacement failed because rollback was disabled: the next change needs rollback enabled. */
  rollbackRequired = false;

  wasTried({ step, stack }: StackSnapshot): boolean {
    return step !== 'wait-for-idle' && this.triedSteps.has(`${step} ${stack?.status}`);
  }

  /** A change that was rolled back clears the history: every step may be tried again after it. */
  recordStep({ step, stack }: StackSnapshot, { causes }: RunRecord): void {
    this.triedSteps.add(`${step} ${stack?.status}`);
    if (step !== 'update' && step !== 'resume') return;
    this.triedSteps.clear();
    this.rollbackRequired ||= causes.some(({ kind }) => kind === 'replacement');
  }

  /** @throws the conflict's own error after too many conflicts */
  recordConflict({ error }: Conflict): void {
    this.conflicts += 1;
    if (this.conflicts === MAX_CONFLICTS) throw error;
  }
}
