import { findRequiredCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import { type ApiCall, type Document, output, type ServiceResponse } from '../../../api-call.js';
import type { ChangeSets } from '../change-set/change-sets.js';
import type { Engine } from '../operation/engine.js';
import { type Inputs, inputSchemas, parseInput, type TemplateInput } from '../operation-inputs.js';
import { paginate } from '../pagination.js';
import { stackIdNotFound, validationError } from '../service-errors.js';
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

  describeStacks(call: ApiCall): ServiceResponse {
    const found =
      call.input['StackName'] === undefined
        ? this.store.listLive(this.store.getScope(call))
        : [this.store.getStack(call, stackIdNotFound)];
    const rows = found.map((view) => describeStack(view, call.at));
    return paginate(call, 'Stacks', rows);
  }

  listStacks(call: ApiCall): ServiceResponse {
    const { StackStatusFilter: statuses } = call.input;
    const matchesFilter = (status: string) =>
      !Array.isArray(statuses) || statuses.length === 0 || statuses.includes(status);
    const rows = this.store
      .listAll(this.store.getScope(call))
      .filter(({ snapshot }) => matchesFilter(snapshot.status))
      .map((found) => describeStack(found, call.at));
    return paginate(call, 'StackSummaries', rows);
  }

  describeEvents(call: ApiCall): ServiceResponse {
    return paginate(call, 'StackEvents', describeEvents(this.store.getStack(call).stack, call.at));
  }

  describeOperationEvents(call: ApiCall): ServiceResponse {
    const input = parseInput(inputSchemas.DescribeEvents, call);
    const events = this.findOperationEvents(call, input);
    return paginate(call, 'OperationEvents', input.Filters?.FailedEvents === true ? events.filter(isFailure) : events);
  }

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

  describeResources(call: ApiCall): ServiceResponse {
    const { LogicalResourceId: logicalId } = parseInput(inputSchemas.DescribeStackResources, call);
    const rows = this.describeStackResources(this.store.getStack(call, stackIdNotFound), call.at);
    const shown = rows.filter(({ LogicalResourceId: id }) => logicalId === undefined || id === logicalId);
    return output({ StackResources: shown });
  }

  describeResource(call: ApiCall): ServiceResponse {
    const { stack, snapshot } = this.store.getStack(call, stackIdNotFound);
    const { LogicalResourceId: id } = call.input;
    const found = this.describeStackResources({ stack, snapshot }, call.at).find(
      (row) => row['LogicalResourceId'] === id,
    );
    if (found === undefined)
      throw validationError(`Resource ${String(id)} does not exist for stack ${stack.identity.name}`);
    const metadata = stack.resources.get(String(id))?.findLatest(call.at)?.value.version?.resource.metadata ?? {};
    return output({ StackResourceDetail: { ...found, Metadata: JSON.stringify(metadata) } });
  }

  listResources(call: ApiCall): ServiceResponse {
    return paginate(call, 'StackResourceSummaries', this.describeStackResources(this.store.getStack(call), call.at));
  }

  private describeStackResources({ stack, snapshot: { status } }: StackView, at: number): readonly Document[] {
    const { id, name } = stack.identity;
    const isFinished = status === 'DELETE_COMPLETE' || status === 'ROLLBACK_COMPLETE';
    return stack
      .listResources(at)
      .filter(({ value: snapshot }) => isFinished || !isGone(snapshot))
      .map((entry) => ({ ...describeResource(entry), StackId: id, StackName: name }));
  }

  getTemplate(call: ApiCall): ServiceResponse {
    const deployed =
      call.input['ChangeSetName'] === undefined
        ? this.store.getStack(call, stackIdNotFound).snapshot.deployed
        : this.changeSets.getView(call).changeSet.deployment.deployed;
    const { template } = deployed.resolvedTemplate;
    const isProcessed = template.transforms.length > 0 && call.input['TemplateStage'] !== 'Original';
    const body = isProcessed ? JSON.stringify(template.document) : deployed.templateBody;
    return output({ TemplateBody: body, StagesAvailable: ['Original', 'Processed'] });
  }

  getPolicy(call: ApiCall): ServiceResponse {
    return output({ StackPolicyBody: this.store.getStack(call).stack.policy.findLatest(call.at)?.value });
  }

  async validateTemplate(call: ApiCall): Promise<ServiceResponse> {
    return output(describeTemplate(await this.loadTemplate(call, parseInput(inputSchemas.ValidateTemplate, call))));
  }

  private async loadTemplate(call: ApiCall, input: TemplateInput): Promise<Template> {
    return readTemplate(await this.engine.templateSource.load(call, input), this.engine.operationContext.scenario);
  }

  /** Summarizes a stack's template, or the template in the input. */
  async summarizeTemplate(call: ApiCall): Promise<ServiceResponse> {
    const { StackName, ...templateInput } = parseInput(inputSchemas.GetTemplateSummary, call);
    const template =
      StackName === undefined
        ? await this.loadTemplate(call, templateInput)
        : this.store.getStack(call, stackIdNotFound).snapshot.deployed.resolvedTemplate.template;
    const types = new Set([...template.resources.values()].map(({ type }) => type));
    return output({ ...describeTemplate(template), ResourceTypes: [...types] });
  }

  listImports(call: ApiCall): ServiceResponse {
    const name = String(call.input['ExportName']);
    const rows = this.store
      .listLive(this.store.getScope(call))
      .filter(({ snapshot }) => snapshot.deployed.imports.includes(name))
      .map(({ stack }) => stack.identity.name);
    if (rows.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
    return paginate(call, 'Imports', rows);
  }

  listExports(call: ApiCall): ServiceResponse {
    const rows = this.store
      .listExports(this.store.getScope(call))
      .map(({ stack, name, value }) => ({ ExportingStackId: stack.identity.id, Name: name, Value: value }));
    return paginate(call, 'Exports', rows);
  }
}
