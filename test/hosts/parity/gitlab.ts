import { cpSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import { root } from '../../../scripts/command.mjs';
import { GitLabProject, missing } from '../gitlab/project.js';
import { entrance, type Inputs, work } from './delivery.js';
import { type DeliveryHost, sameName } from './host.js';

const audience = 'sts.amazonaws.com';

/** A component gets credentials itself: their step's inputs are its own, all but the Region under a prefix. */
const entranceInputs: Inputs = Object.fromEntries(
  Object.entries(entrance.inputs).map(([name, value]) => [name === 'aws-region' ? name : `oidc-${name}`, value]),
);

const pipeline = stringify({
  stages: work.map(({ id }) => id),
  include: work.map(({ id, action, inputs }) => ({
    local: `templates/${action}.yml`,
    inputs: { ...entranceInputs, ...inputs, stage: id, bundle: root },
  })),
});

const outputs = z.record(z.string(), z.string());

/** GitLab, as gitlab-ci-local runs its pipelines. */
export const gitlab: DeliveryHost = {
  name: 'GitLab',
  missing,
  identity: { issuer: 'https://gitlab.example', audience, subject: 'project_path:group/shop:ref_type:branch:ref:main' },
  entrances: work.length,
  outputName: sameName,
  outputsOutliveJob: true,
  deliver: async (aws, workspace) => {
    using project = new GitLabProject(pipeline);
    cpSync(workspace, project.folder, { recursive: true });
    const { status, log } = await project.run({
      AWS_ENDPOINT_URL: aws.url,
      GITLAB_OIDC_TOKEN: await aws.token({ audience }),
    });
    if (status !== 0) throw new Error(`the pipeline ended with ${status}:\n${log}`);
    return work.map((step) => ({
      steps: [entrance, step],
      outputs: outputs.parse(JSON.parse(project.artifact(`aws-delivery/${step.action}/outputs.json`))),
    }));
  },
};
