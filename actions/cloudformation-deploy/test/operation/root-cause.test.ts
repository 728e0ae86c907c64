import { CloudFormationClient, type OperationEvent } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import type { StartedOperation } from '../../src/operation/follow-operation.js';
import { formatCause, RootCauseFinder } from '../../src/operation/root-cause.js';
import type { StackEvent } from '../../src/operation/stack-events.js';

const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1';
const START = Date.UTC(2026, 0, 1);

const operation: StartedOperation = {
  kind: 'change',
  title: 'update',
  stackId: STACK_ID,
  tokens: ['own'],
  statusBefore: 'CREATE_COMPLETE',
  touchedBefore: START,
  notBefore: START,
  expectedResourceIds: new Set(),
};

const row = (changes: Partial<StackEvent> = {}): StackEvent => ({
  id: '1',
  at: START,
  stackId: STACK_ID,
  logicalId: 'shop',
  physicalId: STACK_ID,
  type: 'AWS::CloudFormation::Stack',
  status: 'UPDATE_IN_PROGRESS',
  reason: '',
  hook: '',
  token: 'own',
  operationId: 'operation-1',
  ...changes,
});

const failed = (changes: OperationEvent): OperationEvent => ({
  StackId: STACK_ID,
  LogicalResourceId: 'Queue',
  PhysicalResourceId: 'queue-1',
  ResourceType: 'AWS::SQS::Queue',
  ResourceStatus: 'UPDATE_FAILED',
  ResourceStatusReason: 'Rate exceeded',
  Timestamp: new Date(START),
  ...changes,
});

/** A client whose DescribeEvents gives these events; no call leaves it. */
const clientWith = (OperationEvents: readonly OperationEvent[]): CloudFormationClient => {
  const client = new CloudFormationClient({ region: 'eu-west-1' });
  client.middlewareStack.add(() => async () => ({ response: {}, output: { $metadata: {}, OperationEvents } }), {
    step: 'initialize',
    name: 'made up',
  });
  return client;
};

const listMessages = async (events: readonly StackEvent[], described: readonly OperationEvent[] = []) => {
  const causes = await new RootCauseFinder(clientWith(described)).find({
    operation,
    events,
    status: 'UPDATE_FAILED',
    succeeded: false,
    stack: undefined,
  });
  return causes.map(formatCause);
};

describe('the failed events of an operation', () => {
  it('have the resource that failed as a root cause, not the stack that failed with it', async () => {
    const own = failed({
      LogicalResourceId: 'shop',
      PhysicalResourceId: STACK_ID,
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatusReason: 'The following resource(s) failed to update: [Queue].',
    });
    expect(await listMessages([row()], [own, failed({})])).toEqual([
      'Queue (AWS::SQS::Queue) UPDATE_FAILED: Rate exceeded',
    ]);
    expect(await listMessages([row()], [own])).toEqual([]);
  });

  it('have no resource as a root cause that was cancelled', async () => {
    const cancelled = failed({ LogicalResourceId: 'Topic', ResourceStatusReason: 'Resource update cancelled' });
    expect(await listMessages([row()], [cancelled, failed({})])).toHaveLength(1);
  });

  it('keep a resource without a physical id, which was never made', async () => {
    const { PhysicalResourceId: _, StackId: __, ...unmade } = failed({});
    expect(await listMessages([row()], [unmade])).toHaveLength(1);
  });

  it('are in the order in which they happened', async () => {
    const later = failed({ LogicalResourceId: 'Later', Timestamp: new Date(START + 1000) });
    const earlier = failed({ LogicalResourceId: 'Earlier' });
    expect((await listMessages([row()], [later, earlier])).map((text) => text.split(' ')[0])).toEqual([
      'Earlier',
      'Later',
    ]);
  });
});

describe('the events of a stack', () => {
  it.each(['ROLLBACK_IN_PROGRESS', 'CREATE_FAILED', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'])(
    'have no root cause in its own row: %s',
    async (status) => {
      const queue = row({ logicalId: 'Queue', physicalId: '', type: 'AWS::SQS::Queue', status: 'CREATE_FAILED' });
      const own = row({ status, reason: 'The following resource(s) failed: [Queue].' });
      expect(await listMessages([own])).toEqual([]);
      expect(await listMessages([queue, own])).toEqual(['Queue (AWS::SQS::Queue) CREATE_FAILED: no reason given']);
    },
  );
});
