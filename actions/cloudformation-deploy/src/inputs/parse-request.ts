import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Capability } from '@aws-delivery/template/capability';
import type { Inputs } from '../../action.js';
import { readStackPolicy, type StackPolicy } from '../stack/stack-policy.js';
import type { Mode, Policies } from '../stack/stack-state.js';
import { type ChangeSetOptions, parseChangeSetOptions } from './change-set-options.js';

/** What follows a failure. `pause` in milliseconds. */
export interface RecoveryOptions {
  readonly onFailure: 'rollback' | 'preserve' | 'delete';
  readonly retryAttempts: number;
  readonly retryPauseMs: number;
}

/** What may not be replaced or removed. */
export interface ProtectionOptions {
  readonly level: 'none' | 'stateful' | 'all';
  readonly protectedTypes: readonly string[];
  readonly allowedReplacements: readonly string[];
}

/** What is set on a stack that has arrived. */
export interface StackSettings {
  readonly terminationProtection: boolean | undefined;
  readonly stackPolicy: StackPolicy | undefined;
}

/** Where template and parameters come from, as given. */
export interface StackInputOptions {
  readonly template: string;
  readonly packageArtifacts: boolean;
  readonly bucket: string | undefined;
  /** Account that the bucket belongs to, where it is another one. */
  readonly bucketOwner: string | undefined;
  readonly prefix: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly parameters: string | undefined;
  readonly parameterFiles: readonly string[];
  readonly resetParameters: boolean;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly capabilities: readonly Capability[];
  /** A list of allowed resource types excludes capabilities. */
  readonly hasResourceTypes: boolean;
  /** Whether a retry may follow, which calls UpdateStack without a change set. */
  readonly mayRetry: boolean;
  /** Whether a bucket for artifacts may be made; a preview makes none. */
  readonly mayCreateBucket: boolean;
}

export type StopPolicy = 'leave' | 'cancel-update' | 'rollback';

/** What is shown to whom. */
export interface ReportOptions {
  readonly comment: 'none' | 'summary';
  /** Names of stack outputs that are secret; `*` at the end stands for any text. */
  readonly maskedOutputs: readonly string[];
}

/** What every operation knows. */
export interface CommonRequest {
  /** Name or ARN, as given. */
  readonly stackName: string;
  readonly roleArn: string | undefined;
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly conflictTimeout: number;
  readonly onTimeout: StopPolicy;
  readonly onCancel: StopPolicy;
  readonly policies: Omit<Policies, 'on-conflict'> & { readonly 'on-conflict': 'wait' | 'fail' };
  readonly resourcesToSkip: readonly string[];
  readonly forceRollback: boolean;
  readonly reportOptions: ReportOptions;
}

interface ChangeRequest {
  readonly stackInputs: StackInputOptions;
  readonly changeSet: ChangeSetOptions;
  readonly protection: ProtectionOptions;
}

export interface DeployRequest extends CommonRequest, ChangeRequest {
  readonly mode: 'deploy';
  readonly recovery: RecoveryOptions;
  readonly settings: StackSettings;
}

export interface PreviewRequest extends CommonRequest, ChangeRequest {
  readonly mode: 'preview' | 'create-only';
}

export interface ExecuteRequest extends CommonRequest {
  readonly mode: 'execute';
  readonly changeSetId: string;
  readonly retainExceptOnCreate: boolean;
  readonly failOnEmpty: boolean;
  readonly protection: ProtectionOptions;
  readonly recovery: RecoveryOptions;
  readonly settings: StackSettings;
  readonly showValues: boolean;
}

export interface RetryRequest extends CommonRequest {
  readonly mode: 'retry';
  readonly recovery: RecoveryOptions;
  readonly settings: StackSettings;
}

export interface RollbackRequest extends CommonRequest {
  readonly mode: 'rollback';
}

export interface DeleteRequest extends CommonRequest {
  readonly mode: 'delete';
  readonly retainResources: readonly string[];
  readonly forceDelete: boolean;
}

export interface DriftRequest extends CommonRequest {
  readonly mode: 'drift';
  readonly failOnDrift: boolean;
  readonly showValues: boolean;
}

export interface WaitRequest extends CommonRequest {
  readonly mode: 'wait';
}

/** What is asked for: below this, no flat input and no peer's name. */
export type Request =
  | DeployRequest
  | PreviewRequest
  | ExecuteRequest
  | RetryRequest
  | RollbackRequest
  | DeleteRequest
  | DriftRequest
  | WaitRequest;

const parseMode = (inputs: Inputs): Mode => {
  const { mode } = inputs;
  if (mode === 'execute-only') return 'execute';
  if (mode === undefined && inputs['execute-change-set-id'] !== undefined) return 'execute';
  const isDeploy = mode === undefined || mode === 'deploy' || mode === 'create-and-execute';
  if (isDeploy) return inputs['no-execute-changeset'] ? 'create-only' : 'deploy';
  return mode;
};

const parseCommonRequest = (inputs: Inputs): CommonRequest => {
  const resourcesToSkip = inputs['resources-to-skip'];
  if (inputs['force-rollback'] && resourcesToSkip.length > 0) {
    const rule = 'force-rollback and resources-to-skip exclude each other';
    throw new DeliveryError('invalid-input', `${rule}: keep one`);
  }
  return {
    stackName: inputs.name,
    roleArn: inputs['role-arn'],
    wait: inputs.wait,
    timeout: inputs.timeout * 1000,
    conflictTimeout: inputs['conflict-timeout'] * 1000,
    onTimeout: inputs['on-timeout'],
    onCancel: inputs['on-cancel'],
    policies: {
      'on-preserved': inputs['on-preserved'],
      'on-rollback-complete': inputs['on-rollback-complete'],
      'on-rollback-failed': inputs['on-rollback-failed'],
      'on-conflict': inputs['on-conflict'],
    },
    resourcesToSkip,
    forceRollback: inputs['force-rollback'],
    reportOptions: { comment: inputs.comment, maskedOutputs: inputs['mask-outputs'] },
  };
};

const parseBucketOwner = (inputs: Inputs): string | undefined => {
  const owner = inputs['s3-bucket-owner'];
  if (owner !== undefined && inputs['s3-bucket'] === undefined) {
    throw new DeliveryError('invalid-input', 's3-bucket-owner speaks of a bucket that is not named: add s3-bucket');
  }
  if (owner === undefined || /^\d{12}$/u.test(owner)) return owner;
  throw new DeliveryError('invalid-input', `s3-bucket-owner '${owner}' is not an account: write its twelve digits`);
};

const parseStackInputs = (inputs: Inputs, mode: Mode): StackInputOptions => {
  const { template, tags, parameters, capabilities } = inputs;
  if (template === undefined) {
    const choices = 'a path, an https URL, s3://bucket/key, or previous for the one the stack has';
    throw new DeliveryError('missing', `mode ${mode} needs the input template: ${choices}`);
  }
  return {
    template,
    tags,
    parameters,
    capabilities,
    packageArtifacts: inputs.package,
    bucket: inputs['s3-bucket'],
    bucketOwner: parseBucketOwner(inputs),
    prefix: inputs['s3-prefix'],
    kmsKeyId: inputs['kms-key-id'],
    hasResourceTypes: inputs['resource-types'] !== undefined,
    parameterFiles: inputs['parameter-files'] ?? [],
    resetParameters: inputs['reset-parameters'],
    mayRetry: mode === 'deploy' && inputs['retry-attempts'] > 0,
    mayCreateBucket: mode === 'deploy',
  };
};

const parseProtection = (inputs: Inputs): ProtectionOptions => ({
  level: inputs.protect,
  protectedTypes: inputs['protect-types'],
  allowedReplacements: inputs['allow-replacement'],
});

const parseRecovery = (inputs: Inputs): RecoveryOptions => ({
  onFailure: inputs['on-failure'],
  retryAttempts: inputs['retry-attempts'],
  retryPauseMs: inputs['retry-pause'] * 1000,
});

const parseSettings = (inputs: Inputs, workspace: string): StackSettings => {
  const policy = inputs['stack-policy'];
  return {
    terminationProtection: inputs['termination-protection'],
    stackPolicy: policy === undefined ? undefined : readStackPolicy(policy, workspace),
  };
};

const parseExecuteRequest = (inputs: Inputs, workspace: string): ExecuteRequest => {
  const changeSetId = inputs['execute-change-set-id'] ?? inputs['change-set-name'];
  if (changeSetId === undefined) {
    throw new DeliveryError('missing', 'mode execute needs execute-change-set-id: the name or ARN of the change set');
  }
  return {
    ...parseCommonRequest(inputs),
    mode: 'execute',
    changeSetId,
    retainExceptOnCreate: inputs['retain-except-on-create'],
    failOnEmpty: inputs['fail-on-empty'],
    protection: parseProtection(inputs),
    recovery: parseRecovery(inputs),
    settings: parseSettings(inputs, workspace),
    showValues: inputs['show-values'],
  };
};

const parseChangeRequest = (inputs: Inputs, mode: Mode): ChangeRequest => ({
  stackInputs: parseStackInputs(inputs, mode),
  changeSet: parseChangeSetOptions(inputs, mode),
  protection: parseProtection(inputs),
});

/** A guard that looks at nothing would be taken for one that found nothing. */
const rejectUnguardedRetry = ({ protect }: Inputs): void => {
  if (protect === 'none') return;
  const hint = 'run mode deploy with the same template, which goes on from the failure as well';
  throw new DeliveryError(
    'invalid-input',
    `protect '${protect}' needs a change set, and mode retry makes none: ${hint}`,
  );
};

/**
 * Flat inputs, peers' names and rules across inputs end here. Throws DeliveryError for what contradicts itself, or
 * names a stack policy that is none.
 */
export const parseRequest = (inputs: Inputs, workspace: string): Request => {
  const mode = parseMode(inputs);
  const common = parseCommonRequest(inputs);
  switch (mode) {
    case 'deploy':
      return {
        ...common,
        ...parseChangeRequest(inputs, mode),
        mode,
        recovery: parseRecovery(inputs),
        settings: parseSettings(inputs, workspace),
      };
    case 'preview':
    case 'create-only':
      return { ...common, ...parseChangeRequest(inputs, mode), mode };
    case 'execute':
      return parseExecuteRequest(inputs, workspace);
    case 'retry':
      rejectUnguardedRetry(inputs);
      return { ...common, mode, recovery: parseRecovery(inputs), settings: parseSettings(inputs, workspace) };
    case 'delete':
      return { ...common, mode, retainResources: inputs['retain-resources'], forceDelete: inputs['force-delete'] };
    case 'drift':
      return {
        ...common,
        mode,
        failOnDrift: inputs['fail-on-drift'],
        showValues: inputs['show-values'],
      };
    case 'rollback':
    case 'wait':
      return { ...common, mode };
  }
};
