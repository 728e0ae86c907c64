import { parseList } from '@aws-delivery/action-kit/inputs/parse';
import { type ProbeOptions, parseProbeOptions } from '@aws-delivery/action-kit/probe/probe-options';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import type { ProfileType } from '../appconfig/resources.js';
import { parseStrategies, type StrategySpecs } from './strategy.js';

/** A tree of tenants, or one file. */
export type RequestSource =
  | { readonly kind: 'tree'; readonly root: string }
  | {
      readonly kind: 'file';
      readonly application: string;
      readonly environment: string;
      readonly profile: string;
      readonly type: ProfileType;
      readonly file: string;
    };

/** Patterns that select part of a tree; none select all of it. */
export interface Selection {
  readonly environments: readonly string[];
  readonly tenants: readonly string[];
  readonly profiles: readonly string[];
  readonly changedSince: string | undefined;
}

interface CommonRequest {
  readonly source: RequestSource;
  readonly merge: 'replace' | 'deep';
  readonly selection: Selection;
  readonly comment: 'none' | 'summary' | 'changes';
}

/** Options of resources that the action creates. */
export interface ResourceOptions {
  readonly monitors: readonly string[];
  readonly monitorRole: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Options of StartDeployment. */
export interface DeploymentOptions {
  readonly kmsKeyId: string | undefined;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** Groups of names or patterns in order; `*` stands for all others. No groups: everything at once. */
export type Ordering = readonly (readonly string[])[];

/** Reactions to conflicts, failures and cancellation. Durations in milliseconds. */
export interface Policies {
  readonly onConflict: 'wait' | 'fail' | 'stop';
  readonly conflictTimeout: number;
  readonly onFailure: 'stop' | 'stop-tenant' | 'revert' | 'revert-tenant';
  readonly onCancel: 'stop' | 'revert' | 'leave';
}

interface PlannedRequest extends CommonRequest {
  /** Deploys unchanged configuration as well. */
  readonly redeploy: boolean;
  readonly strategies: StrategySpecs;
  readonly resourceOptions: ResourceOptions;
}

export interface PreviewRequest extends PlannedRequest {
  readonly mode: 'preview';
}

export interface RolloutRequest extends PlannedRequest {
  readonly mode: 'rollout';
  readonly waitFor: 'complete' | 'deployed' | 'started';
  /** Milliseconds; undefined: the duration of the strategy and a margin. */
  readonly timeout: number | undefined;
  readonly concurrency: number;
  readonly waves: Ordering;
  readonly rings: Ordering;
  /** Milliseconds. */
  readonly pause: number;
  readonly keepVersions: number | undefined;
  readonly deploymentOptions: DeploymentOptions;
  readonly policies: Policies;
  readonly probe: ProbeOptions;
  /** Text of the user in the description of deployments. */
  readonly description: string | undefined;
}

/** Reads files only: needs no credentials. */
export interface ValidateRequest extends CommonRequest {
  readonly mode: 'validate';
}

export interface PullRequest extends CommonRequest {
  readonly mode: 'pull';
  readonly source: Extract<RequestSource, { kind: 'tree' }>;
  /** Replaces files whose content differs. */
  readonly overwrite: boolean;
}

export interface RevertRequest extends CommonRequest {
  readonly mode: 'revert';
  /** Undefined: the latest run of this action in each environment. */
  readonly runId: string | undefined;
}

export interface CleanupRequest extends CommonRequest {
  readonly mode: 'cleanup';
  readonly cleanup: 'absent' | 'all';
  readonly isConfirmed: boolean;
}

export type Request = RolloutRequest | PreviewRequest | ValidateRequest | PullRequest | RevertRequest | CleanupRequest;

const FILE_INPUTS = ['application', 'environment', 'profile', 'file'] as const;

const parseSource = (inputs: Inputs): RequestSource => {
  const { tree, application, environment, profile, file } = inputs;
  const provided = FILE_INPUTS.filter((name) => inputs[name] !== undefined);
  if (tree !== undefined) {
    if (provided.length === 0) return { kind: 'tree', root: tree };
    throw new DeliveryError(
      'invalid-input',
      `input '${provided[0]}' cannot be combined with 'tree': remove one of them`,
    );
  }
  if (application === undefined || environment === undefined || profile === undefined || file === undefined) {
    const missing = FILE_INPUTS.filter((name) => inputs[name] === undefined).map((name) => `'${name}'`);
    throw new DeliveryError(
      'missing',
      provided.length === 0
        ? 'Set `tree`, or all of `application`, `environment`, `profile` and `file`'
        : `input '${provided[0]}' requires ${missing.join(', ')}: add the missing inputs, or set 'tree' instead`,
    );
  }
  return { kind: 'file', application, environment, profile, type: inputs['profile-type'], file };
};

const parseOrdering = (lines: readonly string[]): Ordering => lines.map(parseList);

const parseCommonRequest = (inputs: Inputs): CommonRequest => {
  const source = parseSource(inputs);
  const changedSince = inputs['changed-since'];
  // git would read a leading '-' as an option.
  if (changedSince?.startsWith('-'))
    throw new DeliveryError(
      'invalid-input',
      `input 'changed-since': '${changedSince}' is not a commit: set a commit SHA, branch or tag`,
    );
  if (changedSince !== undefined && source.kind === 'file') {
    throw new DeliveryError('invalid-input', "input 'changed-since' has no effect with 'file': remove it");
  }
  const { environments, tenants, profiles, merge, comment } = inputs;
  return { source, merge, comment, selection: { environments, tenants, profiles, changedSince } };
};

const parseResourceOptions = (inputs: Inputs): ResourceOptions => {
  const { monitors } = inputs;
  const invalidAlarm = monitors.find((alarm) => !alarm.startsWith('arn:'));
  if (invalidAlarm !== undefined)
    throw new DeliveryError(
      'invalid-input',
      `input 'monitors': '${invalidAlarm}' is not an ARN: set the ARN of the CloudWatch alarm`,
    );
  if (monitors.length > 5)
    throw new DeliveryError(
      'invalid-input',
      `input 'monitors': ${monitors.length} alarms exceed the AppConfig limit of 5 per environment: remove some`,
    );
  const reserved = Object.keys(inputs.tags).find((key) => /^aws-delivery:/i.test(key));
  if (reserved !== undefined)
    throw new DeliveryError(
      'invalid-input',
      `input 'tags': '${reserved}' uses the reserved prefix 'aws-delivery:': choose another key`,
    );
  return { monitors, monitorRole: inputs['monitor-role-arn'], tags: inputs.tags };
};

const parsePlannedRequest = (inputs: Inputs): PlannedRequest => ({
  ...parseCommonRequest(inputs),
  redeploy: inputs.redeploy,
  strategies: parseStrategies(inputs.strategy),
  resourceOptions: parseResourceOptions(inputs),
});

// AppConfig limits descriptions to 1024 characters, which include the marker of the run.
const MAX_DESCRIPTION_LENGTH = 700;

const parseDescription = ({ description }: Inputs): string | undefined => {
  if (description === undefined || description.length <= MAX_DESCRIPTION_LENGTH) return description;
  throw new DeliveryError(
    'invalid-input',
    `input 'description' has ${description.length} characters, more than the limit of ${MAX_DESCRIPTION_LENGTH}: shorten it`,
  );
};

const parseRolloutRequest = (inputs: Inputs): RolloutRequest => ({
  mode: 'rollout',
  ...parsePlannedRequest(inputs),
  waitFor: inputs['wait-for'],
  timeout: inputs.timeout === undefined ? undefined : inputs.timeout * 1000,
  concurrency: inputs.concurrency,
  waves: parseOrdering(inputs.waves),
  rings: parseOrdering(inputs.rings),
  pause: inputs.pause * 1000,
  keepVersions: inputs['keep-versions'],
  deploymentOptions: { kmsKeyId: inputs['kms-key-id'], parameters: inputs['dynamic-extension-parameters'] },
  policies: {
    onConflict: inputs['on-conflict'],
    conflictTimeout: inputs['conflict-timeout'] * 1000,
    onFailure: inputs['on-failure'],
    onCancel: inputs['on-cancel'],
  },
  probe: parseProbeOptions(inputs, inputs['probe-alarms']),
  description: parseDescription(inputs),
});

/** Rejects inputs without effect in a mode: the user may mean them as a limit, and more would be deleted or reverted. */
const rejectUnusedInputs = (
  inputs: Inputs,
  names: readonly ('environments' | 'profiles' | 'changed-since')[],
  mode: string,
): void => {
  const unused = names.find((name) => (inputs[name]?.length ?? 0) > 0);
  if (unused !== undefined)
    throw new DeliveryError('invalid-input', `input '${unused}' has no effect with '${mode}': remove it`);
};

const parseCleanupRequest = (inputs: Inputs): CleanupRequest => {
  const { cleanup, confirm } = inputs;
  // Other profiles of the application may be files of other steps.
  if (cleanup === 'absent' && inputs.tree === undefined)
    throw new DeliveryError('invalid-input', "'cleanup: absent' requires 'tree': set it");
  rejectUnusedInputs(
    inputs,
    ['profiles', 'changed-since', ...(cleanup === 'all' ? ['environments' as const] : [])],
    `cleanup: ${cleanup}`,
  );
  if (confirm !== undefined && confirm !== cleanup) {
    throw new DeliveryError(
      'invalid-input',
      `input 'confirm': '${confirm}' does not match 'cleanup: ${cleanup}': set '${cleanup}'`,
    );
  }
  return { mode: 'cleanup', ...parseCommonRequest(inputs), cleanup, isConfirmed: confirm === cleanup };
};

const parsePullRequest = (inputs: Inputs): PullRequest => {
  rejectUnusedInputs(inputs, ['changed-since'], 'mode: pull');
  const { source, ...common } = parseCommonRequest(inputs);
  if (source.kind === 'file')
    throw new DeliveryError('invalid-input', "'mode: pull' requires 'tree': set it in place of 'file'");
  if (common.merge === 'deep')
    throw new DeliveryError(
      'invalid-input',
      "'merge: deep' has no effect with 'mode: pull', which writes whole files: remove it",
    );
  return { mode: 'pull', ...common, source, overwrite: inputs.overwrite };
};

/** Parses the inputs. Throws DeliveryError `missing` or `invalid-input` for values and combinations that are not valid. */
export const parseRequest = (inputs: Inputs): Request => {
  switch (inputs.mode) {
    case 'rollout':
      return parseRolloutRequest(inputs);
    case 'preview':
      return { mode: 'preview', ...parsePlannedRequest(inputs) };
    case 'validate':
      return { mode: 'validate', ...parseCommonRequest(inputs) };
    case 'pull':
      return parsePullRequest(inputs);
    case 'revert':
      rejectUnusedInputs(inputs, ['changed-since'], 'mode: revert');
      return { mode: 'revert', ...parseCommonRequest(inputs), runId: inputs['run-id'] };
    case 'cleanup':
      return parseCleanupRequest(inputs);
  }
};
