import { validationError } from '../responses.js';
import type { StackView } from './stack-store.js';

const UPDATABLE_STATUSES = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

const hasFailed = (status: string): boolean => status === 'CREATE_FAILED' || status === 'UPDATE_FAILED';

const stateError = ({ stack, snapshot }: StackView, action: string) =>
  validationError(`Stack:${stack.identity.id} is in ${snapshot.status} state and can not ${action}.`);

const expressOnlyError = (status: string) =>
  validationError(
    `This stack is in a ${status} state from a previous operation that used EXPRESS deployment mode with disable-rollback. Follow-up operations must use the same DeploymentConfig (mode=EXPRESS).`,
  );

export interface UpdateOptions {
  readonly disableRollback: boolean;
  readonly mode: string | undefined;
}

/**
 * Validates that a stack can be updated. @throws ServiceError with CloudFormation's message for its status
 * (docs/aws-facts.md §1.2)
 */
export const checkUpdate = (view: StackView, options: UpdateOptions): void => {
  const { status, onFailure, mode } = view.snapshot;
  if (UPDATABLE_STATUSES.has(status)) return;
  if (!hasFailed(status)) throw stateError(view, 'be updated');
  if (mode === 'EXPRESS' && options.mode !== 'EXPRESS') throw expressOnlyError(status);
  if (onFailure === 'DO_NOTHING') {
    throw validationError(
      `This stack cannot be updated from [${status}] state because it contains [on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack creation.`,
    );
  }
  if (options.disableRollback) return;
  throw validationError(
    `This stack is currently in a non-terminal [${status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
};

/** Validates that an UPDATE change set can be created. After a preserved failure its execution is validated instead. */
export const checkChangeSet = (view: StackView): void => {
  checkUpdate(view, { disableRollback: true, mode: view.snapshot.mode });
};

/** Validates that RollbackStack can start. @throws ServiceError */
export const checkRollback = (view: StackView): void => {
  if (!hasFailed(view.snapshot.status)) throw stateError(view, 'be rolled back');
  if (view.snapshot.mode === 'EXPRESS') {
    throw validationError(
      'RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode and are in a failed state',
    );
  }
};

export const checkContinue = (view: StackView): void => {
  if (view.snapshot.status !== 'UPDATE_ROLLBACK_FAILED') throw stateError(view, 'continue to be rolled back');
};

export const checkCancel = ({ snapshot: { status } }: StackView): void => {
  if (status !== 'UPDATE_IN_PROGRESS')
    throw validationError('CancelUpdateStack cannot be called from current stack status');
};

/**
 * Validates that DeleteStack can start: in every final state, and during a creation (docs/aws-facts.md §1.2). @throws
 * ServiceError
 */
export const checkDelete = (
  { stack: { identity }, snapshot: { status } }: StackView,
  retain: readonly string[],
): void => {
  if (identity.parent !== undefined)
    throw validationError(`Nested stack [${identity.id}] cannot be deleted separately: delete its root stack`);
  if (retain.length > 0 && status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${identity.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const isBusy =
    status.endsWith('_IN_PROGRESS') &&
    !['CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS', 'DELETE_IN_PROGRESS'].includes(status);
  if (isBusy) throw validationError(`Stack [${identity.id}] cannot be deleted while in status ${status}`);
};
