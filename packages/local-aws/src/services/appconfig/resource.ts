import { type ApiCall, type Document, output, type ServiceResponse } from '../../api-call.js';
import { isDocument, readDocuments, readString } from '../../protocols/document.js';
import type { ServiceContext } from '../../service.js';
import { HOUR_MS } from '../../time/duration.js';
import type { Deployments } from './deployment.js';
import { paginate } from './pagination.js';
import type { Strategy } from './rollout-progress.js';
import type { AppConfigScenario } from './scenario.js';
import { badRequestError, conflictError, quotaExceededError } from './service-errors.js';
import type { Application, Environment, Profile, Store } from './store.js';
import type { Validator } from './validator.js';

const readValidators = (value: unknown): readonly Validator[] =>
  readDocuments(value).map(({ Type, Content }) => ({ Type: String(Type), Content: String(Content) }));

const checkName = (name: unknown, maxLength: number): string => {
  if (typeof name === 'string' && name.length >= 1 && name.length <= maxLength) return name;
  throw badRequestError(`Name must be between 1 and ${maxLength} characters long`);
};

const checkMinutes = (value: unknown, member: string): number => {
  const minutes = Number(value ?? 0);
  if (minutes >= 0 && minutes <= 1440) return minutes;
  throw badRequestError(`${member} must be between 0 and 1440`);
};

const checkGrowth = (value: unknown): number => {
  const factor = Number(value);
  if (factor >= 1 && factor <= 100) return factor;
  throw badRequestError('GrowthFactor must be between 1 and 100');
};

const MAX_VALIDATORS = 2;

/** The values that existed at the time of the call. */
const listPresent = <T extends { readonly createdAt: number }>(values: Iterable<T>, { at }: ApiCall): readonly T[] =>
  [...values].filter(({ createdAt }) => createdAt <= at);

const describeStrategy = ({ id, name, description, ...strategy }: Strategy): Document => ({
  Id: id,
  Name: name,
  Description: description,
  DeploymentDurationInMinutes: strategy.durationMinutes,
  FinalBakeTimeInMinutes: strategy.bakeMinutes,
  GrowthFactor: strategy.growthFactor,
  GrowthType: strategy.growthType,
  ReplicateTo: 'NONE',
});

/** Operations on applications, environments, profiles, deployment strategies and their tags. */
export class Resources {
  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
    private readonly deployments: Deployments,
  ) {}

  createApplication(call: ApiCall): ServiceResponse {
    const { applications } = this.store.getRegion(call);
    const { limits } = this.context.scenario;
    if (applications.size >= limits.applications) throw quotaExceededError('applications', limits.applications);
    const application: Application = {
      id: this.generateId(),
      name: checkName(call.input['Name'], 64),
      description: readString(call.input['Description']),
      createdAt: call.at,
      environments: new Map(),
      profiles: new Map(),
    };
    applications.set(application.id, application);
    this.storeTags(call, `application/${application.id}`);
    return output(this.describeApplication(application));
  }

  createEnvironment(call: ApiCall): ServiceResponse {
    const { id, environments } = this.store.getApplication(call);
    const { limits } = this.context.scenario;
    if (environments.size >= limits.environments) throw quotaExceededError('environments', limits.environments);
    const environment: Environment = {
      id: this.generateId(),
      name: checkName(call.input['Name'], 64),
      description: readString(call.input['Description']),
      createdAt: call.at,
      deployments: [],
      monitors: readDocuments(call.input['Monitors']),
      readAt: undefined,
    };
    if (environment.monitors.length > 5) throw badRequestError('An environment can have at most 5 monitors');
    environments.set(environment.id, environment);
    this.storeTags(call, `application/${id}/environment/${environment.id}`);
    return output(this.describeEnvironment(id, environment, call.at));
  }

  createProfile(call: ApiCall): ServiceResponse {
    const { input } = call;
    const { id, profiles } = this.store.getApplication(call);
    const { limits } = this.context.scenario;
    if (profiles.size >= limits.profiles) throw quotaExceededError('configuration profiles', limits.profiles);
    const profile: Profile = {
      id: this.generateId(),
      name: checkName(input['Name'], 128),
      type: readString(input['Type']) ?? 'AWS.Freeform',
      location: String(input['LocationUri']),
      retrievalRole: readString(input['RetrievalRoleArn']),
      createdAt: call.at,
      versions: new Map(),
      validators: this.parseValidators(input['Validators']),
      lastVersion: 0,
      readAt: undefined,
    };
    profiles.set(profile.id, profile);
    this.storeTags(call, `application/${id}/configurationprofile/${profile.id}`);
    return output(this.describeProfile(id, profile));
  }

  updateProfile(call: ApiCall): ServiceResponse {
    const profile = this.store.getProfile(call);
    if (call.input['Validators'] !== undefined) profile.validators = this.parseValidators(call.input['Validators']);
    return output(this.describeProfile(this.store.getApplication(call).id, profile));
  }

  createStrategy(call: ApiCall): ServiceResponse {
    const { input } = call;
    const { strategies } = this.store.getRegion(call);
    const { limits } = this.context.scenario;
    const own = [...strategies.keys()].filter((id) => !id.startsWith('AppConfig.'));
    if (own.length >= limits.strategies) throw quotaExceededError('deployment strategies', limits.strategies);
    const strategy: Strategy = {
      id: this.generateId(),
      name: checkName(input['Name'], 64),
      description: readString(input['Description']),
      durationMinutes: checkMinutes(input['DeploymentDurationInMinutes'], 'DeploymentDurationInMinutes'),
      bakeMinutes: checkMinutes(input['FinalBakeTimeInMinutes'], 'FinalBakeTimeInMinutes'),
      growthFactor: checkGrowth(input['GrowthFactor']),
      growthType: input['GrowthType'] === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
    };
    strategies.set(strategy.id, strategy);
    this.storeTags(call, `deploymentstrategy/${strategy.id}`);
    return output(describeStrategy(strategy));
  }

  listApplications(call: ApiCall): ServiceResponse {
    return paginate(listPresent(this.store.getRegion(call).applications.values(), call), call, (item) =>
      this.describeApplication(item),
    );
  }

  listEnvironments(call: ApiCall): ServiceResponse {
    const { id, environments } = this.store.getApplication(call);
    return paginate(listPresent(environments.values(), call), call, (item) =>
      this.describeEnvironment(id, item, call.at),
    );
  }

  listProfiles(call: ApiCall): ServiceResponse {
    const { id, profiles } = this.store.getApplication(call);
    return paginate(listPresent(profiles.values(), call), call, (item) => {
      const { Validators: _content, ...summary } = this.describeProfile(id, item);
      return { ...summary, ValidatorTypes: item.validators.map(({ Type }) => Type) };
    });
  }

  listStrategies(call: ApiCall): ServiceResponse {
    return paginate([...this.store.getRegion(call).strategies.values()], call, describeStrategy);
  }

  getEnvironment(call: ApiCall): ServiceResponse {
    return output(
      this.describeEnvironment(this.store.getApplication(call).id, this.store.getEnvironment(call), call.at),
    );
  }

  getProfile(call: ApiCall): ServiceResponse {
    return output(this.describeProfile(this.store.getApplication(call).id, this.store.getProfile(call)));
  }

  listTags(call: ApiCall): ServiceResponse {
    return output({ Tags: this.store.getRegion(call).tags.get(String(call.input['ResourceArn'])) ?? {} });
  }

  deleteApplication(call: ApiCall): ServiceResponse {
    const { id, environments, profiles } = this.store.getApplication(call);
    if (environments.size > 0 || profiles.size > 0) {
      throw badRequestError(`Application ${id} still has environments or configuration profiles`);
    }
    this.store.getRegion(call).applications.delete(id);
    return output({});
  }

  deleteEnvironment(call: ApiCall): ServiceResponse {
    const { environments } = this.store.getApplication(call);
    const environment = this.store.getEnvironment(call);
    this.protect(call, environment);
    if (this.deployments.findRunning(environment, call.at) !== undefined) {
      throw conflictError(`Environment ${environment.id} has a deployment in progress`);
    }
    environments.delete(environment.id);
    return output({});
  }

  deleteProfile(call: ApiCall): ServiceResponse {
    const { profiles } = this.store.getApplication(call);
    const profile = this.store.getProfile(call);
    this.protect(call, profile);
    if (profile.versions.size > 0) {
      throw badRequestError(`ConfigurationProfile ${profile.id} still has hosted configuration versions`);
    }
    profiles.delete(profile.id);
    return output({});
  }

  /**
   * Deletion protection: rejects deleting what was read recently (docs/aws-facts.md §2.1), except in the first hour
   * after creation.
   */
  private protect({ input, at }: ApiCall, { id, createdAt, readAt }: Environment | Profile): void {
    const { deletionProtection } = this.context.scenario;
    if (deletionProtection === undefined || input['DeletionProtectionCheck'] === 'BYPASS') return;
    if (readAt === undefined || at - createdAt < HOUR_MS || at - readAt > deletionProtection) return;
    throw badRequestError(`${id} is protected from deletion: its configuration was read in the protection period`);
  }

  private parseValidators(value: unknown): readonly Validator[] {
    const validators = readValidators(value);
    if (validators.length > MAX_VALIDATORS) throw badRequestError('A profile can have at most 2 validators');
    return validators;
  }

  private generateId(): string {
    return this.context.random.lower(7);
  }

  private storeTags(call: ApiCall, path: string): void {
    const { partition, account } = this.context;
    const arn = `arn:${partition}:appconfig:${call.region}:${account}:${path}`;
    if (isDocument(call.input['Tags'])) this.store.getRegion(call).tags.set(arn, call.input['Tags']);
  }

  private describeApplication({ id, name, description }: Application): Document {
    return { Id: id, Name: name, Description: description };
  }

  private describeEnvironment(applicationId: string, environment: Environment, at: number): Document {
    const { id, name, description, monitors } = environment;
    const State = this.deployments.getEnvironmentState(environment, at);
    return { ApplicationId: applicationId, Id: id, Name: name, Description: description, State, Monitors: monitors };
  }

  private describeProfile(
    ApplicationId: string,
    { id, name, type, location, retrievalRole, validators }: Profile,
  ): Document {
    const rest = { Type: type, LocationUri: location, RetrievalRoleArn: retrievalRole, Validators: validators };
    return { ApplicationId, Id: id, Name: name, ...rest };
  }
}
