import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import type { Mode } from '../recovery/recovery-table.js';
import { readStackPolicy, type StackSettings } from '../stack/stack-settings.js';
import { parseChangeSetOptions } from './change-set-options.js';
import type {
  ChangeRequest,
  CommonRequest,
  ExecuteRequest,
  ProtectionOptions,
  RecoveryOptions,
  Request,
  StackInputOptions,
} from './request.js';

const parseMode = (inputs: Inputs): Mode => {
  const { mode } = inputs;
  if (mode === 'execute-only') return 'execute';
  if (mode === undefined && inputs['execute-change-set-id'] !== undefined) return 'execute';
  const isDeploy = mode === undefined || mode === 'deploy' || mode === 'create-and-execute';
  if (isDeploy) return inputs['no-execute-changeset'] ? 'create-only' : 'deploy';
  return mode;
};

const parseStackName = ({ name }: Inputs): string => {
  if (name !== undefined) return name;
  throw new DeliveryError('missing', "input 'name' is required: set the name of the stack, or 'stacks' for several");
};

const parseConflictPolicy = ({ 'on-conflict': policy }: Inputs): 'wait' | 'fail' => {
  if (policy !== 'stop') return policy;
  throw new DeliveryError('invalid-input', "on-conflict 'stop' is available only for stack sets: use wait or fail");
};

const parseCommonRequest = (inputs: Inputs): CommonRequest => {
  const resourcesToSkip = inputs['resources-to-skip'];
  if (inputs['force-rollback'] && resourcesToSkip.length > 0) {
    throw new DeliveryError('invalid-input', 'force-rollback and resources-to-skip cannot be combined: remove one');
  }
  return {
    stackName: parseStackName(inputs),
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
      'on-conflict': parseConflictPolicy(inputs),
    },
    resourcesToSkip,
    forceRollback: inputs['force-rollback'],
    reportOptions: { comment: inputs.comment, maskedOutputs: inputs['mask-outputs'] },
  };
};

const parseBucketOwner = (inputs: Inputs): string | undefined => {
  const owner = inputs['s3-bucket-owner'];
  if (owner !== undefined && inputs['s3-bucket'] === undefined) {
    throw new DeliveryError('invalid-input', 's3-bucket-owner requires s3-bucket: set s3-bucket');
  }
  if (owner === undefined || /^\d{12}$/u.test(owner)) return owner;
  throw new DeliveryError('invalid-input', `input 's3-bucket-owner': '${owner}' is not a 12-digit account ID`);
};

const parseStackInputs = (inputs: Inputs, mode: Mode): StackInputOptions => {
  const { template, tags, parameters, capabilities } = inputs;
  if (template === undefined) {
    const choices = "a path, an https URL, s3://bucket/key, or previous for the stack's current template";
    throw new DeliveryError('missing', `mode ${mode} requires the input 'template': ${choices}`);
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

const parseProtectionLevel = ({ protect }: Inputs): ProtectionOptions['level'] => {
  if (protect.includes('none') && protect.length > 1) {
    throw new DeliveryError('invalid-input', `input 'protect': 'none' excludes other values: remove it`);
  }
  if (protect.includes('all')) return 'all';
  return protect.includes('stateful') ? 'stateful' : 'none';
};

const parseProtection = (inputs: Inputs): ProtectionOptions => ({
  level: parseProtectionLevel(inputs),
  guardsPermissions: inputs.protect.includes('security'),
  allowedPermissions: inputs['allow-permissions'],
  protectedTypes: inputs['protect-types'],
  allowedReplacements: inputs['allow-replacement'],
  rejectsUnused: inputs['on-unused-exception'] === 'fail' && inputs.stacks === undefined,
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
    throw new DeliveryError(
      'missing',
      "mode execute requires the input 'execute-change-set-id': the name or ARN of the change set",
    );
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

/** Whether `protect` has to check change sets. */
export const isProtected = (protect: Inputs['protect']): boolean => protect.some((value) => value !== 'none');

/** `protect` without a change set would check nothing and always pass. */
const rejectUnguardedRetry = ({ protect }: Inputs): void => {
  if (!isProtected(protect)) return;
  const hint = 'run mode: deploy with the same template, which also resumes from the failure';
  throw new DeliveryError(
    'invalid-input',
    `protect '${protect.join(', ')}' requires a change set, which mode retry does not create: ${hint}`,
  );
};

/**
 * Parses the inputs into the request of their mode, and checks rules across inputs.
 * @throws DeliveryError for contradictory or missing inputs, and for an invalid stack policy
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
        ignoreFile: inputs['ignore-file'],
        showValues: inputs['show-values'],
      };
    case 'rollback':
    case 'wait':
      return { ...common, mode };
  }
};
