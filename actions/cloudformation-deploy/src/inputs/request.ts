import type { Capability } from '@aws-delivery/template/capability';
import type { Inputs } from '../../action.js';
import type { Policies } from '../recovery/recovery-table.js';
import type { StackSettings } from '../stack/stack-settings.js';
import type { ChangeSetOptions } from './change-set-options.js';

/** What to do after a failed operation. */
export interface RecoveryOptions {
  readonly onFailure: 'rollback' | 'preserve' | 'delete';
  readonly retryAttempts: number;
  /** Before the first retry. */
  readonly retryPauseMs: number;
}

/** Resources that a change set must not replace or remove. */
export interface ProtectionOptions {
  readonly level: 'none' | 'stateful' | 'all';
  /** Whether a change set must not widen access. */
  readonly guardsPermissions: boolean;
  readonly allowedPermissions: readonly string[];
  readonly protectedTypes: readonly string[];
  readonly allowedReplacements: readonly string[];
  /** Whether a change set is rejected when exceptions match nothing; several stacks are judged together. */
  readonly rejectsUnused: boolean;
}

/** Sources of template, parameters and tags, as the inputs name them. */
export interface StackInputOptions {
  readonly template: string;
  /** Where the template is published already: then it is not uploaded. */
  readonly templateUrl?: string | undefined;
  readonly packageArtifacts: boolean;
  /** `{region}` in it stands for the Region of the deployment. */
  readonly bucket: string | undefined;
  /** Regions of a stack set, whose artifacts are stored in a bucket in each. */
  readonly bucketRegions?: readonly string[];
  /** Account that owns the bucket, if it is not the caller's. */
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
  /** Whether a retry may follow. A retry calls UpdateStack, without a change set. */
  readonly mayRetry: boolean;
  /** Whether the artifact bucket may be created; false in previews. */
  readonly mayCreateBucket: boolean;
}

/** What to do with a running operation on a timeout or a cancellation. */
export type StopPolicy = 'leave' | 'cancel-update' | 'rollback';

/** Options of the pull-request comment and the summary. */
export interface ReportOptions {
  readonly comment: Inputs['comment'];
  /** Names of secret stack outputs; a trailing `*` matches any suffix. */
  readonly maskedOutputs: readonly string[];
}

/** Options of every mode. */
export interface CommonRequest {
  /** Name or ARN, as the input has it. */
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

/** Options of every mode that creates a change set. */
export interface ChangeRequest {
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
  /** Location of the file with accepted drift. */
  readonly ignoreFile: string | undefined;
  readonly showValues: boolean;
}

export interface WaitRequest extends CommonRequest {
  readonly mode: 'wait';
}

/** The parsed inputs, by mode. Nothing below reads an input. */
export type Request =
  | DeployRequest
  | PreviewRequest
  | ExecuteRequest
  | RetryRequest
  | RollbackRequest
  | DeleteRequest
  | DriftRequest
  | WaitRequest;
