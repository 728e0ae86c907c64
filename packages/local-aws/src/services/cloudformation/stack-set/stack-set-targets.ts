import { parseTemplate, type Template } from '@aws-delivery/template/template';
import { serviceError } from '../../../service-error.js';
import { validationError } from '../responses.js';
import type { StackSetScenario } from '../scenario.js';
import { withValidationErrors } from '../template/template-source.js';
import type { StackSet, StackSetFields } from './stack-set.js';
import type { OverrideParameter, StackSetInputs, TargetInput } from './stack-set-inputs.js';
import type { Cell, StackSetAction } from './stack-set-schedule.js';

const parseBody = (body: string): Template => withValidationErrors(() => parseTemplate(body, { isStrict: true }));

export type Target = Pick<Cell, 'account' | 'region' | 'organizationalUnit'>;

const listUnitAccounts = (
  { OrganizationalUnitIds, Accounts = [], AccountFilterType }: NonNullable<TargetInput['DeploymentTargets']>,
  { organizationalUnits }: StackSetScenario,
) => {
  const filter = OrganizationalUnitIds === undefined ? 'INTERSECTION' : AccountFilterType;
  return (OrganizationalUnitIds ?? Object.keys(organizationalUnits)).flatMap((organizationalUnit) => {
    const accounts = organizationalUnits[organizationalUnit];
    if (accounts === undefined) throw validationError(`Organizational unit ${organizationalUnit} not found`);
    const isSelected = (account: string): boolean =>
      filter === 'INTERSECTION' ? Accounts.includes(account) : filter !== 'DIFFERENCE' || !Accounts.includes(account);
    return accounts.filter(isSelected).map((account) => ({ account, organizationalUnit }));
  });
};

/** An operation to start. */
export interface StartRequest {
  readonly action: StackSetAction;
  readonly cells: readonly Target[];
  readonly input: Pick<TargetInput, 'OperationId' | 'OperationPreferences'> & {
    readonly ParameterOverrides?: readonly OverrideParameter[] | undefined;
  };
}

/** The accounts and Regions that a call targets. @throws ServiceError */
export const listTargets = (
  { fields }: StackSet,
  { Accounts, DeploymentTargets, Regions = [] }: TargetInput,
  scenario: StackSetScenario,
): readonly Target[] => {
  if ((fields.permissionModel === 'SERVICE_MANAGED') === (DeploymentTargets === undefined))
    throw validationError(`Accounts or DeploymentTargets do not fit the permission model ${fields.permissionModel}`);
  if (Regions.length === 0) throw validationError('Regions must not be empty');
  const accounts =
    DeploymentTargets === undefined
      ? (Accounts ?? []).map((account) => ({ account, organizationalUnit: undefined }))
      : listUnitAccounts(DeploymentTargets, scenario);
  if (accounts.length === 0) throw validationError('There are no target accounts');
  return Regions.flatMap((region) => accounts.map((target) => ({ ...target, region })));
};

export const instanceNotFound = (key: string) =>
  serviceError('StackInstanceNotFoundException', `StackInstance ${key} not found`, 404);

export const resolveParameters = (parameters: readonly OverrideParameter[], previous: ReadonlyMap<string, string>) =>
  new Map(
    parameters.flatMap(({ ParameterKey: key, ParameterValue: value, UsePreviousValue: isPrevious }) => {
      const resolved = isPrevious === true ? previous.get(key) : value;
      return resolved === undefined ? [] : [[key, resolved] as const];
    }),
  );

export const checkOverrides = ({ fields }: StackSet, overrides: readonly OverrideParameter[] = []): void => {
  const { parameters } = parseBody(fields.template);
  const unknown = overrides.find(({ ParameterKey }) => !parameters.has(ParameterKey));
  if (unknown !== undefined)
    throw validationError(`Parameter ${unknown.ParameterKey} is not in the template of the StackSet`);
};

export type SetInput = StackSetInputs['CreateStackSet'] | StackSetInputs['UpdateStackSet'];

/** @throws ServiceError for parameters that do not fit the template */
export const createFields = (template: string, input: SetInput, previous?: StackSetFields): StackSetFields => {
  const { parameters: declared } = parseBody(template);
  const values = resolveParameters(input.Parameters, previous?.parameters ?? new Map());
  const unknown = [...values.keys()].filter((name) => !declared.has(name));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = [...declared.values()].filter((item) => item.default === undefined && !values.has(item.name));
  if (missing.length > 0)
    throw validationError(`Parameters: [${missing.map(({ name }) => name).join(', ')}] must have values`);
  return {
    template,
    parameters: values,
    secretNames: new Set([...declared.values()].flatMap(({ name, noEcho }) => (noEcho ? [name] : []))),
    Description: input.Description ?? previous?.Description,
    Capabilities: input.Capabilities ?? previous?.Capabilities,
    Tags: input.Tags ?? previous?.Tags,
    administrationRoleArn: input.AdministrationRoleARN ?? previous?.administrationRoleArn,
    executionRoleName: input.ExecutionRoleName ?? previous?.executionRoleName,
    permissionModel: input.PermissionModel ?? previous?.permissionModel ?? 'SELF_MANAGED',
    autoDeployment: input.AutoDeployment ?? previous?.autoDeployment,
    managedExecution: input.ManagedExecution?.Active ?? previous?.managedExecution ?? false,
  };
};
