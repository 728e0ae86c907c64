import type { Fault } from './fault.js';
import type { Journal } from './outcome.js';
import type { Removal } from './removal.js';
import type { Request } from './request.js';

/** How a run ended. */
export type Ending =
  /** Everything was done; what came of each part is in the journal. */
  | { readonly kind: 'done' }
  /** Files are at fault; nothing was begun. */
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[]; readonly reason: string }
  | { readonly kind: 'cleaned'; readonly removals: readonly Removal[] }
  /** The run itself came to an end before all was done. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

/** What a run was asked for, what happened, and how it ended. */
export interface Result {
  readonly request: Request;
  readonly journal: Journal;
  readonly ending: Ending;
}
