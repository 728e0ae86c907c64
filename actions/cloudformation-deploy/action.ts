import { defineAction, type Inputs as InputsOf, type Outputs as OutputsOf } from '@aws-delivery/action-kit/definition';
import { changeSetInputs, guardInputs } from './src/definition/change-set.js';
import { outputs } from './src/definition/output.js';
import { permissions } from './src/definition/permission.js';
import { recoveryInputs } from './src/definition/recovery.js';
import { connectionInputs, reportInputs } from './src/definition/report.js';
import { operationInputs, stackInputs } from './src/definition/stack.js';
import { parameterInputs, templateInputs } from './src/definition/template.js';
import { renderRecoveryDiagram, renderRecoveryTable } from './src/recovery-diagram.js';

/** Everything declared of cloudformation-deploy. */
export const definition = defineAction({
  name: 'cloudformation-deploy',
  title: 'AWS Delivery: CloudFormation deploy',
  description:
    'Deploy a CloudFormation stack, retry it from the point of failure or roll it back, and say why it failed',
  branding: { icon: 'layers', color: 'orange' },
  inputs: {
    ...operationInputs,
    ...templateInputs,
    ...parameterInputs,
    ...stackInputs,
    ...changeSetInputs,
    ...recoveryInputs,
    ...guardInputs,
    ...reportInputs,
    ...connectionInputs,
  },
  outputs,
  permissions,
  sections: { recovery: `\`\`\`mermaid\n${renderRecoveryDiagram()}\n\`\`\`\n\n${renderRecoveryTable()}` },
  workflow: [
    { permission: 'contents: read', reason: 'actions/checkout of the template.' },
    { permission: 'id-token: write', reason: 'Credentials by OIDC, in the step before.' },
    { permission: 'pull-requests: write', reason: '`comment: summary`.' },
  ],
});

export type Definition = typeof definition;
export type Inputs = InputsOf<Definition>;
export type Outputs = OutputsOf<Definition>;
