import { cpSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import { root } from '../../../scripts/command.mjs';
import { GitLabProject, missing } from '../gitlab/project.js';
import { deliverySteps, type Inputs, loginStep } from './delivery.js';
import { type DeliveryHost, keepName } from './host.js';

const audience = 'sts.amazonaws.com';

/** Inputs of the login step with the prefix that components use: every component obtains credentials itself. */
const loginInputs: Inputs = Object.fromEntries(
  Object.entries(loginStep.inputs).map(([name, value]) => [name === 'aws-region' ? name : `oidc-${name}`, value]),
);

const pipeline = stringify({
  stages: deliverySteps.map(({ id }) => id),
  include: deliverySteps.map(({ id, action, inputs }) => ({
    local: `templates/${action}.yml`,
    inputs: { ...loginInputs, ...inputs, stage: id, bundle: root },
  })),
});

const outputs = z.record(z.string(), z.string());

/** GitLab: a pipeline under gitlab-ci-local. */
export const gitlab: DeliveryHost = {
  name: 'GitLab',
  missing,
  identity: { issuer: 'https://gitlab.example', audience, subject: 'project_path:group/shop:ref_type:branch:ref:main' },
  loginCount: deliverySteps.length,
  formatOutputName: keepName,
  outputsOutliveJob: true,
  runDelivery: async (aws, workspace) => {
    using project = new GitLabProject(pipeline);
    cpSync(workspace, project.directory, { recursive: true });
    const { status, log } = await project.run({
      AWS_ENDPOINT_URL: aws.url,
      GITLAB_OIDC_TOKEN: await aws.issueToken({ audience }),
    });
    if (status !== 0) throw new Error(`the pipeline ended with ${status}:\n${log}`);
    return deliverySteps.map((step) => ({
      steps: [loginStep, step],
      outputs: outputs.parse(JSON.parse(project.readArtifact(`aws-delivery/${step.action}/outputs.json`))),
    }));
  },
};
