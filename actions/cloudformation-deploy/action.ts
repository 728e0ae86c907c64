import {
  defineAction,
  type Inputs as InputsOf,
  type Outputs as OutputsOf,
} from '@aws-delivery/action-kit/inputs/definition';
import { assemblyInputs } from './src/inputs/assembly.js';
import { changeSetInputs, guardInputs } from './src/inputs/change-set.js';
import { outputs } from './src/inputs/outputs.js';
import { permissions } from './src/inputs/permissions.js';
import { recoveryInputs } from './src/inputs/recovery.js';
import { connectionInputs, reportInputs } from './src/inputs/report.js';
import { operationInputs, stackInputs } from './src/inputs/stack.js';
import { stackSetInputs } from './src/inputs/stack-set.js';
import { stacksInputs } from './src/inputs/stacks.js';
import { parameterInputs, templateInputs } from './src/inputs/template.js';
import { renderRecoveryDiagram, renderRecoveryTable } from './src/recovery/recovery-diagram.js';

/** Definition of the action, from which action.yml, README tables and IAM policy are generated. */
export const definition = defineAction({
  name: 'cloudformation-deploy',
  title: 'AWS Delivery: CloudFormation deploy',
  description:
    'Deploy a CloudFormation stack, retry from the point of failure or roll back, and report the root cause of a failure',
  branding: { icon: 'layers', color: 'orange' },
  inputs: {
    ...operationInputs,
    ...stacksInputs,
    ...assemblyInputs,
    ...templateInputs,
    ...parameterInputs,
    ...stackInputs,
    ...changeSetInputs,
    ...recoveryInputs,
    ...guardInputs,
    ...stackSetInputs,
    ...reportInputs,
    ...connectionInputs,
  },
  outputs,
  permissions,
  sections: { recovery: `\`\`\`mermaid\n${renderRecoveryDiagram()}\n\`\`\`\n\n${renderRecoveryTable()}` },
  workflow: [
    { permission: 'contents: read', reason: 'Check out the template with actions/checkout.' },
    { permission: 'id-token: write', reason: 'Get AWS credentials through OIDC in an earlier step.' },
    { permission: 'pull-requests: write', reason: '`comment: summary`.' },
  ],
});

export type Definition = typeof definition;
export type Inputs = InputsOf<Definition>;
export type Outputs = OutputsOf<Definition>;
