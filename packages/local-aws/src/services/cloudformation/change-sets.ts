import { type Call, output, type Reply } from '../../call.js';
import { describeChange } from './change.js';
import { type ChangeSet, changeSetAt, summariseChangeSet } from './change-set.js';
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
    const set = this.find(call);
    const fact = changeSetAt(set, call.at);
    if (fact === undefined) throw noChangeSet(set.name);
    const { deployed } = set.order;
    const { template } = deployed.blueprint;
    const shown = fact.status.startsWith('CREATE_COMPLETE') || fact.execution.startsWith('EXECUTE') ? set.changes : [];
    const changes = shown.map((change) =>
      describeChange(change, {
        shapes: this.engine.world.shapes,
        isParameter: (name) => template.parameters.has(name),
        values: call.input['IncludePropertyValues'] === true,
        nestedId: set.nested.get(change.logicalId)?.id,
      }),
    );
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
    const set = this.#search(call);
    const fact = set && changeSetAt(set, call.at);
    if (set === undefined || fact === undefined) return output({});
    if (fact.execution === 'EXECUTE_IN_PROGRESS' || fact.status === 'CREATE_IN_PROGRESS') {
      throw refusal('InvalidChangeSetStatus', `ChangeSet [${set.id}] cannot be deleted in its current status`);
    }
    this.#drop(set, call.at);
    return output({});
  }

  execute(call: Call, input: Inputs['ExecuteChangeSet']): Reply {
    const set = this.find(call);
    const { stack, order } = set;
    const terms = {
      ...order.terms,
      disableRollback: this.#executable(set, call.at, input.DisableRollback),
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
  find(call: Call): ChangeSet {
    const set = this.#search(call);
    if (set === undefined) throw noChangeSet(String(call.input['ChangeSetName']));
    return set;
  }

  /** The stack of a change set's ARN, whether it still lives or not. */
  stackOf(arn: string): Stack | undefined {
    return this.#all.find(({ id }) => id === arn)?.stack;
  }

  #search(call: Call): ChangeSet | undefined {
    const name = String(call.input['ChangeSetName']);
    if (name.startsWith('arn:'))
      return this.#all.find((set) => set.id === name && changeSetAt(set, call.at) !== undefined);
    const stackName = call.input['StackName'];
    if (typeof stackName !== 'string') {
      throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    return this.#live(this.engine.store.named(call).stack, call.at).find(({ set }) => set.name === name)?.set;
  }

  /** Those that a name still means: neither deleted nor executed. */
  #live(stack: Stack, at: number) {
    return this.#all.flatMap((set) => {
      const fact = set.stack === stack ? changeSetAt(set, at) : undefined;
      return fact === undefined || fact.execution.startsWith('EXECUTE') ? [] : [{ set, fact }];
    });
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

  /** Whether it may be executed now, and whether failures then stay as they are. @throws Refusal */
  #executable(set: ChangeSet, at: number, given: boolean | undefined): boolean {
    const fact = changeSetAt(set, at);
    const stack = set.stack.at(at);
    if (fact === undefined || stack === undefined) throw noChangeSet(set.name);
    const status = fact.status === 'CREATE_COMPLETE' ? fact.execution : fact.status;
    const isBusy = stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
    if (fact.status !== 'CREATE_COMPLETE' || fact.execution !== 'AVAILABLE' || isBusy) {
      const current = isBusy ? stack.status : status;
      throw refusal(
        'InvalidChangeSetStatus',
        `ChangeSet [${set.id}] cannot be executed in its current status of [${current}]`,
      );
    }
    const { OnStackFailure: onFailure, DeploymentConfig: config } = set.input;
    if (onFailure !== undefined && given !== undefined) {
      throw invalid('DisableRollback cannot be specified for a change set that was created with OnStackFailure');
    }
    const disableRollback = isPreserving(given, config, onFailure);
    if (stack.status !== 'REVIEW_IN_PROGRESS')
      checkUpdate({ stack: set.stack, fact: stack }, { disableRollback, mode: config?.Mode });
    return disableRollback;
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
