import {
  defineAction,
  type Inputs as InputsOf,
  type Outputs as OutputsOf,
} from '@aws-delivery/action-kit/inputs/definition';
import { cleanupInputs, revertInputs } from './src/inputs/cleanup.js';
import { policyInputs, probeInputs } from './src/inputs/failure-policy.js';
import { outputs } from './src/inputs/outputs.js';
import { permissions } from './src/inputs/permissions.js';
import { connectionInputs, reportInputs } from './src/inputs/reporting.js';
import { resourceInputs, rolloutInputs } from './src/inputs/rollout.js';
import { selectionInputs, treeInputs } from './src/inputs/source.js';

export const definition = defineAction({
  name: 'appconfig-rollout',
  title: 'AWS Delivery: AppConfig rollout',
  description: 'Roll out configuration with AWS AppConfig by tenant and environment, and roll back on failure',
  branding: { icon: 'sliders', color: 'orange' },
  inputs: {
    ...treeInputs,
    ...selectionInputs,
    ...rolloutInputs,
    ...resourceInputs,
    ...policyInputs,
    ...probeInputs,
    ...revertInputs,
    ...cleanupInputs,
    ...reportInputs,
    ...connectionInputs,
  },
  outputs,
  permissions,
  workflow: [
    { permission: 'contents: read', reason: 'Check out the tree with actions/checkout.' },
    { permission: 'id-token: write', reason: 'Get AWS credentials through OIDC in an earlier step.' },
    { permission: 'pull-requests: write', reason: '`comment: summary`.' },
  ],
});

export type Definition = typeof definition;
export type Inputs = InputsOf<Definition>;
export type Outputs = OutputsOf<Definition>;
