import { neededCapabilities } from '@aws-delivery/template/capability';
import { type Call, type Document, output, type Reply } from '../../call.js';
import type { ChangeSets } from './change-sets.js';
import { describeResource, describeStack, summariseStack } from './description.js';
import type { Engine } from './engine.js';
import { changeSetEvents, describeEvents, onlyFailed, operationEvents } from './event.js';
import { page } from './page.js';
import { invalid, noStack, noStackWithId } from './refusal.js';
import { inputs, read } from './request.js';
import { isGone, type Stack, type StackFact } from './stack.js';
import { readTemplate } from './template-source.js';

/** What can be read of stacks, without changing any. */
export class Inspection {
  constructor(
    private readonly engine: Engine,
    private readonly changeSets: ChangeSets,
  ) {}

  /** The stack a call names. @throws Refusal in the words the operation uses */
  find(call: Call, refuse = noStack): { readonly stack: Stack; readonly fact: StackFact } {
    const name = String(call.input['StackName']);
    const { store } = this.engine;
    const stack = store.find(store.home(call), name, call.at);
    const fact = stack?.at(call.at);
    if (stack === undefined || fact === undefined) throw refuse(name);
    return { stack, fact };
  }

  stacks(call: Call): Reply {
    const { store } = this.engine;
    const all =
      call.input['StackName'] === undefined
        ? store.live(store.home(call), call.at)
        : [this.find(call, noStackWithId).stack];
    const { items, token } = page(all, call, 100);
    const rows = items.flatMap((stack) => {
      const fact = stack.at(call.at);
      return fact === undefined ? [] : [describeStack(stack, fact, call.at)];
    });
    return output({ Stacks: rows, NextToken: token });
  }

  list(call: Call): Reply {
    const wanted = call.input['StackStatusFilter'];
    const { store } = this.engine;
    const rows = store
      .all(store.home(call), call.at)
      .filter(({ at: fact }) => !Array.isArray(wanted) || wanted.length === 0 || wanted.includes(fact.status))
      .map(({ stack, at: fact }) => summariseStack(stack, fact, call.at));
    const { items, token } = page(rows, call, 100);
    return output({ StackSummaries: items, NextToken: token });
  }

  events(call: Call): Reply {
    const { items, token } = page(describeEvents(this.find(call).stack, call.at), call, 100);
    return output({ StackEvents: items, NextToken: token });
  }

  operationEvents(call: Call): Reply {
    const { StackName, ChangeSetName, OperationId, Filters } = call.input;
    const events = this.#operationEvents(call, { StackName, ChangeSetName, OperationId });
    const isFailed =
      typeof Filters === 'object' &&
      Filters !== null &&
      Object.entries(Filters).some(([name, value]) => name === 'FailedEvents' && value === true);
    const { items, token } = page(isFailed ? onlyFailed(events) : events, call, 100);
    return output({ OperationEvents: items, NextToken: token });
  }

  #operationEvents(call: Call, { StackName, ChangeSetName, OperationId }: Document): readonly Document[] {
    if (ChangeSetName !== undefined) return changeSetEvents(this.changeSets.find(call));
    if (OperationId !== undefined && StackName === undefined) {
      const { store } = this.engine;
      const found = store
        .all(store.home(call), call.at)
        .map(({ stack }) => operationEvents(stack, call.at, String(OperationId)));
      const events = found.find((rows) => rows.length > 0);
      if (events === undefined) throw invalid(`Operation [${String(OperationId)}] does not exist`);
      return events;
    }
    if (StackName === undefined)
      throw invalid('Exactly one of StackName, ChangeSetName and OperationId must be specified');
    return operationEvents(this.find(call).stack, call.at, OperationId === undefined ? undefined : String(OperationId));
  }

  /** DescribeStackResources: of a stack, or of the stack that has a physical resource. */
  resources(call: Call): Reply {
    const { LogicalResourceId: logicalId, PhysicalResourceId: physicalId } = call.input;
    const { store } = this.engine;
    const owner = store
      .live(store.home(call), call.at)
      .find((stack) => stack.resourcesAt(call.at).some(({ fact }) => fact.version?.physicalId === physicalId));
    if (physicalId !== undefined && owner === undefined) throw noStack(String(physicalId));
    const stack = physicalId !== undefined && owner !== undefined ? owner : this.find(call, noStackWithId).stack;
    const rows = this.#resources(stack, call.at).filter(
      (row) => logicalId === undefined || row['LogicalResourceId'] === logicalId,
    );
    return output({ StackResources: rows });
  }

  listResources(call: Call): Reply {
    const { items, token } = page(this.#resources(this.find(call).stack, call.at), call, 100);
    return output({ StackResourceSummaries: items, NextToken: token });
  }

  #resources(stack: Stack, at: number): readonly Document[] {
    const { id, name } = stack.identity;
    const isOver = ['DELETE_COMPLETE', 'ROLLBACK_COMPLETE'].includes(stack.at(at)?.status ?? '');
    return stack
      .resourcesAt(at)
      .filter(({ fact }) => isOver || !isGone(fact))
      .map((entry) => ({ ...describeResource(entry), StackId: id, StackName: name }));
  }

  template(call: Call): Reply {
    const deployed =
      call.input['ChangeSetName'] === undefined
        ? this.find(call, noStackWithId).fact.deployed
        : this.changeSets.find(call).order.patch.deployed;
    return output({ TemplateBody: deployed.text, StagesAvailable: ['Original', 'Processed'] });
  }

  async validate(call: Call): Promise<Reply> {
    const template = readTemplate(await this.engine.source.text(call, read(inputs.ValidateTemplate, call)));
    const needs = neededCapabilities(template);
    return output({
      Capabilities: needs.map(({ capability }) => capability),
      CapabilitiesReason: needs.length === 0 ? undefined : needs.map(({ reason }) => reason).join('; '),
      DeclaredTransforms: template.transforms,
      Parameters: [...template.parameters.values()].map(({ name, default: usual, noEcho, description }) => ({
        ParameterKey: name,
        DefaultValue: usual,
        NoEcho: noEcho,
        Description: description,
      })),
      Description: template.description,
    });
  }

  exports(call: Call): Reply {
    const { store } = this.engine;
    const rows = store
      .exports(store.home(call), call.at)
      .map(({ stack, name, value }) => ({ ExportingStackId: stack.identity.id, Name: name, Value: value }));
    const { items, token } = page(rows, call, 100);
    return output({ Exports: items, NextToken: token });
  }
}
