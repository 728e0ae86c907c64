import { defineAction, type Inputs, type Outputs } from '@aws-delivery/action-kit/definition';
import { gateInputs } from './src/inputs/gate.js';
import { reportInputs } from './src/inputs/report.js';
import { sourceInputs } from './src/inputs/source.js';

/** Everything declared of codeguru-review; `npm run generate` makes the rest from it. */
export const definition = defineAction({
  name: 'codeguru-review',
  title: 'AWS Delivery: code review gate',
  description: 'Run or fetch a code review, fail on the findings that matter, and show them on the lines',
  branding: { icon: 'eye', color: 'orange' },
  inputs: { ...sourceInputs, ...gateInputs, ...reportInputs },
  outputs: {
    verdict: { help: '`passed`, `blocked`, or `unknown` where no complete answer could be had.' },
    reason: { help: 'The verdict in one sentence.' },
    findings: { help: 'The findings that fail, worst first, as JSON; at most 100. All are in the files.' },
    counts: { help: 'How many findings there are of each severity and standing, as JSON.' },
    'new-count': { help: 'How many findings were not there before; unset where nothing was compared.' },
    'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
    'json-file': { help: 'Path of `recommendations.json`, in the shape of the AWS CodeGuru CLI’s.' },
    'html-file': { help: 'Path of the report as one HTML page.' },
  },
  permissions: {},
  workflow: [{ permission: 'contents: read', why: 'actions/checkout, with `fetch-depth: 0` for pull requests.' }],
});

export type ReviewInputs = Inputs<typeof definition>;
export type ReviewOutputs = Outputs<typeof definition>;
