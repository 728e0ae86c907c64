import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from '../harness.js';

const template = JSON.stringify({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    Check: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a', Size: 1 } },
  },
});

describe('the resources of a stack', () => {
  let harness: Harness;
  beforeAll(async () => {
    const accountEvent = { region: 'eu-west-1', scope: 'ACCOUNT_SPECIFIC' as const };
    harness = await Harness.open({
      health: {
        events: [
          {
            ...accountEvent,
            service: 'SQS',
            entities: [{ value: 'https://sqs.eu-west-1.amazonaws.com/123456789012/blog' }],
          },
          { ...accountEvent, service: 'EC2', entities: [{ value: 'i-other' }] },
          { ...accountEvent, service: 'QUICKSIGHT' },
        ],
      },
    });
    const client = new CloudFormationClient({
      region: 'eu-west-1',
      endpoint: harness.aws.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: template }));
    await harness.clock.advance(600_000);
  });
  afterAll(() => harness.close());

  it('tell the services that matter', async () => {
    const { outputs, log } = await harness.run({ inputs: { services: 'auto', 'stack-name': 'shop' } });
    expect(log).toMatch('Services of this deployment: CLOUDFORMATION, EBS, EC2, SQS');
    expect(outputs['event-count']).toBe('2');
  });

  it('tell which events concern us', async () => {
    const { outputs } = await harness.run({ inputs: { entities: 'match', 'stack-name': 'shop' } });
    // What does not say whom it affects may affect us.
    expect(JSON.parse(outputs['events'] ?? '')).toMatchObject([{ service: 'QUICKSIGHT' }]);
  });

  it('are read with a permission for stacks alone', async () => {
    const { calls } = await harness.run({ inputs: { entities: 'match', 'stack-name': 'shop' } });
    expect(calls.filter(({ service }) => service === 'cloudformation')).toMatchObject([
      { operation: 'ListStackResources', verdict: 'allowed' },
    ]);
  });

  it('of a stack that is not there are an error', async () => {
    const { recorded } = await harness.run({ inputs: { services: 'auto', 'stack-name': 'shed' } });
    expect(recorded.failures[0]).toMatch("input 'stack-name': there is no stack 'shed' in this Region");
  });
});
