import type { Template } from '@aws-delivery/template/template';
import type { ApiCall } from '../../../api-call.js';
import type { Principal } from '../../../iam/principal.js';
import { readDocuments } from '../../../protocols/document.js';
import type { ServiceContext } from '../../../service.js';
import { MINUTE_MS } from '../../../time/duration.js';
import { ResourceAttributes } from '../resource/resource-attributes.js';
import { validationError } from '../responses.js';
import type { CloudFormationScenario } from '../scenario.js';
import type { DeployedStack, OperationEntry, OperationType, Stack } from '../stack/stack.js';
import { type SnapshotPatch, STACK_TYPE, StackEventLog } from '../stack/stack-event-log.js';
import { StackStore } from '../stack/stack-store.js';
import type { listSsmNames } from '../template/parameters.js';
import { ResolvedTemplate } from '../template/resolved-template.js';
import { checkTemplate, readTemplate, TemplateSource, withValidationErrors } from '../template/template-source.js';
import { NestedStacks, parseParameters } from './nested-stacks.js';
import {
  completeDeployment,
  DEFAULT_ROLLBACK_OPTIONS,
  planDeletion,
  planDeployment,
  planRollback,
} from './operation-plan.js';
import {
  type Alarm,
  type DeploymentKind,
  describeFailures,
  type NestedTemplates,
  type OperationContext,
  type OperationFactory,
  type OperationOutcome,
  SERVICE_SESSION_NAME,
  type StackOperation,
} from './stack-operation.js';

/** The desired state of a stack, validated before an operation is planned. */
export interface PreparedDeployment {
  readonly deployed: DeployedStack;
  readonly nestedTemplates: NestedTemplates;
  readonly principal: Principal;
}

/** A prepared deployment of one stack. */
export interface StackDeployment extends PreparedDeployment {
  readonly stack: Stack;
  readonly kind: DeploymentKind;
  readonly operation: OperationEntry;
  /** Deployment settings stored in the stack's snapshots. */
  readonly settings: SnapshotPatch;
}

/** Creates operations, event logs and resolved templates, and plans deployments of root stacks. */
export class Engine implements OperationFactory {
  readonly operationContext: OperationContext;
  readonly store: StackStore;
  readonly templateSource: TemplateSource;

  constructor(private readonly context: ServiceContext<CloudFormationScenario>) {
    const { partition, random, scenario, authorise } = context;
    this.store = new StackStore(partition, random.fork('stacks'));
    this.templateSource = new TemplateSource(context);
    this.operationContext = {
      scenario,
      random,
      resourceAttributes: new ResourceAttributes(scenario, random.fork('resources'), context.url),
      attempts: new Map(),
      findDenial: (principal, at) => (permission) => authorise(principal, [permission], at)?.message,
      uncheckedTypes: new Set(),
    };
  }

  createEntry(type: OperationType, token: string | undefined): OperationEntry {
    return { id: this.operationContext.random.uuid(), type, token };
  }

  /**
   * The principal of an operation: a session of the service role, or the caller. @throws ServiceError if the role does
   * not trust CloudFormation
   */
  resolvePrincipal(call: ApiCall, roleArn: string | undefined): Principal {
    if (roleArn === undefined) return call.principal;
    const principal = this.context.assumeServiceRole(roleArn, SERVICE_SESSION_NAME, call.at);
    if (principal === undefined) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    return principal;
  }

  /** Resolves conditions, parameters and imports of a template. @throws ServiceError for an invalid template */
  resolveTemplate(
    { identity }: Stack,
    template: Template,
    parameters: ReadonlyMap<string, string>,
    notificationArns: readonly string[],
    ssmValues: ReadonlyMap<string, string> = new Map(),
  ): ResolvedTemplate {
    const finalScope = { ...identity, at: Number.POSITIVE_INFINITY };
    return withValidationErrors(() => {
      const resolvedTemplate = new ResolvedTemplate(template, parameters, {
        stackRef: identity,
        notificationArns,
        ssmValues,
        findExport: (name) => this.store.listExports(finalScope).find((exported) => exported.name === name)?.value,
      });
      if (resolvedTemplate.template !== template)
        checkTemplate(resolvedTemplate.template, this.operationContext.scenario);
      resolvedTemplate.checkAttributes((type) => this.operationContext.resourceAttributes.getTypeSpec(type).attributes);
      return resolvedTemplate;
    });
  }

  /**
   * Reads the parameters of Systems Manager that a template's parameters name, with the permissions of the service role
   * or the caller. @throws ServiceError
   */
  async readSsmValues(
    { region, at }: ApiCall,
    principal: Principal,
    names: ReturnType<typeof listSsmNames>,
  ): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    for (const [parameter, Name] of names) {
      const call = { service: 'ssm', operation: 'GetParameters', input: { Names: [Name] }, principal, region, at };
      const response = await this.context.invoke(call);
      if (response.kind === 'error') throw validationError(response.error.message);
      const [found] = readDocuments(response.kind === 'output' ? response.output['Parameters'] : []);
      if (found === undefined)
        throw validationError(`Unable to fetch parameters [${Name}] from parameter store for this account.`);
      values.set(parameter, String(found['Value']));
    }
    return values;
  }

  createEventLog(stack: Stack, operation: OperationEntry): StackEventLog {
    return new StackEventLog(stack, operation, this.operationContext.random);
  }

  /** An event log for the operation in progress in a stack. */
  getRunningEventLog(stack: Stack): StackEventLog {
    const [operation = this.createEntry('UPDATE_STACK', undefined)] = stack.getFinalSnapshot().operations;
    return this.createEventLog(stack, operation);
  }

  createOperation(
    stack: Stack,
    operation: OperationEntry,
    principal: Principal,
    nestedTemplates: NestedTemplates = new Map(),
  ): StackOperation {
    const nestedStacks = new NestedStacks(this, nestedTemplates);
    return { context: this.operationContext, eventLog: this.createEventLog(stack, operation), principal, nestedStacks };
  }

  /** Loads the bodies of all nested templates, on every level. URLs that depend on resources cannot be resolved. */
  async loadNestedTemplates(
    call: ApiCall,
    resolvedTemplate: ResolvedTemplate,
    nestedTemplates = new Map<string, string>(),
  ): Promise<NestedTemplates> {
    for (const resource of resolvedTemplate.resources.values()) {
      if (resource.type !== STACK_TYPE) continue;
      const properties = withValidationErrors(() => resolvedTemplate.evaluateProperties(resource, () => 'pending'));
      const url = String(properties['TemplateURL']);
      if (nestedTemplates.has(url)) continue;
      const body = await this.templateSource.fetch(call, url);
      nestedTemplates.set(url, body);
      const template = readTemplate(body, this.operationContext.scenario);
      const values = new Map(parseParameters(properties).map((each) => [each.ParameterKey, each.ParameterValue]));
      const parameters = new Map(
        [...template.parameters.values()].map(({ name, default: value = '' }) => [name, values.get(name) ?? value]),
      );
      const stack = this.store.createDetached(this.store.getScope(call), resource.logicalId);
      await this.loadNestedTemplates(call, this.resolveTemplate(stack, template, parameters, []), nestedTemplates);
    }
    return nestedTemplates;
  }

  /** Plans a deployment from `at` until it has completed or its failure is handled. */
  deploy(
    { stack, kind, operation, principal, nestedTemplates, settings, deployed }: StackDeployment,
    at: number,
  ): void {
    const stackOperation = this.createOperation(stack, operation, principal, nestedTemplates);
    stackOperation.eventLog.logDeploymentStart(at, kind, { ...settings, deployed });
    const alarm = this.findAlarm(deployed, at);
    const outcome = planDeployment(stackOperation, at, alarm);
    const { MonitoringTimeInMinutes: minutes = 0 } = deployed.rollbackConfiguration ?? {};
    const monitoredUntil = outcome.end + minutes * MINUTE_MS;
    if (describeFailures(outcome) !== undefined) planFailureHandling(stackOperation, kind, outcome);
    else if (alarm === undefined || alarm.at > monitoredUntil) completeDeployment(stackOperation, kind, monitoredUntil);
    else planFailureHandling(stackOperation, kind, { ...outcome, end: alarm.at, cause: alarm.cause });
  }

  /** The first rollback trigger that goes into ALARM during an operation. */
  private findAlarm(
    { rollbackConfiguration: { RollbackTriggers: triggers = [] } = {} }: DeployedStack,
    at: number,
  ): Alarm | undefined {
    return this.operationContext.scenario.alarms
      .filter(({ arn }) => triggers.some((trigger) => trigger.Arn === arn))
      .map(({ arn, after }) => ({ at: at + after, cause: `Rollback trigger [${arn}] went into ALARM state. ` }))
      .sort((left, right) => left.at - right.at)[0];
  }
}

/** Plans what follows a failed deployment: nothing, a rollback or a deletion. */
const planFailureHandling = (stackOperation: StackOperation, kind: DeploymentKind, outcome: OperationOutcome): void => {
  const { onFailure, stable, retainExceptOnCreate, disableRollback } = stackOperation.eventLog.stack.getFinalSnapshot();
  const reason = describeFailures(outcome) ?? '';
  const options = { ...DEFAULT_ROLLBACK_OPTIONS, retainExceptOnCreate };
  if (disableRollback) stackOperation.eventLog.logStackStatus(outcome.end, `${kind}_FAILED`, reason);
  else if (stable !== undefined) planRollback(stackOperation, outcome.end, reason, options);
  else if (onFailure === 'DELETE') planDeletion(stackOperation, outcome.end, `${reason}Delete requested by user.`);
  else planRollback(stackOperation, outcome.end, `${reason}Rollback requested by user.`, options);
};
