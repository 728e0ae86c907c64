import type { ApiCall, Document } from '../../../api-call.js';
import type { Inputs } from '../operation-inputs.js';
import { validationError } from '../responses.js';
import { checkCancel, checkContinue, checkDelete, checkRollback } from '../stack/preconditions.js';
import type { OperationEntry, OperationType, Stack } from '../stack/stack.js';
import type { StackView } from '../stack/stack-store.js';
import { cancelOperation } from './cancel-operation.js';
import type { Engine } from './engine.js';
import { DEFAULT_ROLLBACK_OPTIONS, planDeletion, planRollback } from './operation-plan.js';
import type { StackOperation } from './stack-operation.js';

/** RollbackStack, ContinueUpdateRollback, CancelUpdateStack and DeleteStack. */
export class RecoveryOperations {
  constructor(private readonly engine: Engine) {}

  rollback(call: ApiCall, input: Inputs['RollbackStack']): Document {
    const found = this.engine.store.getLiveStack(call);
    const { stack } = found;
    checkRollback(found);
    const operation = this.createEntry('ROLLBACK', call);
    const options = { ...DEFAULT_ROLLBACK_OPTIONS, retainExceptOnCreate: input.RetainExceptOnCreate };
    planRollback(this.createOperation(call, stack, operation, input.RoleARN), call.at, 'User Initiated', options);
    return { StackId: stack.identity.id, OperationId: operation.id };
  }

  continueRollback(call: ApiCall, input: Inputs['ContinueUpdateRollback']): Document {
    const { ResourcesToSkip, ForceRollback, RoleARN } = input;
    const found = this.engine.store.getLiveStack(call);
    const { stack } = found;
    checkContinue(found);
    if (ForceRollback && ResourcesToSkip.length > 0) {
      throw validationError('ResourcesToSkip and ForceRollback cannot be specified together.');
    }
    for (const name of ResourcesToSkip) checkSkip(stack, name, call.at);
    const stackOperation = this.createOperation(call, stack, this.createEntry('CONTINUE_ROLLBACK', call), RoleARN);
    const options = { ...DEFAULT_ROLLBACK_OPTIONS, skip: new Set(ResourcesToSkip), force: ForceRollback };
    planRollback(stackOperation, call.at, 'User Initiated', options);
    return {};
  }

  cancel(call: ApiCall): Document {
    const found = this.engine.store.getLiveStack(call);
    const { stack, snapshot } = found;
    checkCancel(found);
    cancelOperation(this.engine, stack, call.at);
    const running = { ...this.engine.getRunningEventLog(stack).operation, token: readToken(call) };
    const principal = this.engine.resolvePrincipal(call, snapshot.deployed.roleArn);
    planRollback(this.engine.createOperation(stack, running, principal), call.at, 'User Initiated');
    return {};
  }

  /** Deleting a stack that does not exist or is being deleted succeeds without effect. */
  delete(call: ApiCall, input: Inputs['DeleteStack']): Document {
    const found = this.engine.store.find(call, input.StackName);
    const status = found?.snapshot.status ?? '';
    if (found === undefined || (status.startsWith('DELETE_') && status !== 'DELETE_FAILED')) return {};
    const { stack } = found;
    if (stack.protection.findLatest(call.at)?.value === true) {
      throw validationError(`Stack [${stack.identity.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    checkDelete(found, input.RetainResources);
    this.checkImports(call, stack);
    if (status === 'CREATE_IN_PROGRESS') cancelOperation(this.engine, stack, call.at);
    const stackOperation = this.createOperation(call, stack, this.createEntry('DELETE_STACK', call), input.RoleARN);
    planDeletion(stackOperation, call.at, 'User Initiated', listRetained(found, input));
    return {};
  }

  private checkImports(call: ApiCall, stack: Stack): void {
    const { store } = this.engine;
    const scope = store.getScope(call);
    const ownExports = new Set(
      store.listExports(scope).flatMap((exported) => (exported.stack === stack ? [exported.name] : [])),
    );
    for (const other of store.listLive(scope)) {
      const used =
        other.stack === stack ? undefined : other.snapshot.deployed.imports.find((name) => ownExports.has(name));
      if (used === undefined) continue;
      throw validationError(`Export ${used} cannot be deleted as it is in use by ${other.stack.identity.name}`);
    }
  }

  private createEntry(type: OperationType, call: ApiCall): OperationEntry {
    return this.engine.createEntry(type, readToken(call));
  }

  private createOperation(
    call: ApiCall,
    stack: Stack,
    operation: OperationEntry,
    roleArn: string | undefined,
  ): StackOperation {
    const { deployed } = stack.getFinalSnapshot();
    const stackOperation = this.engine.createOperation(
      stack,
      operation,
      this.engine.resolvePrincipal(call, roleArn ?? deployed.roleArn),
    );
    stackOperation.eventLog.updateStack(call.at, { operations: stackOperation.eventLog.operations });
    return stackOperation;
  }
}

const readToken = ({ input: { ClientRequestToken: token } }: ApiCall): string | undefined =>
  typeof token === 'string' ? token : undefined;

/** Logical ids of resources to retain: from the input, and those that failed to delete if deletion is forced. */
const listRetained = (
  { stack, snapshot: { status } }: StackView,
  input: Inputs['DeleteStack'],
): ReadonlySet<string> => {
  if (input.DeletionMode === 'STANDARD' || status !== 'DELETE_FAILED') return new Set(input.RetainResources);
  const failed = stack
    .listResources(Number.POSITIVE_INFINITY)
    .filter(({ value: snapshot }) => snapshot.status === 'DELETE_FAILED');
  return new Set([...input.RetainResources, ...failed.map(({ value: snapshot }) => snapshot.logicalId)]);
};

/** Validates a resource to skip, `Resource` or `Nested.Resource`. @throws ServiceError unless its rollback failed */
const checkSkip = (stack: Stack, name: string, at: number): void => {
  const [first = '', inner] = name.split('.', 2);
  const snapshot = stack.resources.get(first)?.findLatest(at)?.value;
  const skipped =
    inner === undefined ? snapshot : snapshot?.version?.nested?.resources.get(inner)?.findLatest(at)?.value;
  if (skipped?.status === 'UPDATE_FAILED') return;
  throw validationError(`Resource [${name}] cannot be skipped: only resources whose rollback failed can be`);
};
