import { parseTemplate } from '@aws-delivery/template/template';
import { CloudFormationClient, type OperationEvent } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/operation/failure-class.js';
import type { StartedOperation } from '../../src/operation/follow-operation.js';
import {
  type Cause,
  findSourceParameter,
  formatCause,
  formatReason,
  RootCauseFinder,
} from '../../src/operation/root-cause.js';
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

/** A client whose DescribeEvents returns these events. */
const clientWith = (OperationEvents: readonly OperationEvent[]): CloudFormationClient => {
  const client = new CloudFormationClient({ region: 'eu-west-1' });
  client.middlewareStack.add(() => async () => ({ response: {}, output: { $metadata: {}, OperationEvents } }), {
    step: 'initialize',
    name: 'made up',
  });
  return client;
};

const findCauses = (events: readonly StackEvent[], described: readonly OperationEvent[] = []) =>
  new RootCauseFinder(clientWith(described)).find({
    operation,
    events,
    status: 'UPDATE_FAILED',
    succeeded: false,
    stack: undefined,
  });

const listMessages = async (events: readonly StackEvent[], described: readonly OperationEvent[] = []) =>
  (await findCauses(events, described)).map(formatCause);

describe('RootCauseFinder with failed events of an operation', () => {
  it('finds the failed resource, not the stack that failed with it', async () => {
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

  it('ignores cancelled resources', async () => {
    const cancelled = failed({ LogicalResourceId: 'Topic', ResourceStatusReason: 'Resource update cancelled' });
    expect(await listMessages([row()], [cancelled, failed({})])).toHaveLength(1);
  });

  it('finds a resource without a physical id, which was never created', async () => {
    const { PhysicalResourceId: _, StackId: __, ...unmade } = failed({});
    expect(await listMessages([row()], [unmade])).toHaveLength(1);
  });

  it('sorts the causes by time', async () => {
    const later = failed({ LogicalResourceId: 'Later', Timestamp: new Date(START + 1000) });
    const earlier = failed({ LogicalResourceId: 'Earlier' });
    expect((await listMessages([row()], [later, earlier])).map((text) => text.split(' ')[0])).toEqual([
      'Earlier',
      'Later',
    ]);
  });
});

describe('RootCauseFinder with stack events', () => {
  it.each(['ROLLBACK_IN_PROGRESS', 'CREATE_FAILED', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'])(
    'ignores the event of the stack itself: %s',
    async (status) => {
      const queue = row({ logicalId: 'Queue', physicalId: '', type: 'AWS::SQS::Queue', status: 'CREATE_FAILED' });
      const own = row({ status, reason: 'The following resource(s) failed: [Queue].' });
      expect(await listMessages([own])).toEqual([]);
      expect(await listMessages([queue, own])).toEqual(['Queue (AWS::SQS::Queue) CREATE_FAILED: no reason given']);
    },
  );
});

it('RootCauseFinder reports a failed hook as permanent, with the hook’s own message', async () => {
  const queue = { logicalId: 'Queue', physicalId: '', type: 'AWS::SQS::Queue' };
  const failure = row({ ...queue, status: 'CREATE_FAILED', reason: 'The following hook(s) failed: [Corp::Names]' });
  const hook = row({ ...queue, status: '', hook: 'Corp::Names: Rate exceeded is not a name' });
  const unrelated = row({ ...queue, logicalId: 'Topic', status: '', hook: 'Corp::Other: no' });
  expect(await findCauses([hook, unrelated, failure])).toMatchObject([
    {
      logicalId: 'Queue',
      kind: 'permanent',
      reason: 'The following hook(s) failed: [Corp::Names]; Corp::Names: Rate exceeded is not a name',
    },
  ]);
});

const template = parseTemplate(`
Parameters:
  Shards: { Type: Number }
  Stage: { Type: String }
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: !Ref Shards
      Name: !Sub 'sales-\${Stage}'
      Tags: [{ Key: stage, Value: !Ref Stage }]
      StreamEncryption: { KeyId: !GetAtt Key.Arn }
  Key: { Type: AWS::KMS::Key }
`);

const createCause = (reason: string, more: Partial<Cause> = {}): Cause => ({
  stackPath: [],
  logicalId: 'Stream',
  type: 'AWS::Kinesis::Stream',
  status: 'CREATE_FAILED',
  reason,
  at: 0,
  ...diagnose(reason),
  ...more,
});

describe('findSourceParameter', () => {
  it.each([
    ["Value '0' at 'shardCount' failed to satisfy constraint", 'ShardCount is set by the parameter Shards.'],
    ['#/ShardCount: 0 is not greater or equal to 1', 'ShardCount is set by the parameter Shards.'],
    ['Invalid value at #/Tags/0/Value: too long', 'Value is set by the parameter Stage.'],
    ["'Name' must match [a-z]+", 'Name is set by the parameter Stage.'],
  ])('finds the parameter of the property in: %s', (reason, message) => {
    expect(findSourceParameter(template, createCause(reason))).toBe(message);
  });

  it.each([
    ['the reason names no property', createCause('Rate exceeded')],
    ['the reason only has its letters in another word', createCause("'ShardCountLimit' is too low")],
    ['the property comes from another resource', createCause("'KeyId' is not a key")],
    ['the resource is in a nested stack', createCause("'shardCount' is 0", { stackPath: ['Nested'] })],
    ['the template has no such resource', createCause("'shardCount' is 0", { logicalId: 'Other' })],
  ])('finds none if %s', (_, cause) => {
    expect(findSourceParameter(template, cause)).toBeUndefined();
  });
});

describe('formatReason', () => {
  it.each([
    [
      "Resource handler returned message: \"Value '0' at 'shardCount' is too small (Service: Kinesis, Status Code: 400, Request ID: 3f0c)\" (RequestToken: 7d3b, HandlerErrorCode: InvalidRequest)",
      "Value '0' at 'shardCount' is too small (InvalidRequest)",
    ],
    [
      'Resource handler returned message: "a "quoted" text\non two lines" (RequestToken: 7d3b, HandlerErrorCode: NotStabilized)',
      'a "quoted" text\non two lines (NotStabilized)',
    ],
    [
      'Rate exceeded (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded; Request ID: 1; Proxy: null)',
      'Rate exceeded',
    ],
    ['The queue (orders) is not there', 'The queue (orders) is not there'],
    ['', ''],
  ])('shortens %j', (reason, shortened) => {
    expect(formatReason(reason)).toBe(shortened);
  });
});
