import type { Host } from '@aws-delivery/action-kit/host/host';
import { readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { definition } from '../../action.js';
import { parseRequest } from '../inputs/parse-request.js';
import type { Credentials } from '../role/credentials.js';
import { createRetryOptions, obtainCredentials } from '../run.js';
import { createServices } from '../services.js';
import type { RenewalState } from './renewal-state.js';

/** Some SDKs wait a minute for a credential process; one that gives up earlier can say why. In seconds. */
const MAX_RENEWAL_SECONDS = 50;

/**
 * Does again what the step did: a new token, a new session. Whose account the role belongs to was checked by the step
 * and cannot change. Throws a DeliveryError.
 */
export const renewCredentials = async (renewalState: RenewalState, host: Host): Promise<Credentials> => {
  const inputs = readInputs(definition, host.env, host.mask);
  const services = createServices(inputs, host, renewalState['PROFILE']);
  const request = parseRequest(inputs, host.env);
  const timeout = Math.min(MAX_RENEWAL_SECONDS, request.retryPolicy.timeout);
  const retryOptions = createRetryOptions({ ...request, retryPolicy: { ...request.retryPolicy, timeout } }, services);
  const chainResult = await obtainCredentials({ request, services, retryOptions });
  if (chainResult.kind === 'credentials') return chainResult.credentials;
  throw new DeliveryError('denied', chainResult.error.message, { cause: chainResult.error });
};
