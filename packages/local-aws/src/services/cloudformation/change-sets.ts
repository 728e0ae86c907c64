import { type Call, output, type Reply } from '../../call.js';
import { describeChange } from './change.js';
import { type ChangeSet, changeSetAt, summariseChangeSet } from './change-set.js';
import { type Deployments, isPreserving } from './deployment.js';
import { describeParameters } from './description.js';
import { Drafts } from './draft.js';
import type { Engine } from './engine.js';
import { checkChangeSet, checkUpdate } from './legality.js';
import { page } from './page.js';
import { invalid, noChangeSet, noStack, refusal } from './refusal.js';
import { checkName, type Inputs, inputs, read } from './request.js';
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

  async create(call: Call): Promise<Reply> {
    const input = read(inputs.CreateChangeSet, call);
    checkName(input.ChangeSetName, 'changeSetName');
    return this.engine.store.once(call, input.ClientToken, async () => {
      const { store } = this.engine;
      const home = store.home(call);
      const find = () => this.#admit(call, input, store.find(home, input.StackName, call.at));
      const known = find();
      const stack = known ?? store.detached(home, input.StackName, call.at);
      const prepared = await this.deployments.prepare(call, input, stack, true);
      // Another call may have come in between, while templates were read from S3.
      if (find() !== known) throw invalid(`Stack [${input.StackName}] already exists`);
      if (known === undefined) this.#drafts.review(store.register(stack), prepared, call.at, input.ClientToken);
      const set = this.#drafts.draft(input, stack, prepared, call);
      this.#all.push(...family(set));
      return output({ Id: set.id, StackId: stack.identity.id });
    });
  }

  describe(call: Call): Reply {
    const set = this.find(call);
    const fact = changeSetAt(set, call.at);
    if (fact === undefined) throw noChangeSet(set.name);
    const { deployed } = set.order.patch;
    const { template } = set.order.goal.blueprint;
    const shown = fact.status.startsWith('CREATE_COMPLETE') || fact.execution.startsWith('EXECUTE') ? set.changes : [];
    const changes = shown.map((change) =>
      describeChange(change, {
        shapes: this.engine.world.shapes,
        isParameter: (name) => template.parameters.has(name),
        values: call.input['IncludePropertyValues'] === true,
        nestedId: set.nested.get(change.logicalId)?.id,
      }),
    );
    const { items, token } = page(changes, call, 100);
    return output({
      ...summariseChangeSet(set, fact),
      Parameters: describeParameters(deployed),
      NotificationARNs: deployed.notificationArns,
      RollbackConfiguration: deployed.rollbackConfiguration,
      Capabilities: deployed.capabilities,
      Tags: deployed.tags,
      DeploymentConfig: set.input.DeploymentConfig,
      OnStackFailure: set.input.OnStackFailure,
      Changes: items,
      NextToken: token,
    });
  }

  list(call: Call): Reply {
    const name = String(call.input['StackName']);
    const { store } = this.engine;
    const stack = store.find(store.home(call), name, call.at);
    if (stack === undefined) throw noStack(name);
    const rows = this.#live(stack, call.at).map(({ set, fact }) => summariseChangeSet(set, fact));
    const { items, token } = page(rows, call, 100);
    return output({ Summaries: items, NextToken: token });
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

  async execute(call: Call): Promise<Reply> {
    const input = read(inputs.ExecuteChangeSet, call);
    return this.engine.store.once(call, input.ClientRequestToken, () => {
      const set = this.find(call);
      const { stack } = set;
      const disableRollback = this.#executable(set, call.at, input.DisableRollback);
      const { order } = set;
      const { OnStackFailure: onFailure } = set.input;
      const patch = {
        ...order.patch,
        disableRollback,
        onFailure: onFailure ?? stack.final().onFailure,
        changeSetId: set.id,
        retainExceptOnCreate: input.RetainExceptOnCreate,
      };
      const goal = { ...order.goal, preserve: disableRollback };
      const operation = { ...order.operation, token: input.ClientRequestToken };
      for (const other of this.#live(stack, call.at)) if (other.set !== set) this.#drop(other.set, call.at);
      this.engine.deploy({ ...order, goal, operation, patch }, call.at);
      this.#begin(set, call.at);
      return output({});
    });
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
    const { store } = this.engine;
    const stack = store.find(store.home(call), stackName, call.at);
    if (stack === undefined) throw noStack(stackName);
    return this.#live(stack, call.at).find(({ set }) => set.name === name)?.set;
  }

  /** Those that a name still means: neither deleted nor executed. */
  #live(stack: Stack, at: number) {
    return this.#all.flatMap((set) => {
      const fact = set.stack === stack ? changeSetAt(set, at) : undefined;
      return fact === undefined || fact.execution.startsWith('EXECUTE') ? [] : [{ set, fact }];
    });
  }

  /** The stack a change set is for, if there is one already. @throws Refusal where its type does not fit the stack */
  #admit(call: Call, input: CreateInput, stack: Stack | undefined): Stack | undefined {
    const { StackName: name, ChangeSetName: set, ChangeSetType: type } = input;
    const fact = stack?.at(call.at);
    if (stack === undefined || fact === undefined || fact.status === 'DELETE_COMPLETE') {
      if (type === 'UPDATE' || name.startsWith('arn:')) throw noStack(name);
      checkName(name, 'stackName');
      return undefined;
    }
    const isReview = fact.status === 'REVIEW_IN_PROGRESS';
    if (type === 'CREATE' && !isReview) {
      throw invalid(`Stack [${name}] already exists and cannot be created again with the changeSet [${set}].`);
    }
    if (type !== 'CREATE') checkChangeSet(stack, fact);
    if (input.OnStackFailure === 'DELETE' && type !== 'CREATE') {
      throw invalid('OnStackFailure DELETE can only be specified for change sets of type CREATE');
    }
    if (this.#live(stack, call.at).some((other) => other.set.name === set)) {
      throw refusal('AlreadyExistsException', `ChangeSet [${set}] already exists`);
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
      checkUpdate(set.stack, stack, { disableRollback, mode: config?.Mode ?? 'STANDARD' });
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
