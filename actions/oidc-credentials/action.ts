import { createReportNameInputs } from '@aws-delivery/action-kit/inputs/common-inputs';
import { defineAction, type Environment, type Inputs, type Outputs } from '@aws-delivery/action-kit/inputs/definition';
import { exportInputs } from './src/inputs/export.js';
import { networkInputs } from './src/inputs/network.js';
import { environment, outputs } from './src/inputs/outputs.js';
import { permissions, workflow } from './src/inputs/permissions.js';
import { roleInputs } from './src/inputs/role.js';
import { sourceInputs } from './src/inputs/source.js';

/**
 * Definition of the oidc-credentials action; `npm run generate` derives action.yml, the IAM policy and the README
 * tables.
 */
export const definition = defineAction({
  name: 'oidc-credentials',
  title: 'AWS Delivery: OIDC credentials',
  description:
    'Gets short-lived AWS credentials with an OIDC token and one or more roles, and checks them before exporting them',
  branding: { icon: 'key', color: 'orange' },
  inputs: {
    ...sourceInputs,
    ...roleInputs,
    ...exportInputs,
    ...networkInputs,
    ...createReportNameInputs('Reporting'),
  },
  outputs,
  environment,
  permissions,
  workflow,
});

export type OidcInputs = Inputs<typeof definition>;
export type OidcOutputs = Outputs<typeof definition>;
export type OidcEnvironment = Environment<typeof definition>;
