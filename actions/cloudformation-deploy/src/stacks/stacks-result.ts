import type { ParameterReference } from '../parameters/stack-output-references.js';
import type { Mode } from '../recovery/recovery-table.js';
import type { Result } from '../result.js';

/** Modes that create change sets and leave the stacks as they are. */
export const CHANGE_SET_MODES: readonly Mode[] = ['preview', 'create-only'];

/** Outcome of one of several stacks. */
export type StackOutcome =
  | {
      readonly kind: 'finished';
      readonly result: Result;
      /** Milliseconds since the epoch. */
      readonly startedAt: number;
      readonly endedAt: number;
    }
  /** Not started, because other stacks failed or were skipped. */
  | { readonly kind: 'skipped'; readonly blockers: readonly string[] }
  /** No change set can be created before other stacks are deployed. */
  | { readonly kind: 'pending'; readonly reasons: readonly string[] };

export interface StackRun {
  readonly name: string;
  /** Parameters with outputs of other stacks. */
  readonly references: readonly ParameterReference[];
  readonly outcome: StackOutcome;
}

/** Outcomes of all stacks, in the order of the list. */
export interface StacksResult {
  readonly kind: 'stacks';
  readonly mode: Mode;
  readonly runs: readonly StackRun[];
}
