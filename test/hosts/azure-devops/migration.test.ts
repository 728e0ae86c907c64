import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EXTENSION_DIRECTORY } from '../../../scripts/bundle/extension.mjs';
import { root } from '../../../scripts/command.mjs';
import { findProgramObstacle } from '../../required-programs.js';
import { connectionIds, scenario, startAgent } from './account.js';
import type { Agent } from './agent.js';
import { readSteps, runSteps, type Step } from './pipeline.js';
import { AzureServer } from './server.js';
import { readTaskFile } from './task-file.js';

const readme = readFileSync(join(root, 'hosts', 'azure-devops', 'README.md'), 'utf8');

const readPipeline = (product: 'toolkit' | 'ours', name: string): readonly Step[] => {
  const [, yaml] = new RegExp(`<!-- ${product}: ${name} -->\\s+\`\`\`yaml\\n(.*?)\`\`\``, 'su').exec(readme) ?? [];
  if (yaml === undefined) throw new Error(`the README has no pipeline '${product}: ${name}'`);
  return readSteps(yaml);
};

/** The rows of a migration table: an input of the toolkit, optionally with a value, and its replacement. */
const readTable = (task: string): readonly (readonly [there: string, here: string])[] => {
  const [, rows = ''] = new RegExp(`<!-- table: ${task} -->\\s+((?:\\|.*\\n)+)`, 'u').exec(readme) ?? [];
  return [...rows.matchAll(/^\| `(\w+)[^`]*` \| (.*) \|$/gmu)].map(([, toolkitInput = '', replacement = '']) => [
    toolkitInput,
    replacement,
  ]);
};

/** Inputs of the toolkit's tasks in version 1.23 (aws/aws-toolkit-azure-devops `src/tasks/<task>/task.json`). */
const everyTask = ['awsCredentials', 'regionName', 'logRequest', 'logResponse'];
const toolkitInputs = {
  CloudFormationCreateOrUpdateStack: [
    ...['stackName', 'templateSource', 'templateFile', 's3BucketName', 's3ObjectKey', 'templateUrl'],
    ...['templateParametersSource', 'templateParametersFile', 'templateParameters', 'useChangeSet', 'changeSetName'],
    ...['description', 'includeNestedStacks', 'autoExecuteChangeSet', 'capabilityIAM', 'capabilityNamedIAM'],
    ...['capabilityAutoExpand', 'roleARN', 'resourceTypes', 'notificationARNs', 'tags', 'monitorRollbackTriggers'],
    ...['monitoringTimeInMinutes', 'rollbackTriggerARNs', 'onFailure', 'disableRollback', 'warnWhenNoWorkNeeded'],
    ...['outputVariable', 'captureStackOutputs', 'captureAsSecuredVars', 'timeoutInMins'],
  ],
  CloudFormationExecuteChangeSet: [
    ...['changeSetName', 'stackName', 'noFailOnEmptyChangeSet', 'deleteEmptyChangeSet', 'outputVariable'],
    ...['captureStackOutputs', 'captureAsSecuredVars'],
  ],
  CloudFormationDeleteStack: ['stackName'],
  ECRPushImage: [
    ...['imageSource', 'sourceImageName', 'sourceImageTag', 'sourceImageId', 'repositoryName', 'pushTag'],
    ...['autoCreateRepository', 'forceDockerNamingConventions', 'removeDockerImage', 'outputVariable'],
  ],
  ECRPullImage: ['repository', 'imageSource', 'imageTag', 'imageDigest', 'outputVariable'],
} as const;

const replacements = {
  CloudFormationCreateOrUpdateStack: 'AWSDeliveryCloudFormationDeploy',
  CloudFormationExecuteChangeSet: 'AWSDeliveryCloudFormationDeploy',
  CloudFormationDeleteStack: 'AWSDeliveryCloudFormationDeploy',
  ECRPushImage: 'AWSDeliveryECRPush',
  ECRPullImage: 'AWSDeliveryECRPush',
} as const;

type ToolkitTask = keyof typeof toolkitInputs;
const toolkitTasks = Object.keys(toolkitInputs) as ToolkitTask[];

describe('the migration tables', () => {
  it('list the inputs that every task of the toolkit has', () => {
    expect(readTable('all').map(([toolkitInput]) => toolkitInput)).toEqual(everyTask);
  });

  it.each(toolkitTasks)('list every input of %s', (task) => {
    const rows = readTable(task).map(([toolkitInput]) => toolkitInput);
    expect([...new Set(rows)].sort()).toEqual([...toolkitInputs[task]].sort());
  });

  it.each(toolkitTasks)('name only existing inputs and outputs as replacements for %s', (task) => {
    const { inputs, outputVariables } = readTaskFile(join(EXTENSION_DIRECTORY, 'tasks', replacements[task]));
    const known = [
      ...inputs.flatMap(({ name, aliases }) => [name, ...aliases]),
      ...outputVariables.map(({ name }) => name),
    ];
    for (const [, replacement] of readTable(task)) {
      const inputNames = [...replacement.matchAll(/`([a-z]\w+)(?:: [^`]*)?`/gu)].map(([, name]) => name ?? '');
      const outputs = [...replacement.matchAll(/`\$\(step\.([a-z]\w+)\)`/gu)].map(([, name]) => name ?? '');
      for (const name of [...inputNames, ...outputs]) expect(known).toContain(name);
    }
  });

  it.each(['create', 'change-set', 'delete', 'push', 'pull'])('cover the pipeline of the toolkit: %s', (name) => {
    for (const step of readPipeline('toolkit', name)) {
      if ('script' in step) continue;
      const task = toolkitTasks.find((known) => step.task === `${known}@1`);
      expect(task).toBeDefined();
      const inputs = task === undefined ? [] : [...everyTask, ...toolkitInputs[task]];
      expect(inputs).toEqual(expect.arrayContaining(Object.keys(step.inputs)));
    }
  });
});

const template = JSON.stringify({
  Parameters: { Delay: { Type: 'String' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { Ref: 'Delay' } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'ticket-shop', AssumeRolePolicyDocument: {} } },
  },
  Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
});
const formatParameters = (delay: string): string => JSON.stringify([{ ParameterKey: 'Delay', ParameterValue: delay }]);

describe('the pipelines that replace the toolkit’s', () => {
  let aws: LocalAws;
  let server: AzureServer;

  beforeEach(async () => {
    aws = await startLocalAws({ scenario });
    server = await AzureServer.start(() => aws);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await aws.close();
  });

  const start = (machine: Readonly<Record<string, string>> = {}): Agent =>
    startAgent(aws, {
      server,
      connectionNames: { aws: connectionIds.oidc },
      machine: { AWS_ENDPOINT_URL: aws.url, ...machine },
    });
  const findInput = (operation: string): unknown => aws.calls().findLast((call) => call.operation === operation)?.input;

  it('create a stack, review and execute a change set, and delete the stack', async () => {
    await using agent = start();
    writeFileSync(join(agent.workspace, 'template.json'), template);
    writeFileSync(join(agent.workspace, 'parameters.json'), formatParameters('1'));

    const created = await runSteps(readPipeline('ours', 'create'), agent);
    expect(created.outcomes.map(({ result }) => result)).toEqual(['succeeded']);
    expect(created.scriptOutputs).toEqual([
      expect.stringMatching(/ticket-shop-Queue-\w+ of arn:aws:cloudformation:eu-west-1:/u),
    ]);
    expect(findInput('CreateChangeSet')).toMatchObject({
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      OnStackFailure: 'DELETE',
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '1' }],
      Tags: [{ Key: 'team', Value: 'tickets' }],
    });

    writeFileSync(
      join(agent.workspace, 'template.json'),
      template.replace('"Type":"String"', '"Type":"String","Default":"2"'),
    );
    const unchanged = await runSteps(readPipeline('ours', 'change-set'), agent);
    expect(unchanged.outcomes.map(({ outputs }) => outputs['hasChanges'])).toEqual(['false']);

    writeFileSync(join(agent.workspace, 'template.json'), template.replace('"Ref":"Delay"', '"Fn::Sub":"${Delay}0"'));
    const released = await runSteps(readPipeline('ours', 'change-set'), agent);
    expect(released.outcomes.map(({ outputs }) => outputs['stackStatus'])).toEqual([
      'CREATE_COMPLETE',
      'UPDATE_COMPLETE',
    ]);
    expect(findInput('CreateChangeSet')).toMatchObject({
      ChangeSetName: 'release-42',
      Description: expect.stringMatching(/^release of ffac537e/u),
    });
    expect(released.scriptOutputs.at(-1)).toContain('ticket-shop-Queue-');

    const deleted = await runSteps(readPipeline('ours', 'delete'), agent);
    expect(deleted.outcomes.map(({ result }) => result)).toEqual(['succeeded']);
    expect(findInput('DeleteStack')).toBeDefined();
    expect((await agent.finish()).map(({ result }) => result)).not.toContain('failed');
  });

  declareUnless(findProgramObstacle(['buildah']), it)('push an engine’s image with two tags, and pull it', async () => {
    await using agent = start();
    const storage = join(agent.workspace, 'storage.conf');
    const storageLines = ['graphroot', 'runroot'].map((name) => `${name} = "${join(agent.workspace, name)}"`);
    writeFileSync(storage, ['[storage]', 'driver = "vfs"', ...storageLines, ''].join('\n'));
    agent.variables.set('CONTAINERS_STORAGE_CONF', storage);
    mkdirSync(join(agent.workspace, 'image'));
    writeFileSync(join(agent.workspace, 'image', 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    await agent.runScript('buildah bud --tag ticket-shop:latest image');

    const pushed = await runSteps(readPipeline('ours', 'push'), agent);
    expect(pushed.outcomes.map(({ result }) => result)).toEqual(['succeeded']);
    expect(pushed.scriptOutputs).toEqual([expect.stringMatching(/\/team\/ticket-shop@sha256:[0-9a-f]{64}$/u)]);
    expect(findInput('CreateRepository')).toMatchObject({ repositoryName: 'team/ticket-shop' });

    const pulled = await runSteps(readPipeline('ours', 'pull'), agent);
    expect(pulled.outcomes.map(({ outputs }) => outputs['digest'])).toEqual([pushed.outcomes[0]?.outputs['digest']]);
  });
});
