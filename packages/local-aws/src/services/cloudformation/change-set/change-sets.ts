import type { ApiCall, Document } from '../../../api-call.js';
import type { OperationHandlers } from '../../../service.js';
import { serviceError } from '../../../service-error.js';
import { type Deployments, resolveDisableRollback } from '../operation/deployments.js';
import type { Engine } from '../operation/engine.js';
import { checkName, type Inputs } from '../operation-inputs.js';
import { changeSetNotFound, paginate, stackNotFound, validationError } from '../responses.js';
import { describeParameters } from '../stack/describe-stack.js';
import { checkChangeSet, checkUpdate } from '../stack/preconditions.js';
import type { Stack } from '../stack/stack.js';
import type { ResolvedTemplate } from '../template/resolved-template.js';
import { type ChangeSet, type ChangeSetSnapshot, getChangeSetSnapshot, summarizeChangeSet } from './change-set.js';
import { ChangeSetBuilder } from './change-set-builder.js';
import { describeChange } from './stack-comparison.js';

type CreateInput = Inputs['CreateChangeSet'];

/** A change set and all nested ones. */
const flattenNested = (changeSet: ChangeSet): readonly ChangeSet[] => [
  changeSet,
  ...[...changeSet.nested.values()].flatMap(flattenNested),
];

/** A change set and its state at the time of a call. */
interface ChangeSetView {
  readonly changeSet: ChangeSet;
  readonly snapshot: ChangeSetSnapshot;
}

const listViews = (sets: readonly ChangeSet[], at: number): readonly ChangeSetView[] =>
  sets.flatMap((changeSet) => {
    const snapshot = getChangeSetSnapshot(changeSet, at);
    return snapshot === undefined ? [] : [{ changeSet, snapshot }];
  });

/** Validates that a change set can be executed; returns whether rollback is disabled. @throws ServiceError */
const checkExecutable = (
  { changeSet, snapshot }: ChangeSetView,
  at: number,
  requested: boolean | undefined,
): boolean => {
  const { stack, input } = changeSet;
  const current = stack.getSnapshot(at) ?? stack.getFinalSnapshot();
  const isReview = current.status === 'REVIEW_IN_PROGRESS';
  const isBusy = current.status.endsWith('_IN_PROGRESS') && !isReview;
  if (isBusy || snapshot.execution !== 'AVAILABLE') {
    const status = isBusy
      ? current.status
      : snapshot.status === 'CREATE_COMPLETE'
        ? snapshot.execution
        : snapshot.status;
    throw serviceError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${status}]`,
    );
  }
  const { OnStackFailure: onFailure, DeploymentConfig: config } = input;
  if (onFailure !== undefined && requested !== undefined) {
    throw validationError('DisableRollback cannot be specified for a change set that was created with OnStackFailure');
  }
  const disableRollback = resolveDisableRollback(requested, config, onFailure);
  if (!isReview) checkUpdate({ stack, snapshot: current }, { disableRollback, mode: config?.Mode });
  return disableRollback;
};

/** Operations on the change sets of all stacks. */
export class ChangeSets {
  private readonly changeSets: ChangeSet[] = [];
  private readonly builder: ChangeSetBuilder;

  constructor(
    private readonly engine: Engine,
    private readonly deployments: Deployments,
  ) {
    this.builder = new ChangeSetBuilder(engine, deployments);
  }

  async create(call: ApiCall, input: CreateInput): Promise<Document> {
    checkName(input.ChangeSetName, 'changeSetName');
    const { store } = this.engine;
    const existingStack = this.findTargetStack(call, input);
    const stack = existingStack ?? store.createDetached(store.getScope(call), input.StackName);
    const prepared = await this.deployments.prepare(call, input, stack, true);
    // Another call may have changed the stack while templates were loaded from S3.
    if (this.findTargetStack(call, input) !== existingStack)
      throw validationError(`Stack [${input.StackName}] already exists`);
    if (input.ImportExistingResources) this.checkImports(stack, prepared.deployed.resolvedTemplate, call.at);
    if (existingStack === undefined)
      this.builder.startReview(store.register(stack), prepared, call.at, input.ClientToken);
    const changeSet = this.builder.build(input, stack, prepared, call);
    this.changeSets.push(...flattenNested(changeSet));
    return { Id: changeSet.id, StackId: stack.identity.id };
  }

  /** @throws ServiceError if a new resource has the name of one that a stack has left behind: AWS would import it */
  private checkImports(stack: Stack, resolvedTemplate: ResolvedTemplate, at: number): void {
    const { store, operationContext } = this.engine;
    const { account, region } = stack.identity;
    for (const resource of resolvedTemplate.resources.values()) {
      const { name: property = '' } = operationContext.resourceAttributes.getTypeSpec(resource.type);
      const name = resolvedTemplate.evaluateProperties(resource, () => 'pending')[property];
      const isNew = name !== undefined && !stack.resources.has(resource.logicalId);
      const provisioned = isNew ? store.listResourcesOfType(resource.type, at) : [];
      const ownRegion = provisioned.filter((each) => each.account === account && each.region === region);
      if (ownRegion.some(({ properties }) => properties[property] === name))
        throw validationError(`Local AWS does not support the import of ${resource.logicalId} (${String(name)})`);
    }
  }

  readonly readHandlers: OperationHandlers = {
    DescribeChangeSet: (call) => {
      const { changeSet, snapshot } = this.getView(call);
      const { deployed } = changeSet.deployment;
      const changes = snapshot.status === 'CREATE_COMPLETE' ? changeSet.changes : [];
      const options = {
        template: deployed.resolvedTemplate.template,
        nestedChangeSets: changeSet.nested,
        resourceAttributes: this.engine.operationContext.resourceAttributes,
        includeValues: call.input['IncludePropertyValues'] === true,
      };
      const rows = changes.map((change) => describeChange(change, options));
      return paginate(call, 'Changes', rows, {
        ...summarizeChangeSet(changeSet, snapshot),
        Parameters: describeParameters(deployed),
        NotificationARNs: deployed.notificationArns,
        RollbackConfiguration: deployed.rollbackConfiguration,
        Capabilities: deployed.capabilities,
        Tags: deployed.tags,
        DeploymentConfig: changeSet.input.DeploymentConfig,
        OnStackFailure: changeSet.input.OnStackFailure,
      });
    },
    ListChangeSets: (call) => {
      const views = this.listLive(this.engine.store.getStack(call).stack, call.at);
      const rows = views.map(({ changeSet, snapshot }) => summarizeChangeSet(changeSet, snapshot));
      return paginate(call, 'Summaries', rows);
    },
  };

  /** Deleting a change set that does not exist succeeds (docs/aws-facts.md §1.5). */
  delete(call: ApiCall): Document {
    const view = this.findView(call);
    if (view === undefined) return {};
    const { changeSet, snapshot } = view;
    if (snapshot.execution === 'EXECUTE_IN_PROGRESS' || snapshot.status === 'CREATE_IN_PROGRESS') {
      throw serviceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be deleted in its current status`,
      );
    }
    this.dropChangeSet(changeSet, call.at);
    return {};
  }

  execute(call: ApiCall, input: Inputs['ExecuteChangeSet']): Document {
    const view = this.getView(call);
    const { changeSet } = view;
    const { stack, deployment } = changeSet;
    const settings = {
      ...deployment.settings,
      disableRollback: checkExecutable(view, call.at, input.DisableRollback),
      onFailure: changeSet.input.OnStackFailure ?? stack.getFinalSnapshot().onFailure,
      changeSetId: changeSet.id,
      retainExceptOnCreate: input.RetainExceptOnCreate,
    };
    const operation = { ...deployment.operation, token: input.ClientRequestToken };
    for (const other of this.listLive(stack, call.at))
      if (other.changeSet !== changeSet) this.dropChangeSet(other.changeSet, call.at);
    this.engine.deploy({ ...deployment, operation, settings }, call.at);
    this.startExecution(changeSet, call.at);
    return {};
  }

  /** The change set that a call names. @throws ServiceError */
  getView(call: ApiCall): ChangeSetView {
    const view = this.findView(call);
    if (view === undefined) throw changeSetNotFound(String(call.input['ChangeSetName']));
    return view;
  }

  /** The stack of a change set by its ARN, even if the change set is deleted. */
  findStack(arn: string): Stack | undefined {
    return this.changeSets.find(({ id }) => id === arn)?.stack;
  }

  private findView(call: ApiCall): ChangeSetView | undefined {
    const { ChangeSetName: name, StackName: stackName } = call.input;
    const byArn = this.changeSets.filter(({ id }) => id === name);
    if (String(name).startsWith('arn:')) return listViews(byArn, call.at)[0];
    if (typeof stackName !== 'string') {
      throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    }
    return this.listLive(this.engine.store.getStack(call).stack, call.at).find(
      ({ changeSet }) => changeSet.name === name,
    );
  }

  /** Change sets that can be found by name: neither deleted nor executed. */
  private listLive(stack: Stack, at: number): readonly ChangeSetView[] {
    const ownSets = this.changeSets.filter((changeSet) => changeSet.stack === stack);
    return listViews(ownSets, at).filter(({ snapshot }) => !snapshot.execution.startsWith('EXECUTE'));
  }

  /**
   * The existing stack of a new change set; undefined if the stack is new. @throws ServiceError if the change set's
   * type does not match the stack's state
   */
  private findTargetStack(
    call: ApiCall,
    { StackName: name, ChangeSetName, ChangeSetType: type, OnStackFailure }: CreateInput,
  ) {
    const found = this.engine.store.find(call, name);
    if (found === undefined || found.snapshot.status === 'DELETE_COMPLETE') {
      if (type === 'UPDATE' || name.startsWith('arn:')) throw stackNotFound(name);
      checkName(name, 'stackName');
      return undefined;
    }
    if (type === 'UPDATE') checkChangeSet(found);
    else if (found.snapshot.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${name}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
      );
    }
    if (OnStackFailure === 'DELETE' && type !== 'CREATE') {
      throw validationError('OnStackFailure DELETE can only be specified for change sets of type CREATE');
    }
    const { stack } = found;
    if (this.listLive(stack, call.at).some((other) => other.changeSet.name === ChangeSetName)) {
      throw serviceError('AlreadyExistsException', `ChangeSet [${ChangeSetName}] already exists`);
    }
    return stack;
  }

  private startExecution(changeSet: ChangeSet, at: number): void {
    changeSet.snapshots.plan(at, { status: 'CREATE_COMPLETE', execution: 'EXECUTE_IN_PROGRESS' });
    for (const nested of changeSet.nested.values()) this.startExecution(nested, at);
  }

  /** Deletes a change set, its nested ones, and nested stacks that are still in REVIEW_IN_PROGRESS. */
  private dropChangeSet(changeSet: ChangeSet, at: number): void {
    changeSet.snapshots.plan(at, { status: 'DELETE_COMPLETE', execution: 'UNAVAILABLE' });
    for (const nested of changeSet.nested.values()) {
      this.dropChangeSet(nested, at);
      const snapshot = nested.stack.getFinalSnapshot();
      if (snapshot.status === 'REVIEW_IN_PROGRESS')
        nested.stack.snapshots.plan(at, { ...snapshot, status: 'DELETE_COMPLETE', deletedAt: at });
    }
  }
}
