import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';

/** The part of the SDK's client that this action uses. */
export type CloudFormation = Pick<CloudFormationClient, 'send'>;

/** Turns the client's errors into DeliveryErrors that name the operation; the SDK's error is their cause. */
const addErrorMiddleware = ({ middlewareStack }: CloudFormationClient): void => {
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

/** Creates a client that throws DeliveryErrors and renews an expired session where it can. */
export const createCloudFormationClient = (configuration: AwsClientConfig): CloudFormationClient => {
  const client = new CloudFormationClient(configuration);
  addErrorMiddleware(client);
  renewExpiredCredentials(client);
  return client;
};
