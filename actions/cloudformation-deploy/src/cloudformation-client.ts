import { toDeliveryError } from '@aws-delivery/aws/error';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';

/** CloudFormation as this action uses it: commands of the SDK's client, errors that name the operation. */
export type CloudFormation = Pick<CloudFormationClient, 'send'>;

/** Makes a client's errors DeliveryErrors that name the operation; what AWS threw is their cause. */
export const addErrorMiddleware = ({ middlewareStack }: CloudFormationClient): void => {
  middlewareStack.add(
    (next, context) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        throw toDeliveryError(error, context.commandName?.replace(/Command$/u, ''));
      }
    },
    { step: 'initialize', name: 'deliveryErrors', priority: 'high' },
  );
};
