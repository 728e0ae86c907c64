import type { Host } from '@aws-delivery/action-kit/host/host';
import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { definition } from '../../action.js';
import { parseRequest } from '../inputs/parse-request.js';
import type { Credentials } from '../role/credentials.js';
import { assumeRoles, createRetryOptions } from '../role/obtain-credentials.js';
import { createServices } from '../services.js';
import type { RenewalState } from './renewal-state.js';

// Some SDKs wait a minute for a credential process; an earlier timeout leaves time to print the error.
const MAX_RENEWAL_SECONDS = 50;

/**
 * Obtains a new session as the step did, with a new token. The guards are not checked again: the account of a role
 * cannot change.
 * @throws DeliveryError
 */
export const renewCredentials = async (renewalState: RenewalState, host: Host): Promise<Credentials> => {
  const inputs = readInputs(definition, host.env, host.mask);
  const services = createServices(inputs, host, renewalState['PROFILE']);
  const request = parseRequest(inputs, host.env);
  const timeout = Math.min(MAX_RENEWAL_SECONDS, request.retryPolicy.timeout);
  const retryOptions = createRetryOptions({ retryPolicy: { ...request.retryPolicy, timeout } }, host);
  const chainResult = await assumeRoles({ request, services, retryOptions });
  if (chainResult.kind === 'credentials') return chainResult.credentials;
  throw new DeliveryError('denied', chainResult.error.message, { cause: chainResult.error });
};
