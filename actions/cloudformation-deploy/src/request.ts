import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Capability } from '@aws-delivery/template/capability';
import type { Inputs } from '../action.js';
import { type ChangeSetWish, changeSetWishOf } from './change-set-wish.js';
import type { Mode, Policies } from './situation.js';
import { readStackPolicy, type StackPolicy } from './stack-policy.js';

/** What follows a failure. `pause` in milliseconds. */
export interface Recovery {
  readonly onFailure: 'rollback' | 'preserve' | 'delete';
  readonly attempts: number;
  readonly pause: number;
}

/** What may not be replaced or removed. */
export interface Protection {
  readonly level: 'none' | 'stateful' | 'all';
  readonly types: readonly string[];
  readonly allowed: readonly string[];
}

/** What is set on a stack that has arrived. */
export interface Settings {
  readonly isProtected: boolean | undefined;
  readonly stackPolicy: StackPolicy | undefined;
}

/** Where template and parameters come from, as given. */
export interface MaterialWish {
  readonly template: string;
  readonly isPackaged: boolean;
  readonly bucket: string | undefined;
  /** Account that the bucket belongs to, where it is another one. */
  readonly bucketOwner: string | undefined;
  readonly prefix: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly parameters: string | undefined;
  readonly parameterFiles: readonly string[];
  readonly isReset: boolean;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly capabilities: readonly Capability[];
  /** A list of allowed resource types excludes capabilities. */
  readonly hasResourceTypes: boolean;
  /** Whether a retry may follow, which calls UpdateStack without a change set. */
  readonly isRetried: boolean;
  /** Whether a bucket for artifacts may be made; a preview makes none. */
  readonly mayMakeBucket: boolean;
}

export type Interruption = 'leave' | 'cancel-update' | 'rollback';

/** What is shown to whom. */
export interface Presentation {
  readonly comment: 'none' | 'summary';
  /** Names of stack outputs that are secret; `*` at the end stands for any text. */
  readonly maskedOutputs: readonly string[];
}

/** What every operation knows. */
export interface Target {
  /** Name or ARN, as given. */
  readonly stack: string;
  readonly roleArn: string | undefined;
  readonly isWaiting: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly conflictTimeout: number;
  readonly onTimeout: Interruption;
  readonly onCancel: Interruption;
  readonly policies: Omit<Policies, 'on-conflict'> & { readonly 'on-conflict': 'wait' | 'fail' };
  readonly skipped: readonly string[];
  readonly isForced: boolean;
  readonly presentation: Presentation;
}

interface Changing {
  readonly material: MaterialWish;
  readonly changeSet: ChangeSetWish;
  readonly protection: Protection;
}

export interface DeployRequest extends Target, Changing {
  readonly mode: 'deploy';
  readonly recovery: Recovery;
  readonly settings: Settings;
}

export interface PreviewRequest extends Target, Changing {
  readonly mode: 'preview' | 'create-only';
}

export interface ExecuteRequest extends Target {
  readonly mode: 'execute';
  readonly changeSetId: string;
  readonly retainExceptOnCreate: boolean;
  readonly isFailingOnEmpty: boolean;
  readonly protection: Protection;
  readonly recovery: Recovery;
  readonly settings: Settings;
  readonly isShowingValues: boolean;
}

export interface RetryRequest extends Target {
  readonly mode: 'retry';
  readonly recovery: Recovery;
  readonly settings: Settings;
}

export interface RollbackRequest extends Target {
  readonly mode: 'rollback';
}

export interface DeleteRequest extends Target {
  readonly mode: 'delete';
  readonly retained: readonly string[];
  readonly isForcedDelete: boolean;
}

export interface DriftRequest extends Target {
  readonly mode: 'drift';
  readonly isFailingOnDrift: boolean;
  readonly isShowingValues: boolean;
}

export interface WaitRequest extends Target {
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

const modeOf = (inputs: Inputs): Mode => {
  const { mode } = inputs;
  if (mode === 'execute-only') return 'execute';
  if (mode === undefined && inputs['execute-change-set-id'] !== undefined) return 'execute';
  const isDeploy = mode === undefined || mode === 'deploy' || mode === 'create-and-execute';
  if (isDeploy) return inputs['no-execute-changeset'] ? 'create-only' : 'deploy';
  return mode;
};

const targetOf = (inputs: Inputs): Target => {
  const skipped = inputs['resources-to-skip'];
  if (inputs['force-rollback'] && skipped.length > 0) {
    const rule = 'force-rollback and resources-to-skip exclude each other';
    throw new DeliveryError('invalid-input', `${rule}: keep one`);
  }
  return {
    stack: inputs.name,
    roleArn: inputs['role-arn'],
    isWaiting: inputs.wait,
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
    skipped,
    isForced: inputs['force-rollback'],
    presentation: { comment: inputs.comment, maskedOutputs: inputs['mask-outputs'] },
  };
};

const bucketOwnerOf = (inputs: Inputs): string | undefined => {
  const owner = inputs['s3-bucket-owner'];
  if (owner !== undefined && inputs['s3-bucket'] === undefined) {
    throw new DeliveryError('invalid-input', 's3-bucket-owner speaks of a bucket that is not named: add s3-bucket');
  }
  if (owner === undefined || /^\d{12}$/u.test(owner)) return owner;
  throw new DeliveryError('invalid-input', `s3-bucket-owner '${owner}' is not an account: write its twelve digits`);
};

const materialOf = (inputs: Inputs, mode: Mode): MaterialWish => {
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
    isPackaged: inputs.package,
    bucket: inputs['s3-bucket'],
    bucketOwner: bucketOwnerOf(inputs),
    prefix: inputs['s3-prefix'],
    kmsKeyId: inputs['kms-key-id'],
    hasResourceTypes: inputs['resource-types'] !== undefined,
    parameterFiles: inputs['parameter-files'] ?? [],
    isReset: inputs['reset-parameters'],
    isRetried: mode === 'deploy' && inputs['retry-attempts'] > 0,
    mayMakeBucket: mode === 'deploy',
  };
};

const protectionOf = (inputs: Inputs): Protection => ({
  level: inputs.protect,
  types: inputs['protect-types'],
  allowed: inputs['allow-replacement'],
});

const recoveryOf = (inputs: Inputs): Recovery => ({
  onFailure: inputs['on-failure'],
  attempts: inputs['retry-attempts'],
  pause: inputs['retry-pause'] * 1000,
});

const settingsOf = (inputs: Inputs, workspace: string): Settings => {
  const policy = inputs['stack-policy'];
  return {
    isProtected: inputs['termination-protection'],
    stackPolicy: policy === undefined ? undefined : readStackPolicy(policy, workspace),
  };
};

const executeOf = (inputs: Inputs, workspace: string): ExecuteRequest => {
  const changeSetId = inputs['execute-change-set-id'] ?? inputs['change-set-name'];
  if (changeSetId === undefined) {
    throw new DeliveryError('missing', 'mode execute needs execute-change-set-id: the name or ARN of the change set');
  }
  return {
    ...targetOf(inputs),
    mode: 'execute',
    changeSetId,
    retainExceptOnCreate: inputs['retain-except-on-create'],
    isFailingOnEmpty: inputs['fail-on-empty'],
    protection: protectionOf(inputs),
    recovery: recoveryOf(inputs),
    settings: settingsOf(inputs, workspace),
    isShowingValues: inputs['show-values'],
  };
};

const changingOf = (inputs: Inputs, mode: Mode): Changing => ({
  material: materialOf(inputs, mode),
  changeSet: changeSetWishOf(inputs, mode),
  protection: protectionOf(inputs),
});

/** A guard that looks at nothing would be taken for one that found nothing. */
const refuseUnguarded = ({ protect }: Inputs): void => {
  if (protect === 'none') return;
  const remedy = 'run mode deploy with the same template, which goes on from the failure as well';
  throw new DeliveryError(
    'invalid-input',
    `protect '${protect}' needs a change set, and mode retry makes none: ${remedy}`,
  );
};

/**
 * Flat inputs, peers' names and rules across inputs end here. Throws DeliveryError for what contradicts itself, or
 * names a stack policy that is none.
 */
export const requestOf = (inputs: Inputs, workspace: string): Request => {
  const mode = modeOf(inputs);
  const target = targetOf(inputs);
  switch (mode) {
    case 'deploy':
      return {
        ...target,
        ...changingOf(inputs, mode),
        mode,
        recovery: recoveryOf(inputs),
        settings: settingsOf(inputs, workspace),
      };
    case 'preview':
    case 'create-only':
      return { ...target, ...changingOf(inputs, mode), mode };
    case 'execute':
      return executeOf(inputs, workspace);
    case 'retry':
      refuseUnguarded(inputs);
      return { ...target, mode, recovery: recoveryOf(inputs), settings: settingsOf(inputs, workspace) };
    case 'delete':
      return { ...target, mode, retained: inputs['retain-resources'], isForcedDelete: inputs['force-delete'] };
    case 'drift':
      return {
        ...target,
        mode,
        isFailingOnDrift: inputs['fail-on-drift'],
        isShowingValues: inputs['show-values'],
      };
    case 'rollback':
    case 'wait':
      return { ...target, mode };
  }
};
