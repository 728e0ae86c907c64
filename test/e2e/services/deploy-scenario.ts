import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { parse } from 'yaml';
import { root } from '../../../scripts/command.mjs';
import { buildAccountScenario } from '../../../scripts/demo/environment/account.js';

export const DEPLOY_ROLE = 'arn:aws:iam::123456789012:role/deliver';

export interface DeployScenarioOptions {
  /** Permissions of the deploy role in addition to those of the actions, such as `eks:*`. */
  readonly permissions?: readonly string[];
  readonly types?: NonNullable<ScenarioInput['cloudformation']>['types'];
  readonly rules?: NonNullable<ScenarioInput['cloudformation']>['rules'];
  /** URL of the shop's function. */
  readonly endpoint?: string;
}

/** The account of the demo with more permissions, resource types and rules. */
export const createDeployScenario = ({
  permissions = [],
  types = {},
  rules = [],
  endpoint,
}: DeployScenarioOptions): ScenarioInput => {
  const scenario = parse(buildAccountScenario(root, { scale: 60, ...(endpoint !== undefined && { endpoint }) }));
  const { cloudformation, iam } = scenario;
  if (permissions.length > 0) {
    iam.roles.deliver.policies['other-services'] = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: permissions, Resource: '*' }],
    };
  }
  cloudformation.types = { ...cloudformation.types, ...types };
  cloudformation.rules = [...rules, ...cloudformation.rules];
  return scenario;
};
