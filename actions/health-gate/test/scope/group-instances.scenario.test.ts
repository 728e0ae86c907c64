import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { Harness, type HarnessOptions, type RunResult } from '../harness.js';

const createGroup = (name: string) => ({
  Type: 'AWS::AutoScaling::AutoScalingGroup',
  Properties: { AutoScalingGroupName: name, MinSize: '1', MaxSize: '2' },
});

const createInstanceEvent = (value: string) => ({
  service: 'EC2',
  region: 'eu-west-1',
  scope: 'ACCOUNT_SPECIFIC' as const,
  entities: [{ value }],
});

const EVENTS = [
  createInstanceEvent('i-0abc'),
  createInstanceEvent('arn:aws:ec2:eu-west-1:123456789012:instance/i-0def'),
  createInstanceEvent('i-0fff'),
];

const getId = (entity: string): string => entity.slice(entity.lastIndexOf('/') + 1);

/** Runs the gate with `entities: match` for a stack with Auto Scaling groups. */
const runForGroups = async (
  names: readonly string[],
  options: HarnessOptions,
  events = EVENTS,
): Promise<RunResult & { readonly lookups: number; readonly affected: readonly string[] }> => {
  const harness = await Harness.open({ health: { events }, ...options });
  try {
    const client = new CloudFormationClient({
      region: 'eu-west-1',
      endpoint: harness.aws.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const Resources = Object.fromEntries(names.map((name, index) => [`Group${index}`, createGroup(name)]));
    await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: JSON.stringify({ Resources }) }));
    client.destroy();
    await harness.clock.advance(600_000);
    const step = await harness.run({ inputs: { entities: 'match', 'stack-name': 'shop', 'on-event': 'warn' } });
    const blockers: readonly { readonly affectedEntities: readonly { readonly value: string }[] }[] = JSON.parse(
      step.outputs['events'] ?? '[]',
    );
    const affected = blockers.flatMap(({ affectedEntities }) => affectedEntities.map(({ value }) => getId(value)));
    return {
      ...step,
      affected: affected.sort(),
      lookups: step.calls.filter(({ service }) => service === 'autoscaling').length,
    };
  } finally {
    await harness.close();
  }
};

describe('an event that lists an instance', () => {
  it('is included if the instance is in an Auto Scaling group of the stack', async () => {
    const groups = { web: ['i-0abc'], worker: ['i-0123', 'i-0def'], other: ['i-0fff'] };
    const step = await runForGroups(['web', 'worker'], { autoscaling: { groups } });
    expect(step.affected).toEqual(['i-0abc', 'i-0def']);
    expect(step.lookups).toBe(1);
  });

  it('is compared with all instances of more groups than one call takes', async () => {
    const names = Array.from({ length: 51 }, (_, index) => `web-${index}`);
    const groups = Object.fromEntries(names.map((name, index) => [name, [`i-0${index}`]]));
    const events = [createInstanceEvent('i-00'), createInstanceEvent('i-050'), createInstanceEvent('i-0fff')];
    const step = await runForGroups(names, { autoscaling: { groups } }, events);
    expect(step.affected).toEqual(['i-00', 'i-050']);
    expect(step.lookups).toBe(2);
  });

  it('is included if a group of the stack is not shown', async () => {
    const step = await runForGroups(['web', 'worker'], { autoscaling: { groups: { web: ['i-0abc'] } } });
    expect(step.affected).toEqual(['i-0abc', 'i-0def', 'i-0fff']);
  });

  it('is included if the groups cannot be read, with a notice', async () => {
    const step = await runForGroups(['web'], {
      autoscaling: { groups: { web: ['i-0abc'] } },
      allowed: ['always', 'details', 'stack'],
    });
    expect(step.affected).toEqual(['i-0abc', 'i-0def', 'i-0fff']);
    expect(step.summary).toMatch("Allow autoscaling:DescribeAutoScalingGroups in the role's policy");
  });
});

it('the groups are not read for events without instances', async () => {
  const { affected, lookups } = await runForGroups(['web'], {}, [createInstanceEvent('vpc-0abc')]);
  expect({ affected, lookups }).toEqual({ affected: [], lookups: 0 });
});
