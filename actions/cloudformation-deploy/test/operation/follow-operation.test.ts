import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { CloudFormationClient, type ResourceStatus, type Stack, type StackEvent } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import {
  followOperation,
  isOperationVisible,
  type OperationResult,
  type StartedOperation,
} from '../../src/operation/follow-operation.js';
import type { Status } from '../../src/stack/stack-state.js';

const START = Date.UTC(2026, 0, 1);
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1';

/** Statuses that the events of the stack itself have. */
type RowStatus = Extract<ResourceStatus, Status>;

interface SimulatedStack {
  /** Statuses of the stack's own events, oldest first. */
  readonly events: readonly RowStatus[];
  /** The stack as read some seconds after the start. */
  readonly stackAfter: (seconds: number) => { readonly status: Status; readonly touched: number };
}

const createEvent = (ResourceStatus: RowStatus, index: number): StackEvent => ({
  EventId: String(index),
  StackId: STACK_ID,
  StackName: 'shop',
  PhysicalResourceId: STACK_ID,
  LogicalResourceId: 'shop',
  ResourceType: 'AWS::CloudFormation::Stack',
  ResourceStatus,
  ClientRequestToken: 'own',
  Timestamp: new Date(START + index),
});

/** A client with canned responses. */
const createClient = ({ events, stackAfter }: SimulatedStack, clock: VirtualClock): CloudFormationClient => {
  const client = new CloudFormationClient({ region: 'eu-west-1' });
  const getResponse = (command: string | undefined): { StackEvents: StackEvent[] } | { Stacks: Stack[] } => {
    if (command === 'DescribeStackEventsCommand') return { StackEvents: events.map(createEvent).reverse() };
    const { status, touched } = stackAfter((clock.now() - START) / 1000);
    const times = { CreationTime: new Date(START - 9000), LastUpdatedTime: new Date(touched) };
    return { Stacks: [{ StackId: STACK_ID, StackName: 'shop', StackStatus: status, ...times }] };
  };
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async () => ({ response: {}, output: { $metadata: {}, ...getResponse(commandName) } }),
    { step: 'initialize', name: 'made up' },
  );
  return client;
};

const followSimulated = async (
  operation: Pick<StartedOperation, 'kind' | 'statusBefore'>,
  simulated: SimulatedStack,
): Promise<OperationResult & { readonly seconds: number }> => {
  const clock = new VirtualClock({ start: START });
  const { log, signal } = createFakeHost({ clock });
  const operationDefaults = {
    title: 'operation',
    stackId: STACK_ID,
    tokens: ['own'],
    notBefore: 0,
    expectedResourceIds: new Set<string>(),
  };
  const waitContext = { clock, log, signal, deadline: START + 600_000, random: () => 0.5 };
  const cloudFormation = createClient(simulated, clock);
  const result = await followOperation(
    { ...operationDefaults, ...operation, touchedBefore: START - 5000 },
    { ...waitContext, cloudFormation },
  );
  return { ...result, seconds: (clock.now() - START) / 1000 };
};

describe('following a rollback that does not update the stack’s timestamps', () => {
  it('ends when the events and a changed status confirm its end', async () => {
    const result = await followSimulated(
      { kind: 'rollback', statusBefore: 'UPDATE_FAILED' },
      {
        events: ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'],
        stackAfter: () => ({ status: 'UPDATE_ROLLBACK_COMPLETE', touched: START - 5000 }),
      },
    );
    expect(result).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', succeeded: true });
    expect(result.seconds).toBeLessThan(2);
  });

  it('does not end while only the stack shows a terminal status', async () => {
    const result = await followSimulated(
      { kind: 'rollback', statusBefore: 'UPDATE_FAILED' },
      {
        events: [],
        stackAfter: (seconds) =>
          seconds < 90
            ? { status: 'UPDATE_ROLLBACK_COMPLETE', touched: START - 8000 }
            : { status: 'UPDATE_ROLLBACK_FAILED', touched: START + 1000 },
      },
    );
    expect(result).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED', succeeded: false });
  });
});

describe('following a deletion', () => {
  it('ends when the stack is gone although all events belong to a concurrent deletion', async () => {
    const result = await followSimulated(
      { kind: 'delete', statusBefore: 'CREATE_COMPLETE' },
      {
        events: [],
        stackAfter: (seconds) => ({
          status: seconds < 3 ? 'DELETE_IN_PROGRESS' : 'DELETE_COMPLETE',
          touched: START - 9000,
        }),
      },
    );
    expect(result).toMatchObject({ status: 'DELETE_COMPLETE', succeeded: true });
    expect(result.seconds).toBeLessThan(10);
  });

  it('is visible when the stack is gone, regardless of its timestamps', async () => {
    const { stack, operation } = await followSimulated(
      { kind: 'delete', statusBefore: 'CREATE_FAILED' },
      { events: [], stackAfter: () => ({ status: 'DELETE_COMPLETE', touched: START - 9000 }) },
    );
    expect(isOperationVisible(stack, operation)).toBe(true);
    expect(isOperationVisible(stack, { ...operation, kind: 'change' })).toBe(false);
  });
});

describe('following a change', () => {
  const events: readonly RowStatus[] = ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'];

  it('does not return the outputs of a stale stack', async () => {
    const result = await followSimulated(
      { kind: 'change', statusBefore: 'CREATE_COMPLETE' },
      { events, stackAfter: (seconds) => ({ status: 'UPDATE_COMPLETE', touched: START + (seconds < 20 ? -6000 : 1) }) },
    );
    expect(result.stack?.touchedAt).toBe(START + 1);
    expect(result.seconds).toBeLessThan(40);
  });

  it('ends on its events alone when the stack stays stale too long', async () => {
    const stackAfter = () => ({ status: 'UPDATE_COMPLETE' as const, touched: START - 6000 });
    const result = await followSimulated({ kind: 'change', statusBefore: 'UPDATE_COMPLETE' }, { events, stackAfter });
    expect(result.succeeded).toBe(true);
    expect(result.seconds).toBeGreaterThanOrEqual(60);
  });
});
