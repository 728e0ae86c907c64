import type { Log } from '@aws-delivery/action-kit/host/log';
import { createInputError } from '@aws-delivery/action-kit/util/error';
import type { UnknownTypePolicy } from '../inputs/deployment.js';
import type { Request } from '../inputs/parse-request.js';
import type { Services } from '../services.js';
import type { DeploymentScope } from './deployment-scope.js';

/** Reports resource types without a known service. Throws `invalid-input` with `on-unknown-type: fail`. */
const reportUnknownTypes = (policy: UnknownTypePolicy, { unmapped }: DeploymentScope, log: Log): void => {
  if (unmapped.length === 0) return;
  const types = unmapped.join(', ');
  if (policy === 'fail')
    throw createInputError(
      `unknown resource types: ${types}. List all services in 'services' without 'auto', or change 'on-unknown-type'`,
    );
  log.warning(
    policy === 'all-services'
      ? `Unknown resource types: ${types}. Checking the events of all services.`
      : `Unknown resource types, whose events may be missed: ${types}. Add their services to 'services' in addition to 'auto'.`,
  );
};

/**
 * Derives the services and resources that the deployment touches from its templates and stack, and logs the services;
 * undefined when neither `services: auto` nor `entities: match` needs them.
 */
export const findAffectedServices = async (
  request: Request,
  services: Services,
): Promise<DeploymentScope | undefined> => {
  const { deployment, services: serviceSelection, entities } = request;
  if (serviceSelection === 'listed' && entities.kind === 'any') return undefined;
  // Loads the template parser only for runs that need it.
  const { readDeploymentScope } = await import('./deployment-scope.js');
  const deploymentScope = await readDeploymentScope(deployment, services.createDeploymentReader(request));
  if (serviceSelection === 'listed') return deploymentScope;
  const { log } = services.host;
  log.info(`Services of this deployment: ${deploymentScope.services.join(', ')}`);
  reportUnknownTypes(request.onUnknownType, deploymentScope, log);
  return deploymentScope;
};

/** The request with the derived services among its criteria, for `services: auto`; all services for unknown types. */
export const addDerivedServices = (request: Request, deploymentScope: DeploymentScope | undefined): Request => {
  if (request.services === 'listed' || deploymentScope === undefined) return request;
  const { unmapped } = deploymentScope;
  if (unmapped.length > 0 && request.onUnknownType === 'all-services')
    return { ...request, criteria: { ...request.criteria, services: [] } };
  const services = [...new Set([...request.criteria.services, ...deploymentScope.services])].sort();
  return { ...request, criteria: { ...request.criteria, services } };
};
