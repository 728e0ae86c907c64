import type { DeploymentConfig } from '@aws-sdk/client-cloudformation';
import type { ChangeSetOrder } from './change-set.js';
import type { Way } from './deploy.js';
import type { Material } from './material.js';
import type { DeployRequest, PreviewRequest } from './request.js';
import type { Stack } from './stack.js';

export interface OrderOptions {
  readonly request: DeployRequest | PreviewRequest;
  readonly material: Material;
  readonly stack: Stack | undefined;
  readonly way: Way;
  readonly token: string;
}

/** Must a stack that fails to be created be deleted by CloudFormation itself? It then does so whatever happens to us. */
export const isDeletedByAws = (request: DeployRequest | PreviewRequest, way: Way): boolean =>
  request.mode === 'deploy' &&
  way === 'create' &&
  request.recovery.onFailure === 'delete' &&
  request.recovery.attempts === 0;

// EXPRESS disables rollback unless told otherwise, and what follows a preserved EXPRESS failure must be EXPRESS too
// (aws-facts §1.4).
const deploymentOf = ({ request, stack, way }: OrderOptions): DeploymentConfig | undefined => {
  const isFollowUp = way === 'resume' && stack?.isExpress === true;
  if (!request.changeSet.isExpress && !isFollowUp) return undefined;
  const isPreserving = isFollowUp || (request.mode === 'deploy' && request.recovery.onFailure === 'preserve');
  return { Mode: 'EXPRESS', DisableRollback: isPreserving };
};

const typeOf = ({ request, way }: OrderOptions): 'CREATE' | 'UPDATE' | 'IMPORT' => {
  if (request.changeSet.imports.length > 0) return 'IMPORT';
  return way === 'create' ? 'CREATE' : 'UPDATE';
};

/** What is asked of CreateChangeSet. What is left out stays as the stack has it. */
export const orderOf = (options: OrderOptions): ChangeSetOrder => {
  const { request, material, way, token } = options;
  const wish = request.changeSet;
  const deployment = deploymentOf(options);
  return {
    StackName: request.stack,
    ChangeSetName: wish.name ?? `run-${token}`,
    ChangeSetType: typeOf(options),
    ClientToken: token,
    // The token at the end tells a change set of this run from one that an earlier run left under the same name.
    Description: `${wish.description ?? 'AWS Delivery'} (${token})`,
    ...material.source,
    Parameters: [...material.parameters],
    ...(material.tags === undefined ? {} : { Tags: [...material.tags] }),
    ...(wish.resourceTypes === undefined
      ? { Capabilities: [...material.capabilities] }
      : { ResourceTypes: [...wish.resourceTypes] }),
    RoleARN: request.roleArn,
    ...(wish.notificationArns === undefined ? {} : { NotificationARNs: [...wish.notificationArns] }),
    ...(wish.rollbackConfiguration === undefined ? {} : { RollbackConfiguration: wish.rollbackConfiguration }),
    IncludeNestedStacks: wish.hasNested,
    ...(wish.imports.length > 0 ? { ResourcesToImport: [...wish.imports] } : {}),
    ...(wish.isAdopting ? { ImportExistingResources: true } : {}),
    ...(wish.isRevertingDrift && way !== 'create' ? { DeploymentMode: 'REVERT_DRIFT' } : {}),
    ...(deployment === undefined ? {} : { DeploymentConfig: deployment }),
    ...(wish.isValidated ? {} : { DisableValidation: true }),
    ...(isDeletedByAws(request, way) ? { OnStackFailure: 'DELETE' } : {}),
  };
};
