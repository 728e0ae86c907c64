import type { Service, ServiceContext } from '../../service.js';
import { dispatchWithServiceErrors, type OperationHandlers } from '../../service-error.js';
import { Deployments } from './deployment.js';
import { Resources } from './resource.js';
import type { AppConfigScenario } from './scenario.js';
import { Sessions } from './session.js';
import { Store } from './store.js';
import { Versions } from './version.js';

const createResourceHandlers = (resources: Resources): OperationHandlers => ({
  CreateApplication: (call) => resources.createApplication(call),
  CreateConfigurationProfile: (call) => resources.createProfile(call),
  CreateDeploymentStrategy: (call) => resources.createStrategy(call),
  CreateEnvironment: (call) => resources.createEnvironment(call),
  DeleteApplication: (call) => resources.deleteApplication(call),
  DeleteConfigurationProfile: (call) => resources.deleteProfile(call),
  DeleteEnvironment: (call) => resources.deleteEnvironment(call),
  GetConfigurationProfile: (call) => resources.getProfile(call),
  GetEnvironment: (call) => resources.getEnvironment(call),
  ListApplications: (call) => resources.listApplications(call),
  ListConfigurationProfiles: (call) => resources.listProfiles(call),
  ListDeploymentStrategies: (call) => resources.listStrategies(call),
  ListEnvironments: (call) => resources.listEnvironments(call),
  ListTagsForResource: (call) => resources.listTags(call),
  UpdateConfigurationProfile: (call) => resources.updateProfile(call),
});

/** AppConfig and AppConfigData, which share deployments. */
export const createAppConfig = (
  context: ServiceContext<AppConfigScenario>,
): { readonly control: Service; readonly data: Service } => {
  const store = new Store();
  const versions = new Versions(store, context.scenario);
  const deployments = new Deployments(context, store);
  const sessions = new Sessions(context, store, deployments);
  const control = dispatchWithServiceErrors({
    ...createResourceHandlers(new Resources(context, store, deployments)),
    CreateHostedConfigurationVersion: (call) => versions.create(call),
    DeleteHostedConfigurationVersion: (call) => versions.delete(call),
    GetHostedConfigurationVersion: (call) => versions.get(call),
    ListHostedConfigurationVersions: (call) => versions.list(call),
    GetDeployment: (call) => deployments.get(call),
    ListDeployments: (call) => deployments.list(call),
    StartDeployment: (call) => deployments.start(call),
    StopDeployment: (call) => deployments.stop(call),
    ValidateConfiguration: (call) => deployments.validate(call),
  });
  const data = dispatchWithServiceErrors({
    StartConfigurationSession: (call) => sessions.start(call),
    GetLatestConfiguration: (call) => sessions.read(call),
  });
  return { control: { handle: control }, data: { handle: data } };
};
