import { defineAction, type Inputs, type Outputs } from '@aws-delivery/action-kit/inputs/definition';
import { connectionInputs } from './src/inputs/connection.js';
import { deploymentInputs } from './src/inputs/deployment.js';
import { eventInputs } from './src/inputs/event.js';
import { outputs } from './src/inputs/outputs.js';
import { permissions, workflow } from './src/inputs/permissions.js';
import { policyInputs } from './src/inputs/policy.js';
import { reportInputs } from './src/inputs/report.js';
import { sourceInputs, windowInputs } from './src/inputs/window.js';

/**
 * Definition of the health-gate action; `npm run generate` derives action.yml, the IAM policy and the README tables.
 */
export const definition = defineAction({
  name: 'health-gate',
  title: 'AWS Delivery: AWS Health gate',
  description:
    'Stops or delays a deployment while AWS Health, a calendar, an alarm or a probe reports a problem, or outside a deployment window',
  branding: { icon: 'heart', color: 'orange' },
  inputs: {
    ...eventInputs,
    ...deploymentInputs,
    ...windowInputs,
    ...sourceInputs,
    ...policyInputs,
    ...reportInputs,
    ...connectionInputs,
  },
  outputs,
  permissions,
  workflow,
});

export type HealthInputs = Inputs<typeof definition>;
export type HealthOutputs = Outputs<typeof definition>;
