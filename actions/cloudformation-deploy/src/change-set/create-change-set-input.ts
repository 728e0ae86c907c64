import type { DeploymentConfig } from '@aws-sdk/client-cloudformation';
import type { DeployRequest, PreviewRequest } from '../inputs/request.js';
import type { Stack } from '../stack/stack.js';
import type { StackInputs } from '../template/input-loader.js';
import type { CreateChangeSetInput } from './change-set.js';

/** How a change set changes its stack; `resume` continues from a preserved failure. */
export type ChangeKind = 'create' | 'update' | 'resume';

export interface CreateChangeSetOptions {
  readonly request: DeployRequest | PreviewRequest;
  readonly stackInputs: StackInputs;
  readonly stack: Stack | undefined;
  readonly changeKind: ChangeKind;
  readonly token: string;
}

/** Whether CloudFormation itself deletes a stack whose creation fails, even if this run is killed. */
export const shouldDeleteOnFailure = (request: DeployRequest | PreviewRequest, changeKind: ChangeKind): boolean =>
  request.mode === 'deploy' &&
  changeKind === 'create' &&
  request.recovery.onFailure === 'delete' &&
  request.recovery.retryAttempts === 0;

// EXPRESS disables rollback by default, and after a preserved EXPRESS failure the next operation must be EXPRESS too
// (docs/aws-facts.md §1.4).
const getDeploymentConfig = ({ request, stack, changeKind }: CreateChangeSetOptions): DeploymentConfig | undefined => {
  const isFollowUp = changeKind === 'resume' && stack?.isExpress === true;
  if (!request.changeSet.isExpress && !isFollowUp) return undefined;
  const disablesRollback = isFollowUp || (request.mode === 'deploy' && request.recovery.onFailure === 'preserve');
  return { Mode: 'EXPRESS', DisableRollback: disablesRollback };
};

const getChangeSetType = ({ request, changeKind }: CreateChangeSetOptions): 'CREATE' | 'UPDATE' | 'IMPORT' => {
  if (request.changeSet.resourcesToImport.length > 0) return 'IMPORT';
  return changeKind === 'create' ? 'CREATE' : 'UPDATE';
};

/** The input of CreateChangeSet. CloudFormation keeps the stack's value for members that are left out. */
export const createChangeSetInput = (options: CreateChangeSetOptions): CreateChangeSetInput => {
  const { request, stackInputs, changeKind, token } = options;
  const changeSetOptions = request.changeSet;
  const deploymentConfig = getDeploymentConfig(options);
  return {
    StackName: request.stackName,
    ChangeSetName: changeSetOptions.name ?? `run-${token}`,
    ChangeSetType: getChangeSetType(options),
    ClientToken: token,
    // The token distinguishes a change set of this run from one with the same name of an earlier run.
    Description: `${changeSetOptions.description ?? 'AWS Delivery'} (${token})`,
    ...stackInputs.templateArgument,
    Parameters: [...stackInputs.parameters],
    ...(stackInputs.tags === undefined ? {} : { Tags: [...stackInputs.tags] }),
    ...(changeSetOptions.resourceTypes === undefined
      ? { Capabilities: [...stackInputs.capabilities] }
      : { ResourceTypes: [...changeSetOptions.resourceTypes] }),
    RoleARN: request.roleArn,
    ...(changeSetOptions.notificationArns === undefined
      ? {}
      : { NotificationARNs: [...changeSetOptions.notificationArns] }),
    ...(changeSetOptions.rollbackConfiguration === undefined
      ? {}
      : { RollbackConfiguration: changeSetOptions.rollbackConfiguration }),
    IncludeNestedStacks: changeSetOptions.includeNestedStacks,
    ...(changeSetOptions.resourcesToImport.length > 0
      ? { ResourcesToImport: [...changeSetOptions.resourcesToImport] }
      : {}),
    ...(changeSetOptions.importExistingResources ? { ImportExistingResources: true } : {}),
    ...(changeSetOptions.revertDrift && changeKind !== 'create' ? { DeploymentMode: 'REVERT_DRIFT' } : {}),
    ...(deploymentConfig === undefined ? {} : { DeploymentConfig: deploymentConfig }),
    ...(changeSetOptions.earlyValidation ? {} : { DisableValidation: true }),
    ...(shouldDeleteOnFailure(request, changeKind) ? { OnStackFailure: 'DELETE' } : {}),
  };
};
