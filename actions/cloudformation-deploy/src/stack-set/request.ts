import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import type { Inputs } from '../../action.js';
import { parsePreferences } from '../inputs/operation-preferences.js';
import { isProtected } from '../inputs/parse-request.js';
import type { StackInputOptions } from '../inputs/request.js';
import { isRegional } from '../template/regional-store.js';
import type { Cell } from './cells.js';
import type { Overrides } from './plan.js';
import type { TargetAccounts } from './targets.js';

const MODES = ['deploy', 'preview', 'retry', 'drift', 'delete', 'wait'] as const;
export type StackSetMode = (typeof MODES)[number];

/** Fields of the set that the inputs determine; undefined fields keep their value. */
export interface StackSetSettings {
  readonly permissionModel: 'SERVICE_MANAGED' | 'SELF_MANAGED';
  readonly administrationRoleArn: string | undefined;
  readonly executionRoleName: string | undefined;
  readonly autoDeployment: boolean | undefined;
  readonly retainOnAccountRemoval: boolean | undefined;
  readonly dependsOn: readonly string[] | undefined;
  readonly managedExecution: boolean | undefined;
}

/** The parsed inputs of a run on a stack set. */
export interface StackSetRequest {
  readonly name: string;
  readonly mode: StackSetMode;
  readonly targets: TargetAccounts;
  readonly regions: readonly string[];
  readonly settings: StackSetSettings;
  readonly stackInputs: StackInputOptions | undefined;
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  readonly preferences: StackSetOperationPreferences;
  readonly getOverrides: ((cell: Cell) => Overrides) | undefined;
  readonly removeUntargeted: boolean;
  readonly retainStacks: boolean;
  readonly onConflict: 'wait' | 'fail' | 'stop';
  readonly stopOnTimeout: boolean;
  readonly stopOnCancel: boolean;
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly conflictTimeout: number;
  readonly retryAttempts: number;
  /** Milliseconds. */
  readonly retryPauseMs: number;
  readonly failOnPartial: boolean;
  readonly failOnEmpty: boolean;
  readonly failOnDrift: boolean;
  readonly showValues: boolean;
  readonly investigateRoleName: string | undefined;
}

const createInputError = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const parseMode = ({ mode = 'deploy', 'no-execute-changeset': isChangeSetOnly }: Inputs): StackSetMode => {
  const name = mode === 'create-and-execute' ? 'deploy' : mode;
  const found = MODES.find((candidate) => candidate === name);
  if (found !== undefined && !isChangeSetOnly) return found;
  const refused = isChangeSetOnly ? "input 'no-execute-changeset'" : `mode ${mode}`;
  throw createInputError(
    `${refused} is not available for stack sets, which have no change sets: use ${MODES.join(', ')}`,
  );
};

/** Inputs without a counterpart in stack sets, and the value that means that they are not set. */
const STACK_ONLY_INPUTS = {
  'role-arn': undefined,
  'ignore-file': undefined,
  'stack-policy': undefined,
  'termination-protection': undefined,
  'notification-arns': undefined,
  'resource-types': undefined,
  'rollback-alarms': undefined,
  'resources-to-import': undefined,
  'change-set-name': undefined,
  'change-set-description': undefined,
  'execute-change-set-id': undefined,
  stacks: undefined,
  assembly: undefined,
  'import-existing-resources': false,
  'on-failure': 'rollback',
  'deployment-mode': 'STANDARD',
} as const satisfies Partial<Record<keyof Inputs, unknown>>;

const rejectStackInputs = (inputs: Inputs): void => {
  const names = Object.keys(STACK_ONLY_INPUTS) as (keyof typeof STACK_ONLY_INPUTS)[];
  const changed = names.filter((name) => inputs[name] !== STACK_ONLY_INPUTS[name]);
  const unavailable = isProtected(inputs.protect) ? [...changed, 'protect'] : changed;
  if (unavailable.length > 0)
    throw createInputError(`input '${unavailable.join("', '")}' is not available for stack sets: remove it`);
};

const assertPattern = (name: string, values: readonly string[], pattern: RegExp, form: string): void => {
  const invalid = values.find((value) => !pattern.test(value));
  if (invalid !== undefined) throw createInputError(`input '${name}': '${invalid}' is not ${form}`);
};

const parseTargets = (inputs: Inputs): TargetAccounts => {
  const [accounts, units] = [inputs.accounts ?? [], inputs['organizational-units'] ?? []];
  const filter = inputs['account-filter'];
  assertPattern('accounts', accounts, /^\d{12}$/u, 'a 12-digit account ID');
  const unitPattern = /^(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/u;
  assertPattern('organizational-units', units, unitPattern, 'the ID of an organizational unit or of a root');
  if (filter !== undefined && (units.length === 0 || accounts.length === 0))
    throw createInputError("account-filter requires 'organizational-units' and 'accounts': set both");
  if (units.length === 0) return { kind: 'accounts', accounts: [...new Set(accounts)] };
  return { kind: 'units', units: [...new Set(units)], accounts: [...new Set(accounts)], filter };
};

const parseRegions = (inputs: Inputs, mode: StackSetMode): readonly string[] => {
  const regions = [...new Set(inputs.regions ?? [])];
  assertPattern('regions', regions, /^[a-z]{2,4}(?:-[a-z]+)+-\d$/u, 'a Region, such as eu-central-1');
  if (regions.length === 0 && mode !== 'wait')
    throw new DeliveryError('missing', "a stack set requires the input 'regions': list the Regions to deploy to");
  return regions;
};

const parseSettings = (inputs: Inputs, targets: TargetAccounts): StackSetSettings => {
  const isServiceManaged = targets.kind === 'units';
  const model = inputs['permission-model'] ?? (isServiceManaged ? 'service-managed' : 'self-managed');
  if ((model === 'service-managed') !== isServiceManaged) {
    const hint = isServiceManaged ? "remove 'organizational-units'" : "set 'organizational-units'";
    throw createInputError(`permission-model '${model}' does not match the targets: change it, or ${hint}`);
  }
  const other = isServiceManaged
    ? (['administration-role-arn', 'execution-role-name'] as const)
    : (['auto-deployment', 'retain-on-account-removal', 'auto-deployment-depends-on'] as const);
  const unavailable = other.find((name) => inputs[name] !== undefined);
  if (unavailable !== undefined || (!isServiceManaged && inputs['call-as'] !== 'self'))
    throw createInputError(`input '${unavailable ?? 'call-as'}' is not available with ${model} permissions: remove it`);
  if (inputs['auto-deployment'] !== true && !isServiceManagedDefault(inputs))
    throw createInputError(
      "'retain-on-account-removal' and 'auto-deployment-depends-on' require auto-deployment: true",
    );
  return {
    permissionModel: isServiceManaged ? 'SERVICE_MANAGED' : 'SELF_MANAGED',
    administrationRoleArn: inputs['administration-role-arn'],
    executionRoleName: inputs['execution-role-name'],
    autoDeployment: inputs['auto-deployment'],
    retainOnAccountRemoval: inputs['retain-on-account-removal'],
    dependsOn: inputs['auto-deployment-depends-on'],
    managedExecution: inputs['managed-execution'],
  };
};

const isServiceManagedDefault = (inputs: Inputs): boolean =>
  inputs['retain-on-account-removal'] === undefined && inputs['auto-deployment-depends-on'] === undefined;

const toParameterMap = (key: string, value: unknown): Overrides => {
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  const isValid = entries?.every(([, entry]) => ['string', 'number', 'boolean'].includes(typeof entry));
  if (entries !== undefined && isValid === true) return new Map(entries.map(([name, entry]) => [name, String(entry)]));
  throw createInputError(`input 'parameter-overrides-by-target': '${key}' is not a mapping of parameters to values`);
};

/** Finds the overrides of a cell; a key with account and Region wins over an account, and that over a Region. */
const parseOverrides = (
  document: unknown,
  targets: TargetAccounts,
  regions: readonly string[],
): ((cell: Cell) => Overrides) | undefined => {
  if (document === undefined) return undefined;
  if (!isRecord(document)) throw createInputError("input 'parameter-overrides-by-target' must be a mapping");
  const byKey = new Map(Object.entries(document).map(([key, value]) => [key, toParameterMap(key, value)] as const));
  const isByAccount = targets.kind === 'accounts' || targets.filter === 'intersection';
  const rows = isByAccount ? targets.accounts : [];
  const known = new Set([...regions, ...rows, ...rows.flatMap((row) => regions.map((region) => `${row}/${region}`))]);
  const unknown = [...byKey.keys()].find((key) => !known.has(key));
  if (unknown !== undefined)
    throw createInputError(`input 'parameter-overrides-by-target': '${unknown}' is not one of the targets: correct it`);
  return ({ row, region }) => new Map([region, row, `${row}/${region}`].flatMap((key) => [...(byKey.get(key) ?? [])]));
};

const parseStackInputs = (
  inputs: Inputs,
  mode: StackSetMode,
  regions: readonly string[],
): StackInputOptions | undefined => {
  if (mode !== 'deploy' && mode !== 'preview') return undefined;
  const { template, tags, parameters, capabilities } = inputs;
  if (template === undefined) throw new DeliveryError('missing', `mode ${mode} requires the input 'template': set it`);
  return {
    ...{ template, tags, parameters, capabilities },
    packageArtifacts: inputs.package,
    bucket: inputs['s3-bucket'],
    ...(isRegional(inputs['s3-bucket']) ? { bucketRegions: regions } : {}),
    bucketOwner: inputs['s3-bucket-owner'],
    prefix: inputs['s3-prefix'],
    kmsKeyId: inputs['kms-key-id'],
    hasResourceTypes: false,
    parameterFiles: inputs['parameter-files'] ?? [],
    resetParameters: inputs['reset-parameters'],
    // Stack sets have no change sets, so macros must be acknowledged.
    mayRetry: true,
    mayCreateBucket: mode === 'deploy',
  };
};

const parseStopPolicy = (inputs: Inputs, name: 'on-timeout' | 'on-cancel'): boolean => {
  if (inputs[name] === 'rollback')
    throw createInputError(`${name} 'rollback' is not available for stack sets: use leave or cancel-update`);
  return inputs[name] === 'cancel-update';
};

/** @throws DeliveryError for contradictory or missing inputs */
export const parseStackSetRequest = (inputs: Inputs): StackSetRequest => {
  const mode = parseMode(inputs);
  rejectStackInputs(inputs);
  const targets = parseTargets(inputs);
  const regions = parseRegions(inputs, mode);
  const { name } = inputs;
  if (name === undefined) throw new DeliveryError('missing', "a stack set requires the input 'name': set it");
  return {
    name,
    ...{ mode, targets, regions },
    settings: parseSettings(inputs, targets),
    stackInputs: parseStackInputs(inputs, mode, regions),
    callAs: inputs['call-as'] === 'self' ? 'SELF' : 'DELEGATED_ADMIN',
    preferences: parsePreferences(inputs['operation-preferences'], regions),
    getOverrides: parseOverrides(inputs['parameter-overrides-by-target'], targets, regions),
    removeUntargeted: inputs['remove-untargeted'],
    retainStacks: inputs['retain-stacks'],
    onConflict: inputs['on-conflict'],
    stopOnTimeout: parseStopPolicy(inputs, 'on-timeout'),
    stopOnCancel: parseStopPolicy(inputs, 'on-cancel'),
    wait: inputs.wait,
    timeout: inputs.timeout * 1000,
    conflictTimeout: inputs['conflict-timeout'] * 1000,
    retryAttempts: inputs['retry-attempts'],
    retryPauseMs: inputs['retry-pause'] * 1000,
    failOnPartial: inputs['fail-on-partial'],
    failOnEmpty: inputs['fail-on-empty'],
    failOnDrift: inputs['fail-on-drift'],
    showValues: inputs['show-values'],
    investigateRoleName: inputs['investigate-role-name'],
  };
};
