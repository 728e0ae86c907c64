import { type Call, output, type Reply } from '../../call.js';
import { remove, SIMPLE_ROLLBACK, undoCreation, undoUpdate } from './course.js';
import type { Engine } from './engine.js';
import { interrupt } from './interruption.js';
import { checkCancel, checkContinue, checkDelete, checkRollback } from './legality.js';
import { invalid, noStack } from './refusal.js';
import { inputs, read } from './request.js';
import type { OperationType, Stack, StackFact } from './stack.js';

interface Found {
  readonly stack: Stack;
  readonly fact: StackFact;
}

/** What may follow a failure: roll back, go on rolling back, cancel, delete. */
export class Recovery {
  constructor(private readonly engine: Engine) {}

  async rollback(call: Call): Promise<Reply> {
    const input = read(inputs.RollbackStack, call);
    return this.engine.store.once(call, input.ClientRequestToken, () => {
      const { stack, fact } = this.#find(call, input.StackName);
      checkRollback(stack, fact);
      const job = this.#job(call, stack, 'ROLLBACK', input);
      const options = { ...SIMPLE_ROLLBACK, retainExceptOnCreate: input.RetainExceptOnCreate };
      const undo = fact.stable === undefined ? undoCreation : undoUpdate;
      undo(job, call.at, 'User Initiated', options);
      return output({ StackId: stack.identity.id, OperationId: job.journal.operation.id });
    });
  }

  async continueRollback(call: Call): Promise<Reply> {
    const input = read(inputs.ContinueUpdateRollback, call);
    return this.engine.store.once(call, input.ClientRequestToken, () => {
      const { stack, fact } = this.#find(call, input.StackName);
      checkContinue(stack, fact);
      if (input.ForceRollback && input.ResourcesToSkip.length > 0) {
        throw invalid('ResourcesToSkip and ForceRollback cannot be specified together.');
      }
      for (const name of input.ResourcesToSkip) this.#checkSkip(stack, name, call.at);
      const job = this.#job(call, stack, 'CONTINUE_ROLLBACK', input);
      const options = { ...SIMPLE_ROLLBACK, skip: new Set(input.ResourcesToSkip), force: input.ForceRollback };
      undoUpdate(job, call.at, 'User Initiated', options);
      return output({});
    });
  }

  async cancel(call: Call): Promise<Reply> {
    const input = read(inputs.CancelUpdateStack, call);
    return this.engine.store.once(call, input.ClientRequestToken, () => {
      const { stack, fact } = this.#find(call, input.StackName);
      checkCancel(fact);
      interrupt(this.engine.family, stack, call.at);
      const [running] = fact.operations;
      const operation = {
        ...(running ?? this.engine.operation('UPDATE_STACK', undefined)),
        token: input.ClientRequestToken,
      };
      const job = this.engine.job(stack, operation, this.engine.principal(call, fact.deployed.roleArn));
      const undo = fact.stable === undefined ? undoCreation : undoUpdate;
      undo(job, call.at, 'User Initiated');
      return output({});
    });
  }

  /** Deleting what is not there, or is being deleted already, changes nothing. */
  async delete(call: Call): Promise<Reply> {
    const input = read(inputs.DeleteStack, call);
    return this.engine.store.once(call, input.ClientRequestToken, () => {
      const stack = this.engine.store.find(this.engine.store.home(call), input.StackName, call.at);
      const fact = stack?.at(call.at);
      if (
        stack === undefined ||
        fact === undefined ||
        (fact.status.startsWith('DELETE_') && fact.status !== 'DELETE_FAILED')
      ) {
        return output({});
      }
      if (stack.protection.latest(call.at)?.fact === true) {
        throw invalid(`Stack [${stack.identity.name}] cannot be deleted while TerminationProtection is enabled`);
      }
      checkDelete(stack, fact, input.RetainResources);
      this.#checkImports(call, stack);
      if (fact.status === 'CREATE_IN_PROGRESS') interrupt(this.engine.family, stack, call.at);
      const job = this.#job(call, stack, 'DELETE_STACK', input);
      remove(job, call.at, this.#retained(stack, fact, input), 'User Initiated');
      return output({});
    });
  }

  /** What cannot be deleted is let go when deletion is forced. */
  #retained(
    stack: Stack,
    { status }: StackFact,
    input: { readonly RetainResources: readonly string[]; readonly DeletionMode: string },
  ) {
    const failed = stack.resourcesAt(Number.POSITIVE_INFINITY).filter(({ fact }) => fact.status === 'DELETE_FAILED');
    const isForced = input.DeletionMode === 'FORCE_DELETE_STACK' && status === 'DELETE_FAILED';
    return new Set([...input.RetainResources, ...(isForced ? failed.map(({ fact }) => fact.logicalId) : [])]);
  }

  #checkImports(call: Call, stack: Stack): void {
    const { store } = this.engine;
    const home = store.home(call);
    const names = store.exports(home, call.at).filter((one) => one.stack === stack);
    for (const { name } of names) {
      const user = store
        .live(home, call.at)
        .find((other) => other !== stack && other.at(call.at)?.deployed.imports.includes(name));
      if (user === undefined) continue;
      throw invalid(`Export ${name} cannot be deleted as it is in use by ${user.identity.name}`);
    }
  }

  #checkSkip(stack: Stack, name: string, at: number): void {
    const [first = '', rest] = name.split('.', 2);
    const fact = stack.resources.get(first)?.latest(at)?.fact;
    if (rest === undefined && fact?.status === 'UPDATE_FAILED') return;
    const nested = fact?.version?.nested;
    if (rest !== undefined && nested?.resources.get(rest)?.latest(at)?.fact.status === 'UPDATE_FAILED') return;
    throw invalid(`Resource [${name}] cannot be skipped: only resources whose rollback failed can be`);
  }

  #find(call: Call, name: string): Found {
    const stack = this.engine.store.find(this.engine.store.home(call), name, call.at);
    const fact = stack?.at(call.at);
    if (stack === undefined || fact === undefined || fact.status === 'DELETE_COMPLETE') throw noStack(name);
    return { stack, fact };
  }

  #job(
    call: Call,
    stack: Stack,
    type: OperationType,
    {
      RoleARN,
      ClientRequestToken,
    }: { readonly RoleARN?: string | undefined; readonly ClientRequestToken?: string | undefined },
  ) {
    const { deployed, operations } = stack.final();
    const principal = this.engine.principal(call, RoleARN ?? deployed.roleArn);
    const operation = this.engine.operation(type, ClientRequestToken);
    const job = this.engine.job(stack, operation, principal);
    job.journal.note(call.at, { operations: [operation, ...operations] });
    return job;
  }
}
