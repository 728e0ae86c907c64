import type { ApiCall, Document } from '../../../api-call.js';
import type { OperationHandlers, ServiceContext } from '../../../service.js';
import { serviceError } from '../../../service-error.js';
import type { Engine } from '../operation/engine.js';
import { parseInput } from '../operation-inputs.js';
import { paginate, validationError } from '../responses.js';
import type { CloudFormationScenario } from '../scenario.js';
import { describeInstance, describeOperation, describeResult, describeStackSet } from './describe-stack-set.js';
import { getOperationEnd, getOperationStatus, type Instance, type Operation, StackSet } from './stack-set.js';
import { type OverrideParameter, type StackSetInputs, stackSetSchemas } from './stack-set-inputs.js';
import { type Cell, getCellKey, scheduleCells } from './stack-set-schedule.js';
import {
  checkOverrides,
  createFields,
  instanceNotFound,
  listTargets,
  resolveParameters,
  type SetInput,
  type StartRequest,
} from './stack-set-targets.js';

const ACTIVE_STATUSES = ['QUEUED', 'RUNNING', 'STOPPING'];

/** Stack sets of all accounts. Operations change instances, not stacks: the scenario decides how they end. */
export class StackSets {
  private readonly sets: StackSet[] = [];

  constructor(
    private readonly context: ServiceContext<CloudFormationScenario>,
    private readonly engine: Engine,
  ) {}

  readonly handlers: OperationHandlers = {
    CreateStackSet: (call) => this.create(call, parseInput(stackSetSchemas.CreateStackSet, call)),
    UpdateStackSet: (call) => this.update(call, parseInput(stackSetSchemas.UpdateStackSet, call)),
    DeleteStackSet: (call) => this.delete(call),
    DescribeStackSet: (call) => ({ StackSet: describeStackSet(this.get(call), call.at) }),
    CreateStackInstances: (call) => this.createInstances(call, parseInput(stackSetSchemas.CreateStackInstances, call)),
    UpdateStackInstances: (call) => this.updateInstances(call, parseInput(stackSetSchemas.UpdateStackInstances, call)),
    DeleteStackInstances: (call) => this.deleteInstances(call, parseInput(stackSetSchemas.DeleteStackInstances, call)),
    DetectStackSetDrift: (call) => this.detectDrift(call, parseInput(stackSetSchemas.DetectStackSetDrift, call)),
    StopStackSetOperation: (call) => this.stop(call),
    ListStackInstances: (call) => this.listInstances(call, parseInput(stackSetSchemas.ListStackInstances, call)),
    DescribeStackInstance: (call) => {
      const { StackInstanceAccount: account, StackInstanceRegion: region } = call.input;
      const instance = this.get(call).findInstance(String(account), String(region), call.at);
      if (instance === undefined) throw instanceNotFound(`${String(account)}/${String(region)}`);
      return { StackInstance: this.describeInstance(call, instance) };
    },
    DescribeStackSetOperation: (call) => {
      const operation = this.get(call).getOperation(call.input['OperationId']);
      return { StackSetOperation: describeOperation(operation, call.at) };
    },
    ListStackSetOperations: (call) => {
      const operations = this.get(call).operations.map((operation) => describeOperation(operation, call.at));
      return paginate(call, 'Summaries', operations.reverse());
    },
    ListStackSetOperationResults: (call) => {
      const { cells } = this.get(call).getOperation(call.input['OperationId']);
      return paginate(
        call,
        'Summaries',
        cells.map((cell) => describeResult(cell, call.at)),
      );
    },
    ListStackSetAutoDeploymentTargets: (call) => {
      const rows = [...this.get(call).unitTargets].map(([OrganizationalUnitId, regions]) => ({
        OrganizationalUnitId,
        Regions: [...regions],
      }));
      return paginate(call, 'Summaries', rows);
    },
  };

  private find(call: ApiCall, nameOrId: string): StackSet | undefined {
    const { account, region, partition } = this.engine.store.getScope(call);
    const prefix = `arn:${partition}:cloudformation:${region}:${account}:stackset/`;
    return this.sets.find(
      ({ name, id, arn, deletedAt }) =>
        arn.startsWith(prefix) && [name, id, arn].includes(nameOrId) && call.at < deletedAt,
    );
  }

  /** @throws ServiceError */
  private get(call: ApiCall): StackSet {
    const name = String(call.input['StackSetName']);
    const stackSet = this.find(call, name);
    if (stackSet !== undefined) return stackSet;
    throw serviceError('StackSetNotFoundException', `StackSet ${name} not found`, 404);
  }

  private loadTemplate(call: ApiCall, input: SetInput, previous?: StackSet): Promise<string> {
    return this.engine.templateSource.load(call, input, previous?.fields.template);
  }

  private async create(call: ApiCall, input: StackSetInputs['CreateStackSet']): Promise<Document> {
    const existing = this.find(call, input.StackSetName);
    if (existing !== undefined && existing.token !== undefined && existing.token === input.ClientRequestToken)
      return { StackSetId: existing.id };
    if (existing !== undefined)
      throw serviceError('NameAlreadyExistsException', `StackSet ${input.StackSetName} already exists`, 409);
    const id = `${input.StackSetName}:${this.context.random.uuid()}`;
    const { account, region, partition } = this.engine.store.getScope(call);
    const arn = `arn:${partition}:cloudformation:${region}:${account}:stackset/${id}`;
    const fields = createFields(await this.loadTemplate(call, input), input);
    this.sets.push(new StackSet(input.StackSetName, id, arn, input.ClientRequestToken, fields));
    return { StackSetId: id };
  }

  private async update(call: ApiCall, input: StackSetInputs['UpdateStackSet']): Promise<Document> {
    const stackSet = this.get(call);
    const hasTargets = input.Accounts !== undefined || input.DeploymentTargets !== undefined;
    if (input.AutoDeployment !== undefined && (hasTargets || input.Regions !== undefined))
      throw validationError('AutoDeployment cannot be specified with DeploymentTargets or Regions');
    const fields = createFields(await this.loadTemplate(call, input, stackSet), input, stackSet.fields);
    const all = stackSet.listInstances(call.at);
    const cells = hasTargets ? listTargets(stackSet, input, this.context.scenario.stackSets) : all;
    const response = this.start(stackSet, call, {
      action: 'UPDATE',
      cells: this.requireInstances(stackSet, call, cells),
      input,
    });
    const isChanged =
      fields.template !== stackSet.fields.template ||
      JSON.stringify([...fields.parameters]) !== JSON.stringify([...stackSet.fields.parameters]);
    stackSet.fields = fields;
    if (isChanged) for (const instance of all) instance.outdatedAt = call.at;
    return response;
  }

  private delete(call: ApiCall): Document {
    const stackSet = this.find(call, String(call.input['StackSetName']));
    if (stackSet === undefined) return {};
    if (stackSet.listInstances(call.at).length > 0)
      throw serviceError('StackSetNotEmptyException', 'StackSet is not empty', 409);
    this.checkIdle(stackSet, call.at);
    stackSet.deletedAt = call.at;
    return {};
  }

  private createInstances(call: ApiCall, input: StackSetInputs['CreateStackInstances']): Document {
    const stackSet = this.get(call);
    if (input.DeploymentTargets?.AccountFilterType === 'UNION')
      throw validationError('AccountFilterType UNION is not supported for CreateStackInstances');
    const cells = listTargets(stackSet, input, this.context.scenario.stackSets);
    checkOverrides(stackSet, input.ParameterOverrides);
    const response = this.start(stackSet, call, { action: 'CREATE', cells, input });
    for (const unit of input.DeploymentTargets?.OrganizationalUnitIds ?? []) {
      const regions = stackSet.unitTargets.get(unit) ?? new Set();
      stackSet.unitTargets.set(unit, new Set([...regions, ...(input.Regions ?? [])]));
    }
    return response;
  }

  private updateInstances(call: ApiCall, input: StackSetInputs['UpdateStackInstances']): Document {
    const stackSet = this.get(call);
    checkOverrides(stackSet, input.ParameterOverrides);
    const cells = this.requireInstances(stackSet, call, listTargets(stackSet, input, this.context.scenario.stackSets));
    return this.start(stackSet, call, { action: 'UPDATE', cells, input });
  }

  private deleteInstances(call: ApiCall, input: StackSetInputs['DeleteStackInstances']): Document {
    const stackSet = this.get(call);
    const cells = this.requireInstances(stackSet, call, listTargets(stackSet, input, this.context.scenario.stackSets));
    const response = this.start(stackSet, call, { action: 'DELETE', cells, input });
    const { OrganizationalUnitIds: units = [], Accounts } = input.DeploymentTargets ?? {};
    for (const unit of Accounts === undefined ? units : [])
      for (const region of input.Regions ?? []) stackSet.unitTargets.get(unit)?.delete(region);
    return response;
  }

  private detectDrift(call: ApiCall, input: StackSetInputs['DetectStackSetDrift']): Document {
    const stackSet = this.get(call);
    return this.start(stackSet, call, { action: 'DETECT_DRIFT', cells: stackSet.listInstances(call.at), input });
  }

  /** Cells that have begun continue to their end. */
  private stop(call: ApiCall): Document {
    const operation = this.get(call).getOperation(call.input['OperationId']);
    if (!ACTIVE_STATUSES.includes(getOperationStatus(operation, call.at)))
      throw serviceError('InvalidOperationException', `Operation ${operation.id} is not in progress`);
    for (const cell of operation.cells)
      if (cell.begin > call.at) Object.assign(cell, { begin: call.at, end: call.at, outcome: 'CANCELLED' });
    operation.finalStatus = 'STOPPED';
    return {};
  }

  private listInstances(call: ApiCall, input: StackSetInputs['ListStackInstances']): Document {
    const { StackInstanceAccount: account, StackInstanceRegion: region } = input;
    const rows = this.get(call)
      .listInstances(call.at)
      .filter((row) => (account ?? row.account) === row.account && (region ?? row.region) === row.region)
      .map((instance) => {
        const { ParameterOverrides, ...summary } = this.describeInstance(call, instance);
        return summary;
      });
    return paginate(call, 'Summaries', rows);
  }

  private describeInstance(call: ApiCall, instance: Instance): Document {
    const { id } = this.get(call);
    return describeInstance(instance, { stackSetId: id, scenario: this.context.scenario.stackSets, at: call.at });
  }

  /** @throws ServiceError if none of the targets has an instance; targets of organizational units without one are skipped */
  private requireInstances<C extends Pick<Cell, 'account' | 'region'>>(
    stackSet: StackSet,
    { at }: ApiCall,
    cells: readonly C[],
  ): readonly C[] {
    const found = cells.filter(({ account, region }) => stackSet.findInstance(account, region, at) !== undefined);
    const isStrict = stackSet.fields.permissionModel === 'SELF_MANAGED';
    const missing = cells.find((cell) => !found.includes(cell));
    if (missing !== undefined && (isStrict || found.length === 0)) throw instanceNotFound(getCellKey(missing));
    return found;
  }

  private checkIdle({ operations }: StackSet, at: number): void {
    const running = operations.find((operation) => ACTIVE_STATUSES.includes(getOperationStatus(operation, at)));
    if (running !== undefined)
      throw serviceError(
        'OperationInProgressException',
        `Another Operation on StackSet is in progress: ${running.id}`,
        409,
      );
  }

  private start(stackSet: StackSet, call: ApiCall, request: StartRequest): Document {
    const { action, input } = request;
    const { operations } = stackSet;
    const id = input.OperationId ?? this.context.random.uuid();
    if (operations.some((operation) => operation.id === id))
      throw serviceError('OperationIdAlreadyExistsException', `Operation ${id} already exists`, 409);
    if (!stackSet.fields.managedExecution) this.checkIdle(stackSet, call.at);
    const startAt = Math.max(call.at, ...operations.map(getOperationEnd));
    const cells = request.cells.map(({ account, region, organizationalUnit }) => ({
      ...{ account, region, organizationalUnit, begin: startAt, end: startAt },
      ...{ outcome: 'SUCCEEDED' as const, reason: undefined, gate: 'SKIPPED' as const },
    }));
    const { stackSets: scenario } = this.context.scenario;
    const { attempts } = stackSet;
    const preferences = input.OperationPreferences;
    const finalStatus = scheduleCells(cells, { action, startAt, preferences, scenario, attempts });
    const operation = { id, action, createdAt: call.at, startAt, cells, input: { ...call.input }, finalStatus };
    operations.push(operation);
    for (const cell of cells)
      this.recordCell(stackSet, operation, { cell, at: call.at, overrides: input.ParameterOverrides });
    return { OperationId: id };
  }

  private recordCell(
    stackSet: StackSet,
    operation: Operation,
    {
      cell,
      at,
      overrides,
    }: { readonly cell: Cell; readonly at: number; readonly overrides: readonly OverrideParameter[] | undefined },
  ): void {
    const instance = stackSet.findInstance(cell.account, cell.region, at) ?? this.createInstance(stackSet, cell);
    stackSet.instances.set(getCellKey(cell), instance);
    instance.history.push({ operation, cell });
    if (overrides === undefined) return;
    const previous = new Map(instance.overrides.map((item) => [item.ParameterKey, item.ParameterValue ?? '']));
    const resolved = resolveParameters(overrides, previous);
    instance.overrides = [...resolved].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  }

  /** Its stack is the one that exists in the account under the name of the set, for tests that read its events. */
  private createInstance({ name }: StackSet, { account, region, organizationalUnit }: Cell): Instance {
    const { partition } = this.context;
    const scope = { partition, account, region, at: Number.POSITIVE_INFINITY };
    const stack = this.engine.store
      .listLive(scope)
      .find(({ stack: { identity } }) => identity.name === `StackSet-${name}`);
    const path = `stack/StackSet-${name}-${this.context.random.uuid()}/${this.context.random.uuid()}`;
    const stackId = stack?.stack.identity.id ?? `arn:${partition}:cloudformation:${region}:${account}:${path}`;
    return { account, region, organizationalUnit, stackId, overrides: [], history: [], outdatedAt: undefined };
  }
}
