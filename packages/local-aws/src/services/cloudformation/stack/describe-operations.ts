import { findRequiredCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import type { ApiCall, Document } from '../../../api-call.js';
import type { OperationHandlers } from '../../../service.js';
import type { ChangeSets } from '../change-set/change-sets.js';
import type { Engine } from '../operation/engine.js';
import { type Inputs, inputSchemas, parseInput, type TemplateInput } from '../operation-inputs.js';
import { paginate, stackIdNotFound, validationError } from '../responses.js';
import { readTemplate } from '../template/template-source.js';
import { describeEvents, isFailure, listChangeSetEvents, listOperationEvents } from './describe-events.js';
import { describeResource, describeStack } from './describe-stack.js';
import { isGone } from './stack.js';
import type { StackStore, StackView } from './stack-store.js';

const describeTemplate = (template: Template): Document => {
  const required = findRequiredCapabilities(template);
  return {
    Capabilities: required.map(({ capability }) => capability),
    CapabilitiesReason: required.length === 0 ? undefined : required.map(({ reason }) => reason).join('; '),
    DeclaredTransforms: template.transforms,
    Parameters: [...template.parameters.values()].map(({ name, type, default: defaultValue, noEcho, description }) => ({
      ParameterKey: name,
      ParameterType: type,
      DefaultValue: defaultValue,
      NoEcho: noEcho,
      Description: description,
    })),
    Description: template.description,
  };
};

/** Read operations on stacks. */
export class DescribeOperations {
  private readonly store: StackStore;

  constructor(
    private readonly engine: Engine,
    private readonly changeSets: ChangeSets,
  ) {
    this.store = engine.store;
  }

  readonly handlers: OperationHandlers = {
    DescribeStacks: (call) => {
      const found =
        call.input['StackName'] === undefined
          ? this.store.listLive(this.store.getScope(call))
          : [this.store.getStack(call, stackIdNotFound)];
      const rows = found.map((view) => describeStack(view, call.at));
      return paginate(call, 'Stacks', rows);
    },
    ListStacks: (call) => {
      const { StackStatusFilter: statuses = [] } = call.input;
      const rows = this.store
        .listAll(this.store.getScope(call))
        .filter(({ snapshot }) => [statuses].flat().length === 0 || [statuses].flat().includes(snapshot.status))
        .map((found) => describeStack(found, call.at));
      return paginate(call, 'StackSummaries', rows);
    },
    DescribeStackEvents: (call) =>
      paginate(call, 'StackEvents', describeEvents(this.store.getStack(call).stack, call.at)),
    DescribeEvents: (call) => {
      const input = parseInput(inputSchemas.DescribeEvents, call);
      const events = this.findOperationEvents(call, input);
      return paginate(call, 'OperationEvents', input.Filters?.FailedEvents ? events.filter(isFailure) : events);
    },
    DescribeStackResources: (call) => {
      const { LogicalResourceId: logicalId } = parseInput(inputSchemas.DescribeStackResources, call);
      const rows = listResources(this.store.getStack(call, stackIdNotFound), call.at);
      return {
        StackResources: rows.filter((row) => (logicalId ?? row['LogicalResourceId']) === row['LogicalResourceId']),
      };
    },
    DescribeStackResource: (call) => {
      const view = this.store.getStack(call, stackIdNotFound);
      const id = String(call.input['LogicalResourceId']);
      const found = listResources(view, call.at).find((row) => row['LogicalResourceId'] === id);
      if (found === undefined)
        throw validationError(`Resource ${id} does not exist for stack ${view.stack.identity.name}`);
      const metadata = view.stack.resources.get(id)?.findLatest(call.at)?.value.version?.resource.metadata ?? {};
      return { StackResourceDetail: { ...found, Metadata: JSON.stringify(metadata) } };
    },
    ListStackResources: (call) =>
      paginate(call, 'StackResourceSummaries', listResources(this.store.getStack(call), call.at)),
    GetTemplate: (call) => {
      const deployed =
        call.input['ChangeSetName'] === undefined
          ? this.store.getStack(call, stackIdNotFound).snapshot.deployed
          : this.changeSets.getView(call).changeSet.deployment.deployed;
      const { template } = deployed.resolvedTemplate;
      const isProcessed = template.transforms.length > 0 && call.input['TemplateStage'] !== 'Original';
      const body = isProcessed ? JSON.stringify(template.document) : deployed.templateBody;
      return { TemplateBody: body, StagesAvailable: ['Original', 'Processed'] };
    },
    GetStackPolicy: (call) => ({
      StackPolicyBody: this.store.getStack(call).stack.policy.findLatest(call.at)?.value,
    }),
    ValidateTemplate: async (call) =>
      describeTemplate(await this.loadTemplate(call, parseInput(inputSchemas.ValidateTemplate, call))),
    GetTemplateSummary: async (call) => {
      const { StackName, ...templateInput } = parseInput(inputSchemas.GetTemplateSummary, call);
      const template =
        StackName === undefined
          ? await this.loadTemplate(call, templateInput)
          : this.store.getStack(call, stackIdNotFound).snapshot.deployed.resolvedTemplate.template;
      const types = new Set([...template.resources.values()].map(({ type }) => type));
      return { ...describeTemplate(template), ResourceTypes: [...types] };
    },
    ListImports: (call) => {
      const name = String(call.input['ExportName']);
      const rows = this.store
        .listLive(this.store.getScope(call))
        .filter(({ snapshot }) => snapshot.deployed.imports.includes(name))
        .map(({ stack }) => stack.identity.name);
      if (rows.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      return paginate(call, 'Imports', rows);
    },
    ListExports: (call) => {
      const rows = this.store
        .listExports(this.store.getScope(call))
        .map(({ stack, name, value }) => ({ ExportingStackId: stack.identity.id, Name: name, Value: value }));
      return paginate(call, 'Exports', rows);
    },
  };

  private findOperationEvents(call: ApiCall, { StackName, ChangeSetName, OperationId }: Inputs['DescribeEvents']) {
    if (ChangeSetName !== undefined) return listChangeSetEvents(this.changeSets.getView(call).changeSet);
    if (StackName !== undefined) return listOperationEvents(this.store.getStack(call).stack, call.at, OperationId);
    if (OperationId === undefined)
      throw validationError('Exactly one of StackName, ChangeSetName and OperationId must be specified');
    const events = this.store
      .listAll(this.store.getScope(call))
      .flatMap(({ stack }) => listOperationEvents(stack, call.at, OperationId));
    if (events.length === 0) throw validationError(`Operation [${OperationId}] does not exist`);
    return events;
  }

  private async loadTemplate(call: ApiCall, input: TemplateInput): Promise<Template> {
    return readTemplate(await this.engine.templateSource.load(call, input), this.engine.operationContext.scenario);
  }
}

/** The resources of a stack; a finished one also has those that it deleted. */
const listResources = ({ stack, snapshot: { status } }: StackView, at: number): readonly Document[] => {
  const { id, name } = stack.identity;
  const isFinished = status === 'DELETE_COMPLETE' || status === 'ROLLBACK_COMPLETE';
  return stack
    .listResources(at)
    .filter(({ value: snapshot }) => isFinished || !isGone(snapshot))
    .map((entry) => ({ ...describeResource(entry), StackId: id, StackName: name }));
};
