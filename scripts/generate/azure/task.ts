import { createHash } from 'node:crypto';
import type { Definition, Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { formatTaskName } from '@aws-delivery/azure-devops/azure-names';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';
import { formatDefault } from '../format-default.js';
import { convertToAzureTerms, formatHelp, formatLabel } from './text.js';
import { buildVisibleRule, getVisibilityRule } from './visibility.js';

/**
 * Inputs without effect on Azure DevOps: those for GitHub's API and its matrix, and the renewal of credentials in later steps, since the
 * token endpoint ends with the task.
 */
const ABSENT_INPUTS = ['comment', 'github-token', 'upload-sarif', 'refresh', 'matrix'];

/** Defaults that differ on Azure DevOps: the audience of its tokens, and the session name. */
const HOST_DEFAULTS: Readonly<Record<string, string>> = {
  audience: 'api://AzureADTokenExchange',
  'role-session-name': 'AzureDevOps',
};

/** The inputs of a task in the order of the definition. */
const listTaskInputs = (definition: Definition): readonly [string, Input<unknown>][] =>
  Object.entries(definition.inputs).filter(([name]) => !ABSENT_INPUTS.includes(name));

type Control = Readonly<Record<string, unknown>>;

const createTextControl = (): Control => ({ type: 'string' });
const createTextArea = (): Control => ({ type: 'multiLine', properties: { resizable: true, rows: '4' } });
const createPickList = (choices: readonly string[], properties: Control): Control => ({
  type: 'pickList',
  options: Object.fromEntries(choices.map((choice) => [choice, choice])),
  properties: { EditableOptions: 'True', ...properties },
});

/** Controls of the task editor by kind. A boolean without a default is a pick list, since a checkbox cannot be unset. */
const controls: Readonly<Record<InputKind, (input: Input<unknown>) => Control>> = {
  string: createTextControl,
  boolean: (input) => (input.default === undefined ? createPickList(['true', 'false'], {}) : { type: 'boolean' }),
  integer: createTextControl,
  duration: createTextControl,
  choice: ({ choices }) => createPickList(choices, {}),
  choices: ({ choices }) => createPickList(choices, { MultiSelectFlatList: 'True' }),
  list: createTextArea,
  lines: createTextArea,
  mapping: createTextArea,
  document: createTextArea,
};

/** The default as text. The task applies those of HOST_DEFAULTS, the action all others. */
const getDefaultValue = (name: string, input: Input<unknown>): string => {
  const value = HOST_DEFAULTS[name] ?? formatDefault(input);
  return value === '{}' ? '' : value;
};

/** Only checkboxes and pick lists show the default; in a text field it would look like a set value. */
const isPrefilled = ({ kind }: Input<unknown>): boolean => ['boolean', 'choice', 'choices'].includes(kind);

/** The pattern of input names in the task schema. */
const isName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]*$/.test(name);

/** Aliases with an unconverted value, and the AWS toolkit's name for the Region. */
const listAliases = (name: string, input: Input<unknown>): readonly string[] => {
  const same = Object.entries(input.aliases ?? {}).filter(([, meaning]) => meaning === '%');
  const names = [...(name === 'aws-region' ? ['regionName'] : []), ...same.map(([old]) => toAzureName(old))];
  return names.filter(isName);
};

const toGroupName = (group: string): string => toAzureName(group.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));

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
    ...(name === 'aws-region' || input.group === undefined ? {} : { groupName: toGroupName(input.group) }),
    ...(visibility === undefined ? {} : { visibleRule: buildVisibleRule(visibility) }),
  };
};

/** The service connection, with name and type of the AWS toolkit's tasks, so that existing connections can be used. */
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
  ].map((group, index) => ({ name: toGroupName(group), displayName: group, isExpanded: index === 0 }));

/** A stable id in the form of a version 5 UUID, which identifies the task on the server. */
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

/** The title of a step: the action and its most significant input. */
const renderInstanceName = ({ title, inputs }: Definition): string => {
  const visibleInputs = ['name', 'repository', 'role-arn', 'tree'].find((name) => name in inputs);
  return visibleInputs === undefined ? title : `${title} $(${toAzureName(visibleInputs)})`;
};

export interface TaskOptions {
  /** Version of the repository: major, minor and patch. */
  readonly version: string;
  /** URL of the repository. */
  readonly homepage: string;
}

/**
 * The task.json of an action. Agents support the handler `Node20_1` from 3.232.1 on. Every task has a post-job step,
 * also for actions without a post entry: it deletes the files of the task.
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
