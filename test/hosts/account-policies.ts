import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { root } from '../../scripts/command.mjs';
import { readGeneratedPolicy } from '../../scripts/demo/environment/generated-policy.js';

/** A role of local AWS's scenario. */
export type Role = NonNullable<NonNullable<ScenarioInput['iam']>['roles']>[string];

/** The names of all actions. */
const listActions = (): readonly string[] => readdirSync(join(root, 'actions'));

/** What CloudFormation may do for a caller whose stacks have no service role: all that the tests' templates need. */
const resources: Role['trust'] = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['dynamodb:*', 'iam:*', 'kinesis:*', 'lambda:*', 's3:*', 'sns:*', 'sqs:*', 'ssm:*'],
      Resource: ['*'],
      Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } },
    },
  ],
};

/**
 * The policies of a role in one account: the generated policies of the actions, by action, and `resources`, which
 * applies only to calls that CloudFormation makes for the role.
 */
export const readPolicies = (
  account: string,
  actions: readonly string[] = listActions(),
): Readonly<Record<string, Role['trust']>> => ({
  ...Object.fromEntries(actions.map((action) => [action, JSON.parse(readGeneratedPolicy(action, { root, account }))])),
  ...(actions.includes('cloudformation-deploy') && { resources }),
});
