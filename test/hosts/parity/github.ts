import { join } from 'node:path';
import { Job } from '@aws-delivery/node-runner/job/job';
import { stringify } from 'yaml';
import { root } from '../../../scripts/command.mjs';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { readRepositoryName } from '../../../scripts/release/repository-name.mjs';
import { readMajorTag } from '../../../scripts/release/version.mjs';
import { Act } from '../../e2e/act/act.js';
import { delivery, type Identity, type Inputs } from './delivery.js';
import { type DeliveryHost, keepName } from './host.js';

const identity: Identity = {
  issuer: 'https://token.actions.githubusercontent.com',
  audience: 'sts.amazonaws.com',
  subject: 'repo:octo-org/octo-repo:ref:refs/heads/main',
};

/** Converts inputs to strings, as GitHub's runner does. */
const stringifyInputs = (inputs: Inputs): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));

const workflow = stringify({
  on: 'push',
  jobs: {
    deliver: {
      'runs-on': 'ubuntu-latest',
      steps: [
        { uses: 'actions/checkout@v4' },
        ...delivery.map(({ id, action, inputs }) => ({
          id,
          uses: `${readRepositoryName()}/actions/${action}@${readMajorTag()}`,
          with: inputs,
        })),
      ],
    },
  },
});

const path = '.github/workflows/delivery.yml';

/** GitHub: a workflow under act. */
export const github: DeliveryHost = {
  name: 'GitHub',
  missing: findProgram('act') === undefined ? ['act'] : [],
  identity,
  loginCount: 1,
  formatOutputName: keepName,
  outputsOutliveJob: false,
  runDelivery: async (aws, workspace) => {
    using act = new Act();
    const env = aws.createEnv();
    const { exitCode, output, findStep } = await act.run({
      from: workspace,
      files: { [path]: workflow },
      workflow: path,
      env,
    });
    if (exitCode !== 0) throw new Error(`act ended with ${exitCode}:\n${output}`);
    return delivery.map((step) => ({ steps: [step], outputs: findStep(step.id).outputs }));
  },
};

/** The node runner's `Job` in this process, as in the demo. */
export const contract: DeliveryHost = {
  name: "the node runner's job",
  missing: [],
  identity,
  loginCount: 1,
  formatOutputName: keepName,
  outputsOutliveJob: false,
  runDelivery: async (aws, workspace) => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = aws.createEnv();
    await using job = new Job({ workspace, idToken: { url, token }, env: { AWS_ENDPOINT_URL: aws.url } });
    const groups = [];
    for (const step of delivery) {
      const action = join(root, 'actions', step.action);
      const { conclusion, outputs, log } = await job.run({ id: step.id, action, inputs: stringifyInputs(step.inputs) });
      if (conclusion !== 'success') throw new Error(`${step.action} ended with ${conclusion}:\n${log.join('\n')}`);
      groups.push({ steps: [step], outputs });
    }
    return groups;
  },
};
