import type { Template } from '@aws-delivery/template/template';
import type { StackSet as AwsStackSet, CreateStackSetInput, Parameter } from '@aws-sdk/client-cloudformation';
import type { StackInputs } from '../template/input-loader.js';
import type { SetChange } from './plan.js';
import type { StackSetSettings } from './request.js';

/** A difference between the set and the inputs, for the log and the preview. */
export interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Whether the values may be shown. */
  readonly isPublic: boolean;
}

export interface SetComparison extends SetChange {
  readonly differences: readonly Difference[];
}

const normalizeText = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();

const compareValues = (name: string, before: unknown, after: unknown, isPublic = true): readonly Difference[] =>
  after === undefined || before === after
    ? []
    : [{ name, before: String(before ?? ''), after: String(after), isPublic }];

const compareTemplates = ({ TemplateBody = '' }: AwsStackSet, inputs: StackInputs): readonly Difference[] => {
  if (normalizeText(TemplateBody) === normalizeText(inputs.body)) return [];
  return [{ name: 'Template', before: normalizeText(TemplateBody), after: normalizeText(inputs.body), isPublic: true }];
};

/** A hidden value counts as changed, since it cannot be compared. */
const compareParameters = (
  { Parameters = [] }: AwsStackSet,
  desired: readonly Parameter[],
  template: Template,
): readonly Difference[] => {
  const before = new Map(Parameters.map(({ ParameterKey = '', ParameterValue }) => [ParameterKey, ParameterValue]));
  const after = new Map(desired.map((parameter) => [parameter.ParameterKey ?? '', parameter]));
  const changed = [...after].flatMap(([name, { ParameterValue, UsePreviousValue }]) => {
    if (UsePreviousValue === true) return [];
    const isSecret = template.parameters.get(name)?.noEcho === true;
    return compareValues(`Parameter ${name}`, before.get(name), ParameterValue, !isSecret);
  });
  const removed = [...before.keys()].filter((name) => {
    const declared = template.parameters.get(name);
    return !after.has(name) && (declared === undefined || before.get(name) !== declared.default);
  });
  return [
    ...changed,
    ...removed.map((name) => ({
      name: `Parameter ${name}`,
      before: before.get(name) ?? '',
      after: '',
      isPublic: true,
    })),
  ];
};

const formatTags = (tags: StackInputs['tags']): string =>
  JSON.stringify((tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`).toSorted());

const compareSettings = (stackSet: AwsStackSet, settings: StackSetSettings): readonly Difference[] => [
  ...compareValues('Administration role', stackSet.AdministrationRoleARN, settings.administrationRoleArn),
  ...compareValues('Execution role', stackSet.ExecutionRoleName, settings.executionRoleName),
];

const compareAutoDeployment = (
  { AutoDeployment: current = {} }: AwsStackSet,
  { autoDeployment, retainOnAccountRemoval, dependsOn }: StackSetSettings,
): readonly Difference[] => [
  ...compareValues('Automatic deployment', current.Enabled ?? false, autoDeployment),
  ...compareValues(
    'Retain stacks on account removal',
    current.RetainStacksOnAccountRemoval ?? false,
    retainOnAccountRemoval,
  ),
  ...compareValues(
    'Automatic deployment depends on',
    (current.DependsOn ?? []).toSorted().join(),
    dependsOn?.toSorted().join(),
  ),
];

/** Compares the set with the inputs. What the inputs do not determine is not compared: AWS fills it in. */
export const compareStackSet = (
  stackSet: AwsStackSet,
  inputs: StackInputs,
  settings: StackSetSettings,
): SetComparison => {
  const tags =
    inputs.tags === undefined
      ? []
      : compareValues('Tags', formatTags(stackSet.Tags as StackInputs['tags']), formatTags(inputs.tags));
  const fields = [
    ...compareTemplates(stackSet, inputs),
    ...compareParameters(stackSet, inputs.parameters, inputs.template),
    ...tags,
    ...compareSettings(stackSet, settings),
  ];
  const autoDeployment = compareAutoDeployment(stackSet, settings);
  const managed = compareValues(
    'Managed execution',
    stackSet.ManagedExecution?.Active ?? false,
    settings.managedExecution,
  );
  return {
    differences: [...fields, ...autoDeployment, ...managed],
    isChanged: fields.length > 0,
    autoDeployment: autoDeployment.length > 0,
    managedExecution: managed.length > 0,
  };
};

type SetMembers = Pick<
  CreateStackSetInput,
  | 'TemplateBody'
  | 'TemplateURL'
  | 'Parameters'
  | 'Capabilities'
  | 'Tags'
  | 'AdministrationRoleARN'
  | 'ExecutionRoleName'
> & { readonly UsePreviousTemplate?: boolean };

/** Members of CreateStackSet and UpdateStackSet for template, parameters, tags and roles. */
export const toSetMembers = (inputs: StackInputs, settings: StackSetSettings): SetMembers => ({
  ...inputs.templateArgument,
  Parameters: [...inputs.parameters],
  Capabilities: [...inputs.capabilities],
  ...(inputs.tags === undefined ? {} : { Tags: [...inputs.tags] }),
  AdministrationRoleARN: settings.administrationRoleArn,
  ExecutionRoleName: settings.executionRoleName,
});

/** The setting of automatic deployment; undefined if the inputs do not determine it. */
export const toAutoDeployment = (settings: StackSetSettings): CreateStackSetInput['AutoDeployment'] => {
  const { autoDeployment: Enabled, retainOnAccountRemoval, dependsOn } = settings;
  if (Enabled === undefined) return undefined;
  if (!Enabled) return { Enabled };
  return {
    Enabled,
    RetainStacksOnAccountRemoval: retainOnAccountRemoval ?? false,
    ...(dependsOn === undefined ? {} : { DependsOn: [...dependsOn] }),
  };
};
