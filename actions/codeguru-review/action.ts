import { defineAction, type Inputs, type Outputs } from '@aws-delivery/action-kit/inputs/definition';
import { gateInputs } from './src/inputs/gate.js';
import { inspectorInputs } from './src/inputs/inspector.js';
import { outputs } from './src/inputs/outputs.js';
import { permissions } from './src/inputs/permissions.js';
import { reportInputs } from './src/inputs/report.js';
import { connectionInputs, reviewerInputs } from './src/inputs/reviewer.js';
import { sourceInputs } from './src/inputs/source.js';

/** Definition of codeguru-review; `npm run generate` derives action.yml, the README tables and the IAM policy from it. */
export const definition = defineAction({
  name: 'codeguru-review',
  title: 'AWS Delivery: code review gate',
  description: 'Run or fetch a code review, fail on the findings that matter, and show them on the lines',
  branding: { icon: 'eye', color: 'orange' },
  inputs: {
    ...sourceInputs,
    ...reviewerInputs,
    ...inspectorInputs,
    ...gateInputs,
    ...reportInputs,
    ...connectionInputs,
  },
  outputs,
  permissions,
  workflow: [
    { permission: 'id-token: write', reason: 'Credentials by OIDC, in the step before.' },
    { permission: 'contents: read', reason: 'actions/checkout, with `fetch-depth: 0` for pull requests.' },
    { permission: 'pull-requests: write', reason: '`comment`.' },
    { permission: 'security-events: write', reason: '`upload-sarif`.' },
  ],
});

export type ReviewInputs = Inputs<typeof definition>;
export type ReviewOutputs = Outputs<typeof definition>;
