import { createHash } from 'node:crypto';
import type { Definition, Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { formatTaskName } from '@aws-delivery/azure-devops/azure-names';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';
import { formatDefault } from '../format-default.js';
import { convertToAzureTerms, formatHelp, formatLabel } from './text.js';
import { buildVisibleRule, getVisibilityRule } from './visibility.js';

/**
 * What a pipeline on Azure DevOps has no use for: GitHub's API and its pull requests, and a renewal by later steps, whom
 * the task's token endpoint does not outlive.
 */
const absentInputs = ['comment', 'github-token', 'upload-sarif', 'refresh'];

/** Defaults that are others on Azure DevOps: what its tokens say, and who assumes the role. */
const hostDefaults: Readonly<Record<string, string>> = {
  audience: 'api://AzureADTokenExchange',
  'role-session-name': 'AzureDevOps',
};

/** The inputs that a task has, in the order of the definition. */
export const listTaskInputs = (definition: Definition): readonly [string, Input<unknown>][] =>
  Object.entries(definition.inputs).filter(([name]) => !absentInputs.includes(name));

type Control = Readonly<Record<string, unknown>>;

const text = (): Control => ({ type: 'string' });
const area = (): Control => ({ type: 'multiLine', properties: { resizable: true, rows: '4' } });
const pickList = (choices: readonly string[], properties: Control): Control => ({
  type: 'pickList',
  options: Object.fromEntries(choices.map((choice) => [choice, choice])),
  properties: { EditableOptions: 'True', ...properties },
});

/** How the task editor asks for an input. A switch without a default must be able to stay unset, as no checkbox can. */
const controls: Readonly<Record<InputKind, (input: Input<unknown>) => Control>> = {
  string: text,
  boolean: (input) => (input.default === undefined ? pickList(['true', 'false'], {}) : { type: 'boolean' }),
  integer: text,
  duration: text,
  choice: ({ choices }) => pickList(choices, {}),
  choices: ({ choices }) => pickList(choices, { MultiSelectFlatList: 'True' }),
  list: area,
  lines: area,
  mapping: area,
  document: area,
};

/** The default in words; those of Azure DevOps are filled in by the task, all others by the action. */
const getDefaultValue = (name: string, input: Input<unknown>): string => {
  const value = hostDefaults[name] ?? formatDefault(input);
  return value === '{}' ? '' : value;
};

/** Only what has a control of its own shows its default in it: a value that is filled in looks as if it were given. */
const isPrefilled = ({ kind }: Input<unknown>): boolean => ['boolean', 'choice', 'choices'].includes(kind);

/** What the task schema allows as the name of an input. */
const isName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]*$/.test(name);

/** Other names that pipelines may write: those of peers that mean the same value, and the AWS toolkit's for the Region. */
const listAliases = (name: string, input: Input<unknown>): readonly string[] => {
  const same = Object.entries(input.aliases ?? {}).filter(([, meaning]) => meaning === '%');
  const names = [...(name === 'aws-region' ? ['regionName'] : []), ...same.map(([old]) => toAzureName(old))];
  return names.filter(isName);
};

const groupName = (group: string): string => toAzureName(group.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));

const buildTaskInput = (definition: Definition, name: string, input: Input<unknown>): Control => {
  const aliases = listAliases(name, input);
  const visibility = getVisibilityRule(definition.name, name);
  return {
    name: toAzureName(name),
    ...(aliases.length === 0 ? {} : { aliases }),
    label: formatLabel(name),
    ...controls[input.kind](input),
    defaultValue: isPrefilled(input) ? getDefaultValue(name, input) : '',
    required: input.required,
    helpMarkDown: formatHelp(input, isPrefilled(input) ? '' : getDefaultValue(name, input), definition),
    ...(name === 'aws-region' || input.group === undefined ? {} : { groupName: groupName(input.group) }),
    ...(visibility === undefined ? {} : { visibleRule: buildVisibleRule(visibility) }),
  };
};

/** The connection, by the name and of the type that the AWS toolkit's tasks have: theirs go on working. */
const connectionInput: Control = {
  name: 'awsCredentials',
  label: 'AWS credentials',
  type: 'connectedService:AWS',
  defaultValue: '',
  required: false,
  helpMarkDown: [
    'Service connection of type AWS: keys, a role to assume with them, or a role to assume by OIDC. Without it, in this',
    'order: the credentials that AWSDeliveryOIDCCredentials got in a step before; the variables `AWS.AccessKeyID`,',
    '`AWS.SecretAccessKey`, `AWS.SessionToken` and `AWS.AssumeRoleArn`; those of the agent’s machine.',
  ].join(' '),
};

const buildGroups = (inputs: readonly (readonly [string, Input<unknown>])[]): readonly object[] =>
  [
    ...new Set(inputs.flatMap(([name, { group }]) => (group === undefined || name === 'aws-region' ? [] : [group]))),
  ].map((group, index) => ({ name: groupName(group), displayName: group, isExpanded: index === 0 }));

/** A number that stays the same for a name, in the form of a UUID of version 5: what the server knows a task by. */
const buildTaskId = (task: string): string => {
  const hash = createHash('sha1').update(`https://github.com/aws-delivery/suite/hosts/azure-devops/${task}`);
  const hex = hash.digest('hex').slice(0, 32).split('');
  hex[12] = '5';
  hex[16] = '89ab'.charAt(Number.parseInt(hex[16] ?? '0', 16) % 4);
  const digits = hex.join('');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
};

const buildHandlers = (target: string): object => {
  const handler = { target, argumentFormat: '' };
  return { Node20_1: handler, Node24: handler };
};

const parseVersion = (version: string): object => {
  const [Major, Minor, Patch] = version.split('.').map(Number);
  return { Major, Minor, Patch };
};

/** What a task is called in the list of steps: its action and the one input that says most. */
const renderInstanceName = ({ title, inputs }: Definition): string => {
  const visibleInputs = ['name', 'repository', 'role-arn', 'tree'].find((name) => name in inputs);
  return visibleInputs === undefined ? title : `${title} $(${toAzureName(visibleInputs)})`;
};

export interface TaskOptions {
  /** Of the suite: major, minor and patch. */
  readonly version: string;
  /** The project's page. */
  readonly homepage: string;
}

/**
 * The text of an action's task.json. Agents know the handler `Node20_1` from 3.232.1 on. Every task has a post-job step,
 * also of actions without one: what it leaves on the agent's disk goes with the job.
 */
export const renderTaskJson = (definition: Definition, { version, homepage }: TaskOptions): string => {
  const inputs = listTaskInputs(definition);
  const [first, ...others] = [...inputs].sort(([a], [b]) => Number(b === 'aws-region') - Number(a === 'aws-region'));
  const ordered = first === undefined ? [] : [first, ...others];
  const task = {
    id: buildTaskId(formatTaskName(definition.name)),
    name: formatTaskName(definition.name),
    friendlyName: definition.title,
    description: definition.description,
    helpUrl: `${homepage}/tree/main/hosts/azure-devops`,
    helpMarkDown: `[All about it](${homepage}/tree/main/actions/${definition.name})`,
    category: 'Deploy',
    author: 'AWS Delivery Actions',
    version: parseVersion(version),
    minimumAgentVersion: '3.232.1',
    instanceNameFormat: renderInstanceName(definition),
    groups: buildGroups(inputs),
    inputs: [connectionInput, ...ordered.map(([name, input]) => buildTaskInput(definition, name, input))],
    outputVariables: Object.entries(definition.outputs)
      .filter(([name]) => !name.includes('*'))
      .map(([name, { help }]) => ({ name: toAzureName(name), description: convertToAzureTerms(help, definition) })),
    execution: buildHandlers('main.js'),
    postjobexecution: buildHandlers('post.js'),
  };
  return `${JSON.stringify(task, null, 2)}\n`;
};
