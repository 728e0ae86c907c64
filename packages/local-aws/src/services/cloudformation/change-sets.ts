import { type Call, output, type Reply } from '../../call.js';
import { describeChange } from './change.js';
import { type ChangeSet, type ChangeSetFact, changeSetAt, summariseChangeSet } from './change-set.js';
import { type Deployments, isPreserving } from './deployment.js';
import { describeParameters } from './description.js';
import { Drafts } from './draft.js';
import type { Engine } from './engine.js';
import { checkChangeSet, checkUpdate } from './legality.js';
import { paged } from './page.js';
import { invalid, noChangeSet, noStack, refusal } from './refusal.js';
import { checkName, type Inputs } from './request.js';
import type { Stack } from './stack.js';

type CreateInput = Inputs['CreateChangeSet'];

/** A change set with those of its nested stacks. */
const family = (set: ChangeSet): readonly ChangeSet[] => [set, ...[...set.nested.values()].flatMap(family)];

/** A change set as it is at the moment of a call. */
interface Seen {
  readonly set: ChangeSet;
  readonly fact: ChangeSetFact;
}

const seenOf = (sets: readonly ChangeSet[], at: number): readonly Seen[] =>
  sets.flatMap((set) => {
    const fact = changeSetAt(set, at);
    return fact === undefined ? [] : [{ set, fact }];
  });

/** Whether it may be executed now, and whether failures then stay as they are. @throws Refusal */
const executable = ({ set, fact }: Seen, at: number, given: boolean | undefined): boolean => {
  const { stack, input } = set;
  const current = stack.at(at) ?? stack.final();
  const isReview = current.status === 'REVIEW_IN_PROGRESS';
  const isBusy = current.status.endsWith('_IN_PROGRESS') && !isReview;
  if (isBusy || fact.execution !== 'AVAILABLE') {
    const status = isBusy ? current.status : fact.status === 'CREATE_COMPLETE' ? fact.execution : fact.status;
    throw refusal(
      'InvalidChangeSetStatus',
      `ChangeSet [${set.id}] cannot be executed in its current status of [${status}]`,
    );
  }
  const { OnStackFailure: onFailure, DeploymentConfig: config } = input;
  if (onFailure !== undefined && given !== undefined) {
    throw invalid('DisableRollback cannot be specified for a change set that was created with OnStackFailure');
  }
  const disableRollback = isPreserving(given, config, onFailure);
  if (!isReview) checkUpdate({ stack, fact: current }, { disableRollback, mode: config?.Mode });
  return disableRollback;
};

/** Change sets of all stacks: made, shown, executed, deleted. */
export class ChangeSets {
  readonly #all: ChangeSet[] = [];
  readonly #drafts: Drafts;

  constructor(
    private readonly engine: Engine,
    private readonly deployments: Deployments,
  ) {
    this.#drafts = new Drafts(engine, deployments);
  }

  async create(call: Call, input: CreateInput): Promise<Reply> {
    checkName(input.ChangeSetName, 'changeSetName');
    const { store } = this.engine;
    const known = this.#admit(call, input);
    const stack = known ?? store.detached(store.home(call), input.StackName);
    const prepared = await this.deployments.prepare(call, input, stack, true);
    // Another call may have come in between, while templates were read from S3.
    if (this.#admit(call, input) !== known) throw invalid(`Stack [${input.StackName}] already exists`);
    if (known === undefined) this.#drafts.review(store.register(stack), prepared, call.at, input.ClientToken);
    const set = this.#drafts.draft(input, stack, prepared, call);
    this.#all.push(...family(set));
    return output({ Id: set.id, StackId: stack.identity.id });
  }

  describe(call: Call): Reply {
    const { set, fact } = this.find(call);
    const { deployed } = set.order;
    const shown = fact.status === 'CREATE_COMPLETE' ? set.changes : [];
    const values = call.input['IncludePropertyValues'] === true;
    const changes = shown.map((change) => describeChange(change, { set, shapes: this.engine.world.shapes, values }));
    return paged(call, 'Changes', changes, {
      ...summariseChangeSet(set, fact),
      Parameters: describeParameters(deployed),
      NotificationARNs: deployed.notificationArns,
      RollbackConfiguration: deployed.rollbackConfiguration,
      Capabilities: deployed.capabilities,
      Tags: deployed.tags,
      DeploymentConfig: set.input.DeploymentConfig,
      OnStackFailure: set.input.OnStackFailure,
    });
  }

  list(call: Call): Reply {
    const { stack } = this.engine.store.named(call);
    const rows = this.#live(stack, call.at).map(({ set, fact }) => summariseChangeSet(set, fact));
    return paged(call, 'Summaries', rows);
  }

  /** Deleting what is gone already succeeds (aws-facts §1.5). */
  delete(call: Call): Reply {
    const seen = this.#search(call);
    if (seen === undefined) return output({});
    const { set, fact } = seen;
    if (fact.execution === 'EXECUTE_IN_PROGRESS' || fact.status === 'CREATE_IN_PROGRESS') {
      throw refusal('InvalidChangeSetStatus', `ChangeSet [${set.id}] cannot be deleted in its current status`);
    }
    this.#drop(set, call.at);
    return output({});
  }

  execute(call: Call, input: Inputs['ExecuteChangeSet']): Reply {
    const seen = this.find(call);
    const { set } = seen;
    const { stack, order } = set;
    const terms = {
      ...order.terms,
      disableRollback: executable(seen, call.at, input.DisableRollback),
      onFailure: set.input.OnStackFailure ?? stack.final().onFailure,
      changeSetId: set.id,
      retainExceptOnCreate: input.RetainExceptOnCreate,
    };
    const operation = { ...order.operation, token: input.ClientRequestToken };
    for (const other of this.#live(stack, call.at)) if (other.set !== set) this.#drop(other.set, call.at);
    this.engine.deploy({ ...order, operation, terms }, call.at);
    this.#begin(set, call.at);
    return output({});
  }

  /** The change set a call means. @throws Refusal */
  find(call: Call): Seen {
    const seen = this.#search(call);
    if (seen === undefined) throw noChangeSet(String(call.input['ChangeSetName']));
    return seen;
  }

  /** The stack of a change set's ARN, whether it still lives or not. */
  stackOf(arn: string): Stack | undefined {
    return this.#all.find(({ id }) => id === arn)?.stack;
  }

  #search(call: Call): Seen | undefined {
    const { ChangeSetName: name, StackName: stackName } = call.input;
    const byArn = this.#all.filter(({ id }) => id === name);
    if (String(name).startsWith('arn:')) return seenOf(byArn, call.at)[0];
    if (typeof stackName !== 'string') {
      throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    return this.#live(this.engine.store.named(call).stack, call.at).find(({ set }) => set.name === name);
  }

  /** Those that a name still means: neither deleted nor executed. */
  #live(stack: Stack, at: number): readonly Seen[] {
    const own = this.#all.filter((set) => set.stack === stack);
    return seenOf(own, at).filter(({ fact }) => !fact.execution.startsWith('EXECUTE'));
  }

  /** The stack a change set is for, if there is one already. @throws Refusal where its type does not fit the stack */
  #admit(call: Call, { StackName: name, ChangeSetName, ChangeSetType: type, OnStackFailure }: CreateInput) {
    const found = this.engine.store.find(call, name);
    if (found === undefined || found.fact.status === 'DELETE_COMPLETE') {
      if (type === 'UPDATE' || name.startsWith('arn:')) throw noStack(name);
      checkName(name, 'stackName');
      return undefined;
    }
    if (type === 'UPDATE') checkChangeSet(found);
    else if (found.fact.status !== 'REVIEW_IN_PROGRESS') {
      throw invalid(
        `Stack [${name}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
      );
    }
    if (OnStackFailure === 'DELETE' && type !== 'CREATE') {
      throw invalid('OnStackFailure DELETE can only be specified for change sets of type CREATE');
    }
    const { stack } = found;
    if (this.#live(stack, call.at).some((other) => other.set.name === ChangeSetName)) {
      throw refusal('AlreadyExistsException', `ChangeSet [${ChangeSetName}] already exists`);
    }
    return stack;
  }

  #begin(set: ChangeSet, at: number): void {
    set.facts.plan(at, { status: 'CREATE_COMPLETE', execution: 'EXECUTE_IN_PROGRESS' });
    for (const nested of set.nested.values()) this.#begin(nested, at);
  }

  /** A stack that was only put up for review by a nested change set goes with it. */
  #drop(set: ChangeSet, at: number): void {
    set.facts.plan(at, { status: 'DELETE_COMPLETE', execution: 'UNAVAILABLE' });
    for (const nested of set.nested.values()) {
      this.#drop(nested, at);
      const fact = nested.stack.final();
      if (fact.status === 'REVIEW_IN_PROGRESS')
        nested.stack.facts.plan(at, { ...fact, status: 'DELETE_COMPLETE', deletedAt: at });
    }
  }
}
