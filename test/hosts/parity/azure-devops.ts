import { cpSync } from 'node:fs';
import { startAgent } from '../azure-devops/account.js';
import { AzureServer, audience, issuer, subjects } from '../azure-devops/server.js';
import { delivery, type Inputs } from './delivery.js';
import type { DeliveryHost } from './host.js';

const tasks: Readonly<Record<string, string>> = {
  'oidc-credentials': 'AWSDeliveryOIDCCredentials',
  'health-gate': 'AWSDeliveryHealthGate',
  'ecr-push': 'AWSDeliveryECRPush',
  'cloudformation-deploy': 'AWSDeliveryCloudFormationDeploy',
  'appconfig-rollout': 'AWSDeliveryAppConfigRollout',
};

/** Inputs and outputs of tasks have the names of the action's in camel case. */
const toCamelCase = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const toTaskInputs = (inputs: Inputs): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [toCamelCase(name), String(value)]));

/** Azure DevOps: our tasks on an agent, with the pipeline's OIDC tokens. */
export const azureDevops: DeliveryHost = {
  name: 'Azure DevOps',
  missing: [],
  identity: { issuer, audience, subject: subjects.pipeline },
  loginCount: 1,
  formatOutputName: toCamelCase,
  outputsOutliveJob: false,
  runDelivery: async (aws, workspace) => {
    await using server = await AzureServer.start(() => aws);
    await using agent = startAgent(aws, { server });
    cpSync(workspace, agent.workspace, { recursive: true });
    const groups = [];
    for (const step of delivery) {
      const task = tasks[step.action] ?? '';
      const { result, outputs, log } = await agent.run({ task, name: step.id, inputs: toTaskInputs(step.inputs) });
      if (result !== 'succeeded') throw new Error(`${task} ${result}:\n${log.join('\n')}`);
      groups.push({ steps: [step], outputs });
    }
    return groups;
  },
};
