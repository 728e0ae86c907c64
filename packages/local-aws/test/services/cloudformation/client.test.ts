import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStacksCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import { createClock } from '../../../src/time/clock.js';
import { renderTemplate, STACK_NAME, scenario } from './stack-states.js';

const createAllowStatement = (Action: string | string[], Resource: string | string[]) => ({
  Effect: 'Allow' as const,
  Action,
  Resource,
});
const trust = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Service: 'cloudformation.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};

let aws: LocalAws;
const clock = createClock({ scale: 0 });

const createClientConfig = (accessKeyId: string) => ({
  endpoint: aws.url,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey: accessKeyId === 'test' ? 'test' : 'secret' },
  maxAttempts: 1,
});

const createClient = (key = 'test') => new CloudFormationClient(createClientConfig(key));

beforeAll(async () => {
  aws = await startLocalAws({
    clock,
    scenario: {
      iam: {
        users: {
          narrow: {
            accessKeys: { AKIANARROW: 'secret' },
            policies: {
              own: {
                Statement: createAllowStatement(
                  'cloudformation:*',
                  'arn:aws:cloudformation:us-east-1:123456789012:stack/shop/*',
                ),
              },
            },
          },
          passing: {
            accessKeys: { AKIAPASSING: 'secret' },
            policies: {
              all: {
                Statement: [
                  createAllowStatement('cloudformation:*', '*'),
                  createAllowStatement('iam:PassRole', 'arn:aws:iam::123456789012:role/builder'),
                ],
              },
            },
          },
        },
        roles: {
          builder: { trust, policies: { none: { Statement: createAllowStatement('s3:CreateBucket', '*') } } },
          other: { trust },
        },
      },
      cloudformation: {
        ...scenario,
        rules: [
          ...scenario.rules,
          {
            on: { resource: 'Guarded', lacking: { action: 'dynamodb:CreateTable' } },
            fail: { reason: 'not authorized to perform: dynamodb:CreateTable' },
          },
        ],
      },
    },
  });
});

beforeEach(() => aws.reset());
afterAll(async () => aws.close());

describe('the SDK client', () => {
  it('creates, describes and updates a stack over the wire', async () => {
    const client = createClient();
    const created = await client.send(
      new CreateStackCommand({
        StackName: STACK_NAME,
        TemplateBody: `${renderTemplate({ A: 'good' }).slice(0, -1)},"Outputs":{"Id":{"Value":{"Ref":"A"}}}}`,
        Tags: [{ Key: 'team', Value: 'shop' }],
        ClientRequestToken: 'run-1',
      }),
    );
    expect(created.StackId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/shop\//);
    clock.advance(10_000);
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: created.StackId }));
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      DisableRollback: false,
      Tags: [{ Key: 'team', Value: 'shop' }],
      Outputs: [{ OutputKey: 'Id', OutputValue: expect.stringMatching(/^shop-A-/) }],
      LastOperations: [{ OperationType: 'CREATE_STACK', OperationId: created.OperationId }],
    });
    expect(stack?.CreationTime).toBeInstanceOf(Date);
    const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: STACK_NAME }));
    expect(events.map((event) => event.ClientRequestToken)).toEqual(events.map(() => 'run-1'));
    expect(events[0]).toMatchObject({ ResourceStatus: 'CREATE_COMPLETE', PhysicalResourceId: created.StackId });
    await client.send(
      new UpdateStackCommand({
        StackName: STACK_NAME,
        TemplateBody: renderTemplate({ A: 'bad' }),
        DisableRollback: true,
      }),
    );
    clock.advance(10_000);
    const { OperationEvents: failed = [] } = await client.send(
      new DescribeEventsCommand({ StackName: STACK_NAME, Filters: { FailedEvents: true } }),
    );
    expect(failed).toMatchObject([
      { LogicalResourceId: 'A', ResourceStatus: 'UPDATE_FAILED', ResourceStatusReason: 'no such luck' },
    ]);
    const { StackResources: resources } = await client.send(
      new DescribeStackResourcesCommand({ StackName: STACK_NAME }),
    );
    expect(resources).toMatchObject([{ LogicalResourceId: 'A', ResourceStatus: 'UPDATE_FAILED' }]);
    const { TemplateBody: body } = await client.send(new GetTemplateCommand({ StackName: STACK_NAME }));
    expect(body).toBe(renderTemplate({ A: 'bad' }));
  });

  it('receives errors by name', async () => {
    const client = createClient();
    await expect(client.send(new DescribeStacksCommand({ StackName: 'none' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
    });
    await expect(
      client.send(new DescribeChangeSetCommand({ StackName: 'none', ChangeSetName: 'arn:none' })),
    ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
    const role = 'Resources: { R: { Type: AWS::IAM::Role } }';
    await expect(
      client.send(new CreateStackCommand({ StackName: STACK_NAME, TemplateBody: role })),
    ).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
    });
  });

  it('creates and executes a change set with a template in S3', async () => {
    const s3 = new S3Client({ ...createClientConfig('test'), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'a/b.json', Body: renderTemplate({ A: 'good' }) }));
    const client = createClient();
    const set = await client.send(
      new CreateChangeSetCommand({
        StackName: STACK_NAME,
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateURL: 'https://templates.s3.us-east-1.amazonaws.com/a/b.json',
      }),
    );
    clock.advance(2_000);
    const described = await client.send(new DescribeChangeSetCommand({ ChangeSetName: set.Id }));
    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', Changes: [{ ResourceChange: { Action: 'Add' } }] });
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: set.Id, DisableRollback: true }));
    clock.advance(10_000);
    const { StackSummaries: stacks } = await client.send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    );
    expect(stacks).toMatchObject([{ StackName: STACK_NAME }]);
    const { Capabilities } = await client.send(
      new ValidateTemplateCommand({ TemplateBody: renderTemplate({ A: 'good' }) }),
    );
    expect(Capabilities).toEqual([]);
  });

  it('can access only the stacks in its policies', async () => {
    await createClient().send(
      new CreateStackCommand({ StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'good' }) }),
    );
    clock.advance(10_000);
    const narrow = createClient('AKIANARROW');
    const { Stacks: stacks } = await narrow.send(new DescribeStacksCommand({ StackName: STACK_NAME }));
    expect(stacks).toHaveLength(1);
    await expect(narrow.send(new DescribeStacksCommand({ StackName: 'other' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('can pass only allowed roles, whose permissions apply to the resources', async () => {
    const client = createClient('AKIAPASSING');
    const create = (role: string) =>
      client.send(
        new CreateStackCommand({
          StackName: STACK_NAME,
          TemplateBody: renderTemplate({ Guarded: 'good' }),
          RoleARN: `arn:aws:iam::123456789012:role/${role}`,
          DisableRollback: true,
        }),
      );
    await expect(create('other')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('iam:PassRole'),
    });
    await create('builder');
    clock.advance(10_000);
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK_NAME }));
    expect(stack).toMatchObject({ StackStatus: 'CREATE_FAILED', RoleARN: 'arn:aws:iam::123456789012:role/builder' });
  });
});
