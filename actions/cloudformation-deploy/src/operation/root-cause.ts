import { findResourceReferences } from '@aws-delivery/template/dependency-graph';
import type { Template } from '@aws-delivery/template/template';
import { DescribeEventsCommand, type OperationEvent } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { type Diagnosis, diagnose } from './failure-class.js';
import type { OperationResult } from './follow-operation.js';
import {
  getNestedStackId,
  isCancelled,
  isFailure,
  isStackLevelEvent,
  readEvents,
  type StackEvent,
} from './stack-events.js';

/** A resource whose own failure caused the operation to fail. */
export interface Cause extends Diagnosis {
  /** Logical ids of the nested stacks it is in, outermost first; empty in the stack itself. */
  readonly stackPath: readonly string[];
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** `Nested.Function`, AWS's own notation. */
export const formatCausePath = ({ stackPath, logicalId }: Cause): string => [...stackPath, logicalId].join('.');

const HANDLER_MESSAGE =
  /^Resource handler returned message: "(.*)" \(RequestToken: [^,)]*, HandlerErrorCode: ([\w:-]+)\)$/su;
const SERVICE_SUFFIX = /\s{0,8}\(Service: [^()]{0,500}(?:Status Code|Error Code)[^()]{0,500}\)$/u;

/**
 * Shortens a status reason to the handler's message and error code, without service and request ids. A reason of
 * another form is returned unchanged. The log and the output `failed-resources` have the full reason.
 */
export const formatReason = (reason: string): string => {
  const [, message, code] = HANDLER_MESSAGE.exec(reason.trim()) ?? [];
  if (message === undefined) return reason.trim().replace(SERVICE_SUFFIX, '');
  return `${message.replace(SERVICE_SUFFIX, '')} (${code})`;
};

/** One line with resource, type, status and reason. */
export const formatCause = (cause: Cause): string =>
  `${formatCausePath(cause)} (${cause.type}) ${cause.status}: ${formatReason(cause.reason) || 'no reason given'}`;

/** The reason of a resource names a failed hook; the hook's message is in an event of its own. */
const resolveReason = (event: StackEvent, events: readonly StackEvent[]): string => {
  if (!/hook\(s\) failed/u.test(event.reason)) return event.reason;
  const hookEvents = events.filter(({ hook, logicalId }) => hook !== '' && logicalId === event.logicalId);
  return [event.reason, ...new Set(hookEvents.map(({ hook }) => hook))].join('; ');
};

const hookFailure = {
  kind: 'permanent',
  hint: 'A Hook rejected this configuration. Correct the resource as the Hook requires.',
} as const;

const toCause = (event: StackEvent, events: readonly StackEvent[], stackPath: readonly string[]): Cause => {
  const { logicalId, type, status, at } = event;
  const reason = resolveReason(event, events);
  const override = reason === event.reason ? {} : hookFailure;
  return { stackPath, logicalId, type, status, reason, at, ...diagnose(reason), ...override };
};

const MAX_NESTING_DEPTH = 10;

/** Finds the resources that failed first, in nested stacks as well. */
export class RootCauseFinder {
  constructor(private readonly cloudFormation: CloudFormation) {}

  /**
   * Causes of a failed operation, earliest first; empty if no events can be read. Never throws, since the result of the
   * operation is already known.
   */
  async find({ operation, events, stack }: OperationResult): Promise<readonly Cause[]> {
    const ownEvents = events.filter(({ stackId }) => stackId === operation.stackId);
    const start = events[0]?.at ?? 0;
    const foundCauses = await this.findCauses(ownEvents, { stackPath: [], start });
    const causes =
      foundCauses.length > 0 ? foundCauses : await this.fetchFailedEventCauses(events, stack?.operationIds[0]);
    return [...causes].sort((a, b) => a.at - b.at);
  }

  /** Causes in the events of a stack, oldest first, without an operation of this run. */
  findInStack(stackId: string, events: readonly StackEvent[]): Promise<readonly Cause[]> {
    const ownEvents = events.filter((event) => event.stackId === stackId);
    return this.findCauses(ownEvents, { stackPath: [], start: events[0]?.at ?? 0 });
  }

  private async findCauses(
    events: readonly StackEvent[],
    { stackPath, start }: { readonly stackPath: readonly string[]; readonly start: number },
  ): Promise<readonly Cause[]> {
    const failures = events.filter((event) => isFailure(event) && !isStackLevelEvent(event));
    const causes: Cause[] = [];
    for (const event of failures) {
      const nestedId = getNestedStackId(event);
      const nestedCauses =
        nestedId === undefined ? [] : await this.findNestedCauses(nestedId, [...stackPath, event.logicalId], start);
      causes.push(...(nestedCauses.length > 0 ? nestedCauses : [toCause(event, events, stackPath)]));
    }
    return dedupeCauses(causes);
  }

  private async findNestedCauses(
    stackId: string,
    stackPath: readonly string[],
    start: number,
  ): Promise<readonly Cause[]> {
    if (stackPath.length > MAX_NESTING_DEPTH) return [];
    const events: StackEvent[] = [];
    try {
      for await (const event of readEvents(this.cloudFormation, stackId, ({ at }) => at < start)) events.push(event);
    } catch {
      return [];
    }
    return this.findCauses(events.reverse(), { stackPath, start });
  }

  /** Fallback for stack events that are missing or not readable; empty without the permission for DescribeEvents. */
  private async fetchFailedEventCauses(
    events: readonly StackEvent[],
    latest: string | undefined,
  ): Promise<readonly Cause[]> {
    const OperationId = events.find(({ operationId }) => operationId !== undefined)?.operationId ?? latest;
    if (OperationId === undefined) return [];
    try {
      const { OperationEvents = [] } = await this.cloudFormation.send(
        new DescribeEventsCommand({ OperationId, Filters: { FailedEvents: true } }),
      );
      return OperationEvents.flatMap(toCauses);
    } catch {
      return [];
    }
  }
}

const formatOperationReason = (event: OperationEvent): string => {
  const hook = event.HookType === undefined ? '' : `hook ${event.HookType}: `;
  const path = event.ValidationPath === undefined ? '' : `${event.ValidationPath}: `;
  const reason = event.HookStatusReason ?? event.ValidationStatusReason ?? event.ResourceStatusReason ?? '';
  return `${hook}${path}${reason}`;
};

const toCauses = (event: OperationEvent): readonly Cause[] => {
  const reason = formatOperationReason(event);
  const status = event.ResourceStatus ?? event.HookStatus ?? event.ValidationStatus ?? 'FAILED';
  const isOwnRow = event.PhysicalResourceId !== undefined && event.PhysicalResourceId === event.StackId;
  if (isOwnRow || isCancelled(reason) || event.LogicalResourceId === undefined) return [];
  const { LogicalResourceId: logicalId, ResourceType: type = '', Timestamp } = event;
  return [{ stackPath: [], logicalId, type, status, reason, at: Timestamp?.getTime() ?? 0, ...diagnose(reason) }];
};

/** A resource that fails again during its cleanup has one cause: the first failure. */
const dedupeCauses = (causes: readonly Cause[]): readonly Cause[] => {
  const seenPaths = new Set<string>();
  return causes.filter((cause) => {
    const path = formatCausePath(cause);
    const isNew = !seenPaths.has(path);
    seenPaths.add(path);
    return isNew;
  });
};

/** Reasons name a property as a path (`#/ShardCount: …`) or in quotes, often in the service's own spelling. */
const matchesProperty = (reason: string, property: string): boolean =>
  /^\w+$/u.test(property) && new RegExp(`[/'"\`]${property}\\b`, 'iu').test(reason);

const isPropertyName = (step: string | number): step is string =>
  typeof step === 'string' && step !== 'Ref' && !step.startsWith('Fn::');

/** The template parameter that sets the property named in a failure's reason, as a sentence for messages. */
export const findSourceParameter = (
  template: Template,
  { stackPath, logicalId, reason }: Cause,
): string | undefined => {
  const resource = stackPath.length === 0 ? template.resources.get(logicalId) : undefined;
  if (resource === undefined) return undefined;
  for (const { name, path } of findResourceReferences(resource)) {
    const property = path.findLast(isPropertyName);
    if (property === undefined || !template.parameters.has(name)) continue;
    if (matchesProperty(reason, property)) return `${property} is set by the parameter ${name}.`;
  }
  return undefined;
};
