import { invalid } from './refusal.js';
import type { Found } from './store.js';

const UPDATABLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

const isPreserved = (status: string): boolean => status === 'CREATE_FAILED' || status === 'UPDATE_FAILED';

const illegal = ({ stack, fact }: Found, what: string) =>
  invalid(`Stack:${stack.identity.id} is in ${fact.status} state and can not ${what}.`);

const expressOnly = (status: string) =>
  invalid(
    `This stack is in a ${status} state from a previous operation that used EXPRESS deployment mode with disable-rollback. Follow-up operations must use the same DeploymentConfig (mode=EXPRESS).`,
  );

export interface Ask {
  readonly disableRollback: boolean;
  readonly mode: string | undefined;
}

/** Whether a stack may be updated now. @throws Refusal with CloudFormation's text for its status (aws-facts §1.2) */
export const checkUpdate = (found: Found, ask: Ask): void => {
  const { status, onFailure, mode } = found.fact;
  if (UPDATABLE.has(status)) return;
  if (!isPreserved(status)) throw illegal(found, 'be updated');
  if (mode === 'EXPRESS' && ask.mode !== 'EXPRESS') throw expressOnly(status);
  if (onFailure === 'DO_NOTHING') {
    throw invalid(
      `This stack cannot be updated from [${status}] state because it contains [on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack creation.`,
    );
  }
  if (ask.disableRollback) return;
  throw invalid(
    `This stack is currently in a non-terminal [${status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
};

/** Whether a change set of type UPDATE may be made now: a preserved failure is asked about when it is executed. */
export const checkChangeSet = (found: Found): void => {
  checkUpdate(found, { disableRollback: true, mode: found.fact.mode });
};

/** @throws Refusal unless a rollback may begin */
export const checkRollback = (found: Found): void => {
  if (!isPreserved(found.fact.status)) throw illegal(found, 'be rolled back');
  if (found.fact.mode === 'EXPRESS') {
    throw invalid(
      'RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode and are in a failed state',
    );
  }
};

export const checkContinue = (found: Found): void => {
  if (found.fact.status !== 'UPDATE_ROLLBACK_FAILED') throw illegal(found, 'continue to be rolled back');
};

export const checkCancel = ({ fact: { status } }: Found): void => {
  if (status !== 'UPDATE_IN_PROGRESS') throw invalid('CancelUpdateStack cannot be called from current stack status');
};

/** DeleteStack is taken in every state that rests, and while a stack is created; aws-facts §1.2. */
export const checkDelete = ({ stack: { identity }, fact: { status } }: Found, retain: readonly string[]): void => {
  if (identity.parent !== undefined)
    throw invalid(`Nested stack [${identity.id}] cannot be deleted on its own: delete its root`);
  if (retain.length > 0 && status !== 'DELETE_FAILED') {
    throw invalid(
      `Invalid operation on stack [${identity.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const isBusy =
    status.endsWith('_IN_PROGRESS') &&
    !['CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS', 'DELETE_IN_PROGRESS'].includes(status);
  if (isBusy) throw invalid(`Stack [${identity.id}] cannot be deleted while in status ${status}`);
};
