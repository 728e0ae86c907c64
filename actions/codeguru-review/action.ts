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
  description:
    'Run or read a code review, fail the step on findings at or above a severity, and show them on the affected lines',
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
    { permission: 'id-token: write', reason: 'Get AWS credentials through OIDC in an earlier step.' },
    { permission: 'contents: read', reason: 'Check out the repository, with `fetch-depth: 0` for pull requests.' },
    { permission: 'pull-requests: write', reason: '`comment`: write comments on the pull request.' },
    { permission: 'security-events: write', reason: '`upload-sarif`: upload findings to code scanning.' },
  ],
});

export type ReviewInputs = Inputs<typeof definition>;
export type ReviewOutputs = Outputs<typeof definition>;
