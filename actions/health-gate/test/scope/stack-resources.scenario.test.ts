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

  it('determine the services to consider', async () => {
    const { outputs, log } = await harness.run({ inputs: { services: 'auto', 'stack-name': 'shop' } });
    expect(log).toMatch('Services of this deployment: CLOUDFORMATION, EBS, EC2, SQS');
    expect(outputs['event-count']).toBe('2');
  });

  it('determine which events may affect us', async () => {
    const { outputs } = await harness.run({ inputs: { entities: 'match', 'stack-name': 'shop' } });
    // The event lists no entities.
    expect(JSON.parse(outputs['events'] ?? '')).toMatchObject([{ service: 'QUICKSIGHT' }]);
  });

  it('are read with cloudformation:ListStackResources alone', async () => {
    const { calls } = await harness.run({ inputs: { entities: 'match', 'stack-name': 'shop' } });
    expect(calls.filter(({ service }) => service === 'cloudformation')).toMatchObject([
      { operation: 'ListStackResources', verdict: 'allowed' },
    ]);
  });

  it('fail the step for a stack that does not exist', async () => {
    const { recorded } = await harness.run({ inputs: { services: 'auto', 'stack-name': 'shed' } });
    expect(recorded.failures[0]).toMatch("input 'stack-name': stack 'shed' not found in this Region");
  });
});
