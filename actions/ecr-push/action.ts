import { createReportNameInputs } from '@aws-delivery/action-kit/inputs/common-inputs';
import {
  defineAction,
  type Inputs as InputsOf,
  type Outputs as OutputsOf,
} from '@aws-delivery/action-kit/inputs/definition';
import { buildInputs } from './src/inputs/build.js';
import { imageInputs } from './src/inputs/image.js';
import { environment, outputs } from './src/inputs/outputs.js';
import { permissions } from './src/inputs/permissions.js';
import { connectionInputs, registryInputs } from './src/inputs/registry.js';
import { repositoryInputs } from './src/inputs/repository.js';
import { scanInputs, scanOutputs, scanPermissions } from './src/inputs/scan.js';

/**
 * The action's inputs, outputs and permissions; action.yml, the README's tables and iam-policy.json are generated from
 * it.
 */
export const definition = defineAction({
  name: 'ecr-push',
  title: 'AWS Delivery: ECR push',
  description: 'Build, push, copy, pull and scan images in Amazon ECR, or log in to it; existing images are skipped',
  branding: { icon: 'upload-cloud', color: 'orange' },
  inputs: {
    ...imageInputs,
    ...buildInputs,
    ...registryInputs,
    ...repositoryInputs,
    ...scanInputs,
    ...createReportNameInputs('Reporting'),
    ...connectionInputs,
  },
  outputs: { ...outputs, ...scanOutputs },
  environment,
  permissions: { ...permissions, ...scanPermissions },
  workflow: [
    { permission: 'id-token: write', reason: 'Get AWS credentials through OIDC in an earlier step.' },
    { permission: 'contents: read', reason: 'Check out the files from which the images are built.' },
  ],
});

export type Definition = typeof definition;
export type Inputs = InputsOf<Definition>;
export type Outputs = OutputsOf<Definition>;
