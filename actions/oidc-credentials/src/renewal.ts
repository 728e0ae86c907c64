import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { readInputs } from '@aws-delivery/action-kit/inputs';
import { definition } from '../action.js';
import type { Credentials } from './credentials.js';
import type { Recipe } from './recipe.js';
import { request } from './request.js';
import { obtain, trialOf } from './run.js';
import { connect } from './services.js';

/** Some SDKs wait a minute for a credential process; one that gives up earlier can say why. In seconds. */
const PATIENCE = 50;

/**
 * Does again what the step did: a new token, a new session. Whose account the role belongs to was checked by the step
 * and cannot change. Throws a DeliveryError.
 */
export const renew = async (recipe: Recipe, host: Host): Promise<Credentials> => {
  const inputs = readInputs(definition, host.variables, host.mask);
  const services = connect(inputs, host, recipe['PROFILE']);
  const asked = request(inputs, host.variables);
  const timeout = Math.min(PATIENCE, asked.patience.timeout);
  const trial = trialOf({ ...asked, patience: { ...asked.patience, timeout } }, services);
  const end = await obtain({ asked, services, trial });
  if (end.kind === 'credentials') return end.credentials;
  throw new DeliveryError('denied', end.error.message, { cause: end.error });
};
