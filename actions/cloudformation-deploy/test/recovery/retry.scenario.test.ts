import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { ACCOUNT, scenario, TestHarness } from '../harness.js';

const roleArn = `arn:aws:iam::${ACCOUNT}:role/deployer`;
const harness = await TestHarness.open({
  ...scenario,
  iam: {
    ...scenario.iam,
    roles: {
      deployer: {
        trust: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        policies: { all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      },
    },
  },
});
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

it('a retry repeats the role and the capabilities and keeps rollback disabled', async () => {
  const inputs = { 'on-failure': 'preserve', 'role-arn': roleArn };
  const template = harness.writeTemplate({ A: 'good', B: 'flaky' });
  const first = await harness.deploy({ template, ...inputs, capabilities: 'CAPABILITY_NAMED_IAM' });
  expect(first.outputs['stack-status']).toBe('CREATE_FAILED');
  const { calls } = await harness.deploy({ mode: 'retry', ...inputs });
  expect(calls.find(({ operation }) => operation === 'UpdateStack')?.input).toMatchObject({
    UsePreviousTemplate: true,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    RoleARN: roleArn,
    DisableRollback: true,
  });
});
