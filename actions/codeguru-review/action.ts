import { defineAction, type Inputs, type Outputs } from '@aws-delivery/action-kit/inputs/definition';
import { gateInputs } from './src/inputs/gate.js';
import { inspectorInputs } from './src/inputs/inspector.js';
import { reportInputs } from './src/inputs/report.js';
import { connectionInputs, reviewerInputs } from './src/inputs/reviewer.js';
import { sourceInputs } from './src/inputs/source.js';

/** Everything declared of codeguru-review; `npm run generate` makes the rest from it. */
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
  outputs: {
    verdict: { help: '`passed`, `blocked`, or `unknown` where no complete answer could be had.' },
    reason: { help: 'The verdict in one sentence.' },
    findings: { help: 'The findings that fail, worst first, as JSON; at most 100. All are in the files.' },
    counts: { help: 'How many findings there are of each severity and standing, as JSON.' },
    'new-count': { help: 'How many findings were not there before; unset where nothing was compared.' },
    'review-arn': { help: 'ARN of CodeGuru Reviewer’s review; unset where there was none.' },
    'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
    'json-file': { help: 'Path of `recommendations.json`, in the shape of the AWS CodeGuru CLI’s.' },
    'html-file': { help: 'Path of the report as one HTML page.' },
  },
  permissions: {
    'codeguru-reviewer': [
      {
        actions: ['codeguru-reviewer:ListRepositoryAssociations'],
        resources: ['*'],
        reason: 'Find the association; not needed where `association` is an ARN.',
      },
      {
        actions: ['codeguru-reviewer:DescribeRepositoryAssociation', 'codeguru-reviewer:CreateCodeReview'],
        resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:association:*'],
        reason: 'See whether the association can be used, and start the review.',
      },
      {
        actions: ['codeguru-reviewer:DescribeCodeReview', 'codeguru-reviewer:ListRecommendations'],
        resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:code-review:*'],
        reason: 'Follow the review, and fetch what it recommends.',
      },
    ],
    upload: [
      {
        actions: ['s3:GetBucketPolicyStatus'],
        resources: ['arn:${Partition}:s3:::codeguru-reviewer-*'],
        reason: 'See that the bucket lets nobody else in before code is uploaded.',
      },
      {
        actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
        resources: ['arn:${Partition}:s3:::codeguru-reviewer-*/aws-delivery/*'],
        reason:
          'Upload source and build artifacts, let CodeGuru Reviewer read them in the caller’s name, and remove them.',
      },
    ],
    inspector: [
      {
        actions: [
          'inspector2:ListCoverage',
          'inspector2:ListFindings',
          'inspector2:StartCodeSecurityScan',
          'inspector2:GetCodeSecurityScan',
        ],
        resources: ['*'],
        reason: '`findings-from: inspector`.',
      },
    ],
    'kms-key-id': [
      {
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['arn:${Partition}:kms:${Region}:${Account}:key/*'],
        reason: '`kms-key-id`, or an association with a key of one’s own.',
      },
    ],
  },
  workflow: [
    { permission: 'id-token: write', reason: 'Credentials by OIDC, in the step before.' },
    { permission: 'contents: read', reason: 'actions/checkout, with `fetch-depth: 0` for pull requests.' },
    { permission: 'pull-requests: write', reason: '`comment`.' },
    { permission: 'security-events: write', reason: '`upload-sarif`.' },
  ],
});

export type ReviewInputs = Inputs<typeof definition>;
export type ReviewOutputs = Outputs<typeof definition>;
