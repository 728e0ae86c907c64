import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { Deployments } from './deployment.js';
import { Resources } from './resource.js';
import type { AppConfigScenario } from './scenario.js';
import { createSessionHandlers } from './session.js';
import { Store } from './store.js';
import { createVersionHandlers } from './version.js';

/** AppConfig and AppConfigData, which share deployments. */
export const createAppConfig = (
  context: ServiceContext<AppConfigScenario>,
): { readonly control: Service; readonly data: Service } => {
  const store = new Store();
  const deployments = new Deployments(context, store);
  const control = dispatchByOperation({
    ...new Resources(context, store, deployments).handlers,
    ...createVersionHandlers(store, context.scenario),
    ...deployments.handlers,
  });
  return {
    control: { handle: control },
    data: { handle: dispatchByOperation(createSessionHandlers(context, store, deployments)) },
  };
};
