import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { isDocument, readDocuments, readString } from '../../protocols/document.js';
import type { OperationHandlers, ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { HOUR_MS } from '../../time/duration.js';
import type { Deployments } from './deployment.js';
import type { AppConfigScenario } from './scenario.js';
import { badRequestError, conflictError } from './service-errors.js';
import type { Environment, Profile, Resource, Store } from './store.js';

const checkRange = (value: unknown, member: string, min: number, max: number): number => {
  const number = Number(value ?? 0);
  if (number >= min && number <= max) return number;
  throw badRequestError(`${member} must be between ${min} and ${max}`);
};

const readValidators = ({ input: { Validators: value } }: ApiCall): readonly Document[] => {
  const validators = readDocuments(value);
  if (validators.length > 2) throw badRequestError('A profile can have at most 2 validators');
  return validators;
};

/** One page of the resources that existed at the time of the call. */
const listPage = <T extends { readonly createdAt: number }>(
  call: ApiCall,
  resources: ReadonlyMap<string, T>,
  describe?: (resource: T) => Document,
): Document => {
  const present = [...resources.values()].filter(({ createdAt }) => createdAt <= call.at);
  return paginate(call, present, { items: 'Items', defaultSize: 50 }, describe);
};

const QUOTA_LABELS = {
  applications: 'applications',
  environments: 'environments',
  profiles: 'configuration profiles',
  strategies: 'deployment strategies',
} as const;

/** Operations on applications, environments, profiles, deployment strategies and their tags. */
export class Resources {
  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
    private readonly deployments: Deployments,
  ) {}

  readonly handlers: OperationHandlers = {
    CreateApplication: (call) => {
      const { applications } = this.store.getRegion(call);
      const members = this.createMembers(call, 'applications', applications.size);
      return this.add(call, applications, { ...members, environments: new Map(), profiles: new Map() }, 'application');
    },
    CreateEnvironment: (call) => {
      const { Id: ApplicationId, environments } = this.store.getApplication(call);
      const members = this.createMembers(call, 'environments', environments.size);
      const Monitors = readDocuments(call.input['Monitors']);
      if (Monitors.length > 5) throw badRequestError('An environment can have at most 5 monitors');
      const environment: Environment = { ...members, ApplicationId, Monitors, deployments: [], readAt: undefined };
      this.add(call, environments, environment, `application/${ApplicationId}/environment`);
      return this.describeEnvironment(environment, call.at);
    },
    CreateConfigurationProfile: (call) => {
      const { input } = call;
      const { Id: ApplicationId, profiles } = this.store.getApplication(call);
      const profile: Profile = {
        ...this.createMembers(call, 'profiles', profiles.size, 128),
        ApplicationId,
        Type: readString(input['Type']) ?? 'AWS.Freeform',
        LocationUri: String(input['LocationUri']),
        RetrievalRoleArn: readString(input['RetrievalRoleArn']),
        Validators: readValidators(call),
        versions: new Map(),
        lastVersion: 0,
        readAt: undefined,
      };
      return this.add(call, profiles, profile, `application/${ApplicationId}/configurationprofile`);
    },
    CreateDeploymentStrategy: (call) => {
      const { input } = call;
      const { strategies } = this.store.getRegion(call);
      const count = [...strategies.keys()].filter((id) => !id.startsWith('AppConfig.')).length;
      const { DeploymentDurationInMinutes: duration, FinalBakeTimeInMinutes: bakeTime } = input;
      const strategy = {
        ...this.createMembers(call, 'strategies', count),
        DeploymentDurationInMinutes: checkRange(duration, 'DeploymentDurationInMinutes', 0, 1440),
        FinalBakeTimeInMinutes: checkRange(bakeTime, 'FinalBakeTimeInMinutes', 0, 1440),
        GrowthFactor: checkRange(input['GrowthFactor'], 'GrowthFactor', 1, 100),
        GrowthType: input['GrowthType'] === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
        ReplicateTo: 'NONE',
      } as const;
      return this.add(call, strategies, strategy, 'deploymentstrategy');
    },
    UpdateConfigurationProfile: (call) => {
      const profile = this.store.getProfile(call);
      if (call.input['Validators'] !== undefined) profile.Validators = readValidators(call);
      return profile;
    },
    ListApplications: (call) => listPage(call, this.store.getRegion(call).applications),
    ListEnvironments: (call) =>
      listPage(call, this.store.getApplication(call).environments, (each) => this.describeEnvironment(each, call.at)),
    ListConfigurationProfiles: (call) =>
      listPage(call, this.store.getApplication(call).profiles, (profile) => ({
        ...profile,
        ValidatorTypes: profile.Validators.map(({ Type }) => Type),
      })),
    ListDeploymentStrategies: (call) => listPage(call, this.store.getRegion(call).strategies),
    GetEnvironment: (call) => this.describeEnvironment(this.store.getEnvironment(call), call.at),
    GetConfigurationProfile: (call) => this.store.getProfile(call),
    ListTagsForResource: (call) => ({
      Tags: this.store.getRegion(call).tags.get(String(call.input['ResourceArn'])) ?? {},
    }),
    DeleteApplication: (call) => {
      const { Id, environments, profiles } = this.store.getApplication(call);
      if (environments.size > 0 || profiles.size > 0)
        throw badRequestError(`Application ${Id} still has environments or configuration profiles`);
      this.store.getRegion(call).applications.delete(Id);
      return {};
    },
    DeleteEnvironment: (call) => {
      const environment = this.store.getEnvironment(call);
      this.protect(call, environment);
      if (this.deployments.findRunning(environment, call.at) !== undefined)
        throw conflictError(`Environment ${environment.Id} has a deployment in progress`);
      this.store.getApplication(call).environments.delete(environment.Id);
      return {};
    },
    DeleteConfigurationProfile: (call) => {
      const profile = this.store.getProfile(call);
      this.protect(call, profile);
      if (profile.versions.size > 0)
        throw badRequestError(`ConfigurationProfile ${profile.Id} still has hosted configuration versions`);
      this.store.getApplication(call).profiles.delete(profile.Id);
      return {};
    },
  };

  /**
   * Deletion protection: rejects deleting what was read recently (docs/aws-facts.md §2.1), except in the first hour
   * after creation.
   */
  private protect({ input, at }: ApiCall, { Id, createdAt, readAt }: Environment | Profile): void {
    const { deletionProtection } = this.context.scenario;
    if (deletionProtection === undefined || input['DeletionProtectionCheck'] === 'BYPASS') return;
    if (readAt === undefined || at - createdAt < HOUR_MS || at - readAt > deletionProtection) return;
    throw badRequestError(`${Id} is protected from deletion: its configuration was read in the protection period`);
  }

  /** The members that all resources have. @throws ServiceError for an exceeded quota or an invalid name */
  private createMembers(call: ApiCall, quota: keyof typeof QUOTA_LABELS, count: number, maxLength = 64): Resource {
    const limit = this.context.scenario.limits[quota];
    if (count >= limit) {
      const message = `The number of ${QUOTA_LABELS[quota]} exceeds the limit of ${limit}`;
      throw serviceError('ServiceQuotaExceededException', message, 402);
    }
    const { Name, Description } = call.input;
    if (typeof Name !== 'string' || Name === '' || Name.length > maxLength)
      throw badRequestError(`Name must be between 1 and ${maxLength} characters long`);
    return { Id: this.context.random.lower(7), Name, Description: readString(Description), createdAt: call.at };
  }

  private add<T extends Resource>(call: ApiCall, resources: Map<string, T>, resource: T, path: string): Document {
    resources.set(resource.Id, resource);
    const arn = this.context.buildArn(call.region, `${path}/${resource.Id}`);
    if (isDocument(call.input['Tags'])) this.store.getRegion(call).tags.set(arn, call.input['Tags']);
    return resource;
  }

  private describeEnvironment(environment: Environment, at: number): Document {
    return { ...environment, State: this.deployments.getEnvironmentState(environment, at) };
  }
}
