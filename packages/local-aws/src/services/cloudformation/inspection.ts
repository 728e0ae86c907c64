import { neededCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import { type Call, type Document, output, type Reply } from '../../call.js';
import type { ChangeSets } from './change-sets.js';
import { describeResource, describeStack } from './description.js';
import type { Engine } from './engine.js';
import { changeSetEvents, describeEvents, isFailure, operationEvents } from './event.js';
import { paged } from './page.js';
import { invalid, noStackWithId } from './refusal.js';
import { type Inputs, inputs, read } from './request.js';
import { isGone } from './stack.js';
import type { Found, Store } from './store.js';
import { readTemplate } from './template-source.js';

const describeTemplate = (template: Template): Document => {
  const needs = neededCapabilities(template);
  return {
    Capabilities: needs.map(({ capability }) => capability),
    CapabilitiesReason: needs.length === 0 ? undefined : needs.map(({ reason }) => reason).join('; '),
    DeclaredTransforms: template.transforms,
    Parameters: [...template.parameters.values()].map(({ name, type, default: usual, noEcho, description }) => ({
      ParameterKey: name,
      ParameterType: type,
      DefaultValue: usual,
      NoEcho: noEcho,
      Description: description,
    })),
    Description: template.description,
  };
};

/** What can be read of stacks, without changing any. */
export class Inspection {
  readonly #store: Store;

  constructor(
    private readonly engine: Engine,
    private readonly changeSets: ChangeSets,
  ) {
    this.#store = engine.store;
  }

  stacks(call: Call): Reply {
    const found =
      call.input['StackName'] === undefined
        ? this.#store.live(this.#store.home(call))
        : [this.#store.named(call, noStackWithId)];
    const rows = found.map((each) => describeStack(each, call.at));
    return paged(call, 'Stacks', rows);
  }

  list(call: Call): Reply {
    const { StackStatusFilter: wanted } = call.input;
    const isWanted = (status: string) => !Array.isArray(wanted) || wanted.length === 0 || wanted.includes(status);
    const rows = this.#store
      .all(this.#store.home(call))
      .filter(({ fact }) => isWanted(fact.status))
      .map((found) => describeStack(found, call.at));
    return paged(call, 'StackSummaries', rows);
  }

  events(call: Call): Reply {
    return paged(call, 'StackEvents', describeEvents(this.#store.named(call).stack, call.at));
  }

  operationEvents(call: Call): Reply {
    const input = read(inputs.DescribeEvents, call);
    const events = this.#operationEvents(call, input);
    return paged(call, 'OperationEvents', input.Filters?.FailedEvents === true ? events.filter(isFailure) : events);
  }

  #operationEvents(call: Call, { StackName, ChangeSetName, OperationId }: Inputs['DescribeEvents']) {
    if (ChangeSetName !== undefined) return changeSetEvents(this.changeSets.find(call).set);
    if (StackName !== undefined) return operationEvents(this.#store.named(call).stack, call.at, OperationId);
    if (OperationId === undefined)
      throw invalid('Exactly one of StackName, ChangeSetName and OperationId must be specified');
    const events = this.#store
      .all(this.#store.home(call))
      .flatMap(({ stack }) => operationEvents(stack, call.at, OperationId));
    if (events.length === 0) throw invalid(`Operation [${OperationId}] does not exist`);
    return events;
  }

  resources(call: Call): Reply {
    const { LogicalResourceId: wanted } = read(inputs.DescribeStackResources, call);
    const rows = this.#resources(this.#store.named(call, noStackWithId), call.at);
    const shown = rows.filter(({ LogicalResourceId: id }) => wanted === undefined || id === wanted);
    return output({ StackResources: shown });
  }

  listResources(call: Call): Reply {
    return paged(call, 'StackResourceSummaries', this.#resources(this.#store.named(call), call.at));
  }

  #resources({ stack, fact: { status } }: Found, at: number): readonly Document[] {
    const { id, name } = stack.identity;
    const isOver = status === 'DELETE_COMPLETE' || status === 'ROLLBACK_COMPLETE';
    return stack
      .resourcesAt(at)
      .filter(({ fact }) => isOver || !isGone(fact))
      .map((entry) => ({ ...describeResource(entry), StackId: id, StackName: name }));
  }

  template(call: Call): Reply {
    const deployed =
      call.input['ChangeSetName'] === undefined
        ? this.#store.named(call, noStackWithId).fact.deployed
        : this.changeSets.find(call).set.order.deployed;
    return output({ TemplateBody: deployed.text, StagesAvailable: ['Original', 'Processed'] });
  }

  policy(call: Call): Reply {
    return output({ StackPolicyBody: this.#store.named(call).stack.policy.latest(call.at)?.fact });
  }

  async validate(call: Call): Promise<Reply> {
    return output(
      describeTemplate(readTemplate(await this.engine.source.text(call, read(inputs.ValidateTemplate, call)))),
    );
  }

  /** Of a stack's template, or of one that is given. */
  async summary(call: Call): Promise<Reply> {
    const { StackName, ...given } = read(inputs.GetTemplateSummary, call);
    const template =
      StackName === undefined
        ? readTemplate(await this.engine.source.text(call, given))
        : this.#store.named(call, noStackWithId).fact.deployed.blueprint.template;
    const types = new Set([...template.resources.values()].map(({ type }) => type));
    return output({ ...describeTemplate(template), ResourceTypes: [...types] });
  }

  exports(call: Call): Reply {
    const rows = this.#store
      .exports(this.#store.home(call))
      .map(({ stack, name, value }) => ({ ExportingStackId: stack.identity.id, Name: name, Value: value }));
    return paged(call, 'Exports', rows);
  }
}
