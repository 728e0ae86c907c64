import type { Request } from '../inputs/parse-request.js';
import type { Services } from '../services.js';
import type { DeploymentScope } from './deployment-scope.js';

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
  if (deploymentScope.unmapped.length > 0) {
    log.warning(
      `Unknown resource types, whose events may be missed: ${deploymentScope.unmapped.join(', ')}. Add their services to 'services' in addition to 'auto'.`,
    );
  }
  return deploymentScope;
};

/** The request with the derived services among its criteria, for `services: auto`. */
export const addDerivedServices = (request: Request, deploymentScope: DeploymentScope | undefined): Request => {
  if (request.services === 'listed' || deploymentScope === undefined) return request;
  const services = [...new Set([...request.criteria.services, ...deploymentScope.services])].sort();
  return { ...request, criteria: { ...request.criteria, services } };
};
