import { type Call, output, type Reply } from '../../call.js';
import { remove, SIMPLE_ROLLBACK, undo } from './course.js';
import type { Engine } from './engine.js';
import { interrupt } from './interruption.js';
import type { Job } from './job.js';
import { checkCancel, checkContinue, checkDelete, checkRollback } from './legality.js';
import { invalid } from './refusal.js';
import type { Inputs } from './request.js';
import type { Operation, OperationType, Stack } from './stack.js';
import type { Found } from './store.js';

/** What may follow a failure: roll back, go on rolling back, cancel, delete. */
export class Recovery {
  constructor(private readonly engine: Engine) {}

  rollback(call: Call, input: Inputs['RollbackStack']): Reply {
    const found = this.engine.store.living(call);
    const { stack } = found;
    checkRollback(found);
    const operation = this.#operation('ROLLBACK', call);
    const options = { ...SIMPLE_ROLLBACK, retainExceptOnCreate: input.RetainExceptOnCreate };
    undo(this.#job(call, stack, operation, input.RoleARN), call.at, 'User Initiated', options);
    return output({ StackId: stack.identity.id, OperationId: operation.id });
  }

  continueRollback(call: Call, input: Inputs['ContinueUpdateRollback']): Reply {
    const { ResourcesToSkip, ForceRollback, RoleARN } = input;
    const found = this.engine.store.living(call);
    const { stack } = found;
    checkContinue(found);
    if (ForceRollback && ResourcesToSkip.length > 0) {
      throw invalid('ResourcesToSkip and ForceRollback cannot be specified together.');
    }
    for (const name of ResourcesToSkip) checkSkip(stack, name, call.at);
    const job = this.#job(call, stack, this.#operation('CONTINUE_ROLLBACK', call), RoleARN);
    const options = { ...SIMPLE_ROLLBACK, skip: new Set(ResourcesToSkip), force: ForceRollback };
    undo(job, call.at, 'User Initiated', options);
    return output({});
  }

  cancel(call: Call): Reply {
    const found = this.engine.store.living(call);
    const { stack, fact } = found;
    checkCancel(found);
    interrupt(this.engine, stack, call.at);
    const running = { ...this.engine.running(stack).operation, token: tokenOf(call) };
    const principal = this.engine.principal(call, fact.deployed.roleArn);
    undo(this.engine.job(stack, running, principal), call.at, 'User Initiated');
    return output({});
  }

  /** Deleting what is not there, or is being deleted already, changes nothing. */
  delete(call: Call, input: Inputs['DeleteStack']): Reply {
    const found = this.engine.store.find(call, input.StackName);
    const status = found?.fact.status ?? '';
    if (found === undefined || (status.startsWith('DELETE_') && status !== 'DELETE_FAILED')) return output({});
    const { stack } = found;
    if (stack.protection.latest(call.at)?.fact === true) {
      throw invalid(`Stack [${stack.identity.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    checkDelete(found, input.RetainResources);
    this.#checkImports(call, stack);
    if (status === 'CREATE_IN_PROGRESS') interrupt(this.engine, stack, call.at);
    const job = this.#job(call, stack, this.#operation('DELETE_STACK', call), input.RoleARN);
    remove(job, call.at, 'User Initiated', retained(found, input));
    return output({});
  }

  #checkImports(call: Call, stack: Stack): void {
    const { store } = this.engine;
    const home = store.home(call);
    const own = new Set(store.exports(home).flatMap((one) => (one.stack === stack ? [one.name] : [])));
    for (const other of store.live(home)) {
      const used = other.stack === stack ? undefined : other.fact.deployed.imports.find((name) => own.has(name));
      if (used === undefined) continue;
      throw invalid(`Export ${used} cannot be deleted as it is in use by ${other.stack.identity.name}`);
    }
  }

  #operation(type: OperationType, call: Call): Operation {
    return this.engine.operation(type, tokenOf(call));
  }

  #job(call: Call, stack: Stack, operation: Operation, roleArn: string | undefined): Job {
    const { deployed } = stack.final();
    const job = this.engine.job(stack, operation, this.engine.principal(call, roleArn ?? deployed.roleArn));
    job.journal.note(call.at, { operations: job.journal.operations });
    return job;
  }
}

const tokenOf = ({ input: { ClientRequestToken: token } }: Call): string | undefined =>
  typeof token === 'string' ? token : undefined;

/** What stays: what the caller says, and what cannot be deleted where deletion is forced. */
const retained = ({ stack, fact: { status } }: Found, input: Inputs['DeleteStack']): ReadonlySet<string> => {
  if (input.DeletionMode === 'STANDARD' || status !== 'DELETE_FAILED') return new Set(input.RetainResources);
  const failed = stack.resourcesAt(Number.POSITIVE_INFINITY).filter(({ fact }) => fact.status === 'DELETE_FAILED');
  return new Set([...input.RetainResources, ...failed.map(({ fact }) => fact.logicalId)]);
};

/** @throws Refusal for a resource of the stack, or `Nested.Resource` of one under it, whose rollback did not fail */
const checkSkip = (stack: Stack, name: string, at: number): void => {
  const [first = '', inner] = name.split('.', 2);
  const fact = stack.resources.get(first)?.latest(at)?.fact;
  const meant = inner === undefined ? fact : fact?.version?.nested?.resources.get(inner)?.latest(at)?.fact;
  if (meant?.status === 'UPDATE_FAILED') return;
  throw invalid(`Resource [${name}] cannot be skipped: only resources whose rollback failed can be`);
};
