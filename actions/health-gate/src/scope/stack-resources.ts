import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { StackResource } from './deployment-scope.js';

/**
 * Lists the resources of a stack. Imported dynamically: it loads the CloudFormation client.
 * @throws DeliveryError `not-found` for a stack that does not exist
 */
export const listResources = async (config: AwsClientConfig, stack: string): Promise<readonly StackResource[]> => {
  const client = new CloudFormationClient(config);
  const found: StackResource[] = [];
  let token: string | undefined;
  do {
    const command = new ListStackResourcesCommand({ StackName: stack, NextToken: token });
    const page = await client.send(command).catch((cause) => {
      if (!hasErrorCode(cause, 'ValidationError')) throw cause;
      const message = `input 'stack-name': stack '${stack}' not found in this Region: for a new stack, set 'template' instead`;
      throw new DeliveryError('not-found', message, { cause });
    });
    for (const { ResourceType: type = '', PhysicalResourceId: physicalId } of page.StackResourceSummaries ?? []) {
      found.push({ type, physicalId });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
};
