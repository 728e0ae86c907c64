import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boolean, choice, choices, defineAction, document, string } from '@aws-delivery/action-kit/inputs/definition';
import { formatTaskName } from '@aws-delivery/azure-devops/azure-names';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { root } from '../command.mjs';
import { renderExtensionJson } from '../generate/azure/extension.js';
import { renderTaskJson } from '../generate/azure/task.js';

const suite = { version: '1.2.3', homepage: 'https://github.com/aws-delivery/suite' };

const definition = defineAction({
  name: 'cloudformation-deploy',
  title: 'Sample',
  description: 'A sample.',
  branding: { icon: 'cloud', color: 'orange' },
  inputs: {
    name: string({
      required: true,
      help: 'The name, in `mode: drift` too.',
      group: 'Stack',
      aliases: { 'stack-name': '%' },
    }),
    mode: choice('deploy', 'drift')({ help: 'What to do.', group: 'Stack' }),
    'fail-on-drift': boolean({ default: true, help: 'Fail on drift; see `stack-status`.', group: 'Stack' }),
    'termination-protection': boolean({ help: 'Protect.', group: 'More things' }),
    capabilities: choices('A', 'B')({ default: ['A'], help: 'Any.', group: 'More things' }),
    'kms-key-ids': document({ help: 'Keys.', group: 'More things', aliases: { old: '%m' } }),
    'github-token': string({ help: 'Token.', group: 'More things' }),
    'aws-region': string({ help: 'Region.', group: 'Connection' }),
  },
  outputs: { 'stack-status': { help: 'The status.' }, '*': { help: 'Family.' } },
  permissions: {},
  workflow: [],
});

const inputSchema = z.looseObject({
  name: z.string(),
  aliases: z.array(z.string()).default([]),
  visibleRule: z.string().optional(),
});
const taskSchema = z.looseObject({ name: z.string(), friendlyName: z.string(), inputs: z.array(inputSchema) });
const readTask = (text: string): z.infer<typeof taskSchema> => taskSchema.parse(JSON.parse(text));

describe('renderTaskJson', () => {
  const task = readTask(renderTaskJson(definition, suite));
  const input = (name: string): unknown => task.inputs.find((each) => each.name === name);

  it('writes the version, both handlers and a post-job step', () => {
    const handler = { target: 'post.js', argumentFormat: '' };
    expect(task).toMatchObject({
      name: 'AWSDeliveryCloudFormationDeploy',
      version: { Major: 1, Minor: 2, Patch: 3 },
      execution: { Node20_1: { target: 'main.js' }, Node24: { target: 'main.js' } },
      postjobexecution: { Node20_1: handler, Node24: handler },
    });
  });

  it('starts with the connection and the Region under the names of the AWS toolkit’s tasks', () => {
    expect(task.inputs.slice(0, 2)).toMatchObject([
      { name: 'awsCredentials', type: 'connectedService:AWS', required: false },
      { name: 'awsRegion', aliases: ['regionName'] },
    ]);
  });

  it('uses pick lists for choices and for booleans without a default', () => {
    expect(input('mode')).toMatchObject({ type: 'pickList', options: { deploy: 'deploy', drift: 'drift' } });
    expect(input('capabilities')).toMatchObject({ properties: { MultiSelectFlatList: 'True' }, defaultValue: 'A' });
    expect(input('failOnDrift')).toMatchObject({ type: 'boolean', defaultValue: 'true' });
    expect(input('terminationProtection')).toMatchObject({ type: 'pickList', defaultValue: '' });
  });

  it('writes labels, groups and help with names of Azure DevOps', () => {
    expect(input('kmsKeyIds')).toMatchObject({ label: 'KMS key IDs', type: 'multiLine', groupName: 'moreThings' });
    expect(input('failOnDrift')).toMatchObject({ helpMarkDown: 'Fail on drift; see `stackStatus`.' });
    expect(task['groups']).toEqual([
      { name: 'stack', displayName: 'Stack', isExpanded: true },
      { name: 'moreThings', displayName: 'More things', isExpanded: false },
    ]);
  });

  it('writes visible rules', () => {
    expect(input('failOnDrift')).toMatchObject({ visibleRule: 'mode = drift' });
  });

  it('writes aliases with the same value and omits inputs for GitHub', () => {
    expect(input('name')).toMatchObject({ aliases: ['stackName'], required: true });
    expect(input('kmsKeyIds')).toMatchObject({ aliases: [] });
    expect(input('githubToken')).toBeUndefined();
  });

  it('declares outputs except families as output variables', () => {
    expect(task['outputVariables']).toEqual([{ name: 'stackStatus', description: 'The status.' }]);
  });
});

describe('the generated tasks', () => {
  const directory = join(root, 'hosts', 'azure-devops', 'tasks');
  const tasks = readdirSync(directory).map((name) =>
    readTask(readFileSync(join(directory, name, 'task.json'), 'utf8')),
  );

  it.each(tasks.map((task) => [task.name, task] as const))('%s conforms to the task schema', (_, task) => {
    expect(task.friendlyName.length).toBeLessThanOrEqual(40);
    const names = task.inputs.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.filter((name) => !/^[A-Za-z][A-Za-z0-9]*$/u.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it.each(tasks.map((task) => [task.name, task] as const))(
    '%s has visible rules with existing inputs and values',
    (_, task) => {
      const terms = task.inputs.flatMap(({ visibleRule }) => visibleRule?.split(' || ') ?? []);
      for (const term of terms) {
        const [, name, value] = /^(\w+) = (\S+)$/u.exec(term) ?? [];
        const decider = task.inputs.find((each) => each.name === name);
        const values = decider?.['type'] === 'boolean' ? ['true', 'false'] : Object.keys(decider?.['options'] ?? {});
        expect([...values, ...(decider?.['defaultValue'] === '' ? ['""'] : [])]).toContain(value);
      }
    },
  );
});

describe('names on Azure DevOps', () => {
  it.each([
    ['role-arn', 'roleArn'],
    ['s3-bucket', 's3Bucket'],
    ['docker_username_1', 'docker_username_1'],
    ['Nested-Output', 'NestedOutput'],
    ['a b:c', 'a_b_c'],
  ])('maps %s to %s', (name, azureName) => {
    expect(toAzureName(name)).toBe(azureName);
  });

  it('spells task names as AWS spells its services', () => {
    expect(['ecr-push', 'oidc-credentials', 'health-gate'].map(formatTaskName)).toEqual([
      'AWSDeliveryECRPush',
      'AWSDeliveryOIDCCredentials',
      'AWSDeliveryHealthGate',
    ]);
  });
});

describe('renderExtensionJson', () => {
  it('writes a contribution and a path for each definition', () => {
    expect(JSON.parse(renderExtensionJson([definition], suite))).toMatchObject({
      version: '1.2.3',
      files: [{ path: 'tasks/AWSDeliveryCloudFormationDeploy' }],
      contributions: [
        { type: 'ms.vss-distributed-task.task', properties: { name: 'tasks/AWSDeliveryCloudFormationDeploy' } },
      ],
    });
  });
});
