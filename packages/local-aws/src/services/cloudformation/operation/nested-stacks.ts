import { isMapping, isSame, type Mapping, toScalarString } from '@aws-delivery/template/value';
import { ServiceError } from '../../../service-error.js';
import { createInitialSnapshot, type DeployedStack, type OperationType, type Stack } from '../stack/stack.js';
import { type ParameterInput, resolveParameters } from '../template/parameters.js';
import { readTemplate } from '../template/template-source.js';
import { cancelOperation, discardPlan } from './cancel-operation.js';
import { completeDeployment, planDeletion, planDeployment, planRollback } from './operation-plan.js';
import {
  type DeploymentKind,
  describeFailures,
  type NestedStackOperations,
  type NestedTemplates,
  type OperationFactory,
  type OperationOutcome,
  type RollbackOptions,
  type StackOperation,
} from './stack-operation.js';

/** A child's template with the parameters its parent gives it. */
export type NestedStackInputs = Pick<DeployedStack, 'templateBody' | 'resolvedTemplate'>;

const parseParameters = ({ Parameters: parameters }: Mapping): readonly ParameterInput[] =>
  Object.entries(isMapping(parameters) ? parameters : {}).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: Array.isArray(value) ? value.join(',') : (toScalarString(value) ?? ''),
  }));

/** The stacks under a stack, as long as one operation of their root lasts. */
export class NestedStacks implements NestedStackOperations {
  private readonly operations = new Map<
    Stack,
    { readonly stackOperation: StackOperation; readonly kind: DeploymentKind }
  >();

  constructor(
    private readonly factory: OperationFactory,
    private readonly nestedTemplates: NestedTemplates,
  ) {}

  /** The stack a nested change set has made already, or a new one with no facts yet. */
  findOrCreateStack(parent: Stack, logicalId: string, at: number): Stack {
    const { store, operationContext } = this.factory;
    const name = `${parent.identity.name}-${logicalId}-`;
    const planned = store
      .listChildren(parent)
      .find(
        (child) => child.identity.name.startsWith(name) && child.getFinalSnapshot().status === 'REVIEW_IN_PROGRESS',
      );
    const scope = { ...parent.identity, at };
    return (
      planned ?? store.register(store.createDetached(scope, `${name}${operationContext.random.upper(12)}`, parent))
    );
  }

  /** What a stack is to become by its resource's properties; an error text where that cannot be read. */
  resolveInputs(stack: Stack, properties: Mapping): NestedStackInputs | string {
    const url = String(properties['TemplateURL']);
    const templateBody = this.nestedTemplates.get(url);
    if (templateBody === undefined) return `TemplateURL ${url} depends on resources, which local AWS does not follow`;
    try {
      const template = readTemplate(templateBody);
      const parameters = resolveParameters(template, parseParameters(properties), new Map());
      return { templateBody, resolvedTemplate: this.factory.resolveTemplate(stack, template, parameters, []) };
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
  }

  /** Whether the stack needs nothing to be as these properties want it. */
  isCurrent(stack: Stack, properties: Mapping): boolean {
    const { status, deployed } = stack.getFinalSnapshot();
    const inputs = this.resolveInputs(stack, properties);
    if (typeof inputs === 'string' || !status.endsWith('_COMPLETE')) return false;
    const [desired, current] = [inputs.resolvedTemplate, deployed.resolvedTemplate].map(({ parameters }) =>
      Object.fromEntries(parameters),
    );
    return inputs.templateBody === deployed.templateBody && isSame(desired, current);
  }

  /** Plans the stack behind a resource. */
  deploy(
    parent: StackOperation,
    stack: Stack,
    kind: DeploymentKind,
    properties: Mapping,
    startAt: number,
  ): OperationOutcome {
    const inputs = this.resolveInputs(stack, properties);
    if (typeof inputs === 'string') return { end: startAt, failures: [], cause: inputs };
    const stackOperation = this.createOperation(parent, stack, `${kind}_STACK`);
    this.operations.set(stack, { stackOperation, kind });
    this.startDeployment(stackOperation, kind, inputs, startAt);
    const outcome = planDeployment(stackOperation, startAt);
    const failure = describeFailures(outcome);
    const completeStatus = kind === 'CREATE' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    stackOperation.eventLog.logStackStatus(
      outcome.end,
      failure === undefined ? completeStatus : `${kind}_FAILED`,
      failure,
    );
    return outcome;
  }

  /** Stops what is under way in a stack. */
  cancelStack(stack: Stack, at: number): void {
    cancelOperation(this.factory, stack, at);
    const failed = stack.getFinalSnapshot().status.replace('_IN_PROGRESS', '_FAILED');
    this.factory.getRunningEventLog(stack).logStackStatus(at, failed, 'Resource update cancelled');
  }

  /** Forgets what a stack would have done after `at`. */
  discardPlan(stack: Stack, at: number): void {
    discardPlan(this.factory, stack, at);
  }

  /** Undoes what this operation did to a stack. */
  rollBack(parent: StackOperation, stack: Stack, startAt: number, options: RollbackOptions): OperationOutcome {
    if (stack.getFinalSnapshot().stable === undefined) return this.deleteStack(parent, stack, startAt);
    return planRollback(
      this.createOperation(parent, stack, 'ROLLBACK'),
      startAt,
      'Rollback requested by parent stack',
      options,
    );
  }

  /** Cleans up after a good end of the root. */
  completeStack(stack: Stack, startAt: number): number {
    const nestedOperation = this.operations.get(stack);
    return nestedOperation === undefined
      ? startAt
      : completeDeployment(nestedOperation.stackOperation, nestedOperation.kind, startAt);
  }

  deleteStack(parent: StackOperation, stack: Stack, startAt: number): OperationOutcome {
    return planDeletion(
      this.createOperation(parent, stack, 'DELETE_STACK'),
      startAt,
      'Delete requested by parent stack',
    );
  }

  private createOperation(parent: StackOperation, stack: Stack, type: OperationType): StackOperation {
    const operation = this.factory.createEntry(type, parent.eventLog.operation.token);
    return { ...parent, eventLog: this.factory.createEventLog(stack, operation) };
  }

  private startDeployment(
    { eventLog }: StackOperation,
    kind: DeploymentKind,
    inputs: NestedStackInputs,
    startAt: number,
  ): void {
    const { stack } = eventLog;
    const { deployed, disableRollback, mode, retainExceptOnCreate } = stack.root.getFinalSnapshot();
    const existing = stack.getSnapshot(Number.POSITIVE_INFINITY);
    if (existing === undefined)
      stack.snapshots.plan(startAt, createInitialSnapshot({ ...deployed, outputs: [], imports: [] }));
    const nestedDeployed = { ...stack.getFinalSnapshot().deployed, ...inputs, tags: deployed.tags };
    eventLog.logDeploymentStart(startAt, kind, {
      deployed: nestedDeployed,
      disableRollback,
      mode,
      retainExceptOnCreate,
    });
  }
}
