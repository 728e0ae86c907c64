import { afterAll, expect, it } from '@jest/globals';
import { scenario, TestHarness } from './harness.js';
import { cloudformation, PERMISSION, renderTemplate } from './reference-scenario.js';

const harness = await TestHarness.open({
  ...scenario,
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: {
      newcomer: {
        accessKeys: { AKIANEWCOMER: 'newcomer-secret' },
        policies: {
          all: {
            Statement: [
              { Effect: 'Allow', Action: '*', Resource: '*' },
              { Effect: 'Deny', Action: PERMISSION, Resource: '*' },
            ],
          },
        },
      },
    },
  },
  cloudformation,
});
afterAll(() => harness.close());

const writeTemplate = (version: Parameters<typeof renderTemplate>[0]): string =>
  harness.write('story.yaml', renderTemplate(version));

const useCredentials = (key: string, secret: string): void => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret });
};

it('the reference scenario preserves, resumes, grants, retries and corrects', async () => {
  useCredentials('AKIANEWCOMER', 'newcomer-secret');
  const wrong = { template: writeTemplate({ isCorrected: false }), 'on-failure': 'preserve' };

  const zero = await harness.deploy({ ...wrong, parameters: 'ShardCountParameter=0' });
  expect(zero.outputs['stack-status']).toBe('CREATE_FAILED');
  expect(zero.outputs['root-cause']).toContain('Stream (AWS::Kinesis::Stream) CREATE_FAILED');
  expect(zero.summary).toContain('story.yaml:8');
  expect(zero.summary).toContain('ShardCount is set by the parameter ShardCountParameter');
  expect(zero.log).toMatch(/CREATE_COMPLETE +Bucket/u);
  expect(zero.log).toMatch(/CREATE_COMPLETE +Queue/u);
  expect(zero.log).not.toMatch(/_IN_PROGRESS +Table/u);

  const one = await harness.deploy({ ...wrong, parameters: 'ShardCountParameter=1' });
  expect(one.outputs['was-resumed']).toBe('true');
  expect(one.log).toMatch(/CREATE_COMPLETE +Stream/u);
  expect(one.summary).toContain('Resumed from the point of failure, 2 resources kept: Bucket, Queue');
  expect(one.outputs['root-cause']).toContain(`is not authorized to perform: ${PERMISSION}`);
  expect(one.summary).toContain('Grant the action');

  useCredentials('AKIAROOT', 'root-secret');
  const granted = await harness.deploy({ mode: 'retry', 'on-failure': 'preserve' });
  expect(granted.writes).toEqual(['UpdateStack']);
  expect(granted.summary).toContain('Resumed from the point of failure, 3 resources kept: Bucket, Queue, Stream');
  expect(granted.outputs['root-cause']).toContain('AttributeDefinitions are not used');

  const corrected = { template: writeTemplate({ isCorrected: true }), 'on-failure': 'preserve' };
  const done = await harness.deploy(corrected);
  expect(done.failure).toBeUndefined();
  expect(done.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  expect(Object.keys(done.outputs)).toEqual(
    expect.arrayContaining(['BucketName', 'QueueName', 'StreamName', 'TableName']),
  );
  for (const { log } of [one, granted, done]) expect(log).not.toMatch(/_(?:COMPLETE|IN_PROGRESS) +(?:Bucket|Queue)/u);

  for (const [count, rule] of [
    ['0', 'at least 1'],
    ['11', 'at most 10'],
  ] as const) {
    const rejected = await harness.deploy({ ...corrected, parameters: `ShardCountParameter=${count}` });
    expect(rejected.failure).toContain(rule);
    expect(rejected.writes).toEqual([]);
  }
});
