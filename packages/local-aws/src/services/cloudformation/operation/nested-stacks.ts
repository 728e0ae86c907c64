import { isMapping, isSame, type Mapping, toScalarString } from '@aws-delivery/template/value';
import { ServiceError } from '../../../service-error.js';
import { createInitialSnapshot, type DeployedStack, type OperationType, type Stack } from '../stack/stack.js';
import { listSsmNames, type ParameterInput, resolveParameters } from '../template/parameters.js';
import { readTemplate, withValidationErrors } from '../template/template-source.js';
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

/** A nested stack's template, resolved with the parameters from its parent. */
export type NestedStackInputs = Pick<DeployedStack, 'templateBody' | 'resolvedTemplate'>;

/** The parameters that the properties of a nested stack's resource give. */
export const parseParameters = ({ Parameters: parameters }: Mapping): readonly ParameterInput[] =>
  Object.entries(isMapping(parameters) ? parameters : {}).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: Array.isArray(value) ? value.join(',') : (toScalarString(value) ?? ''),
  }));

/** Nested stacks during one operation of their root stack. */
export class NestedStacks implements NestedStackOperations {
  private readonly operations = new Map<
    Stack,
    { readonly stackOperation: StackOperation; readonly kind: DeploymentKind }
  >();

  constructor(
    private readonly factory: OperationFactory,
    private readonly nestedTemplates: NestedTemplates,
  ) {}

  /** The nested stack in REVIEW_IN_PROGRESS from a change set, or a new stack. */
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

  /**
   * Resolves a nested stack's template and parameters from the properties of its resource; returns an error message if
   * that is not possible.
   */
  resolveInputs(stack: Stack, properties: Mapping): NestedStackInputs | string {
    const url = String(properties['TemplateURL']);
    const templateBody = this.nestedTemplates.get(url);
    if (templateBody === undefined) return `TemplateURL ${url} depends on resources, which Local AWS does not support`;
    try {
      const template = readTemplate(templateBody, this.factory.operationContext.scenario);
      const parameters = resolveParameters(template, parseParameters(properties), new Map());
      const [ssmParameter] = listSsmNames(template, parameters);
      if (ssmParameter !== undefined)
        return `Local AWS does not support the SSM parameter ${ssmParameter[0]} of a nested stack`;
      const resolvedTemplate = this.factory.resolveTemplate(stack, template, parameters, []);
      withValidationErrors(() => resolvedTemplate.checkRules(this.factory.operationContext.scenario.values));
      return { templateBody, resolvedTemplate };
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
  }

  /** Whether a nested stack is complete and already matches these properties. */
  isCurrent(stack: Stack, properties: Mapping): boolean {
    const { status, deployed } = stack.getFinalSnapshot();
    const inputs = this.resolveInputs(stack, properties);
    if (typeof inputs === 'string' || !status.endsWith('_COMPLETE')) return false;
    const [desired, current] = [inputs.resolvedTemplate, deployed.resolvedTemplate].map(({ parameters }) =>
      Object.fromEntries(parameters),
    );
    return inputs.templateBody === deployed.templateBody && isSame(desired, current);
  }

  /** Plans the deployment of a nested stack. */
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

  /** Cancels the operation in progress in a nested stack. */
  cancelStack(stack: Stack, at: number): void {
    cancelOperation(this.factory, stack, at);
    const failed = stack.getFinalSnapshot().status.replace('_IN_PROGRESS', '_FAILED');
    this.factory.getRunningEventLog(stack).logStackStatus(at, failed, 'Resource update cancelled');
  }

  discardPlan(stack: Stack, at: number): void {
    discardPlan(this.factory, stack, at);
  }

  /** Rolls a nested stack back, or deletes it if this operation created it. */
  rollBack(parent: StackOperation, stack: Stack, startAt: number, options: RollbackOptions): OperationOutcome {
    if (stack.getFinalSnapshot().stable === undefined) return this.deleteStack(parent, stack, startAt);
    return planRollback(
      this.createOperation(parent, stack, 'ROLLBACK'),
      startAt,
      'Rollback requested by parent stack',
      options,
    );
  }

  /** Plans the cleanup of a nested stack after its root has completed; returns its end. */
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
