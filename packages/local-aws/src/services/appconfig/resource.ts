import { type Call, type Document, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { isDocument } from '../../wire/json.js';
import type { Deployments } from './deployment.js';
import type { Strategy } from './growth.js';
import { page } from './page.js';
import { badRequest, conflict, overQuota } from './refusal.js';
import type { AppConfigScenario } from './scenario.js';
import type { Application, Environment, Profile, Store } from './store.js';
import type { Validator } from './validator.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const documents = (value: unknown): readonly Document[] => (Array.isArray(value) ? value.filter(isDocument) : []);

const validatorsIn = (value: unknown): readonly Validator[] =>
  documents(value).map(({ Type, Content }) => ({ Type: String(Type), Content: String(Content) }));

const checkName = (name: unknown, most: number): string => {
  if (typeof name === 'string' && name.length >= 1 && name.length <= most) return name;
  throw badRequest(`Name must be between 1 and ${most} characters long`);
};

const checkMinutes = (value: unknown, member: string): number => {
  const minutes = Number(value ?? 0);
  if (minutes >= 0 && minutes <= 1440) return minutes;
  throw badRequest(`${member} must be between 0 and 1440`);
};

const checkGrowth = (value: unknown): number => {
  const factor = Number(value);
  if (factor >= 1 && factor <= 100) return factor;
  throw badRequest('GrowthFactor must be between 1 and 100');
};

const MOST_VALIDATORS = 2;
const HOUR = 3_600_000;

/** What was there at the call's moment. */
const present = <T extends { readonly createdAt: number }>(values: Iterable<T>, { at }: Call): readonly T[] =>
  [...values].filter(({ createdAt }) => createdAt <= at);

const strategyDocument = ({ id, name, description, ...strategy }: Strategy): Document => ({
  Id: id,
  Name: name,
  Description: description,
  DeploymentDurationInMinutes: strategy.durationMinutes,
  FinalBakeTimeInMinutes: strategy.bakeMinutes,
  GrowthFactor: strategy.growthFactor,
  GrowthType: strategy.growthType,
  ReplicateTo: 'NONE',
});

/** Applications, environments, profiles, strategies, and their tags. */
export class Resources {
  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
    private readonly deployments: Deployments,
  ) {}

  createApplication(call: Call): Reply {
    const { applications } = this.store.place(call);
    const { limits } = this.context.scenario;
    if (applications.size >= limits.applications) throw overQuota('applications', limits.applications);
    const application: Application = {
      id: this.#id(),
      name: checkName(call.input['Name'], 64),
      description: text(call.input['Description']),
      createdAt: call.at,
      environments: new Map(),
      profiles: new Map(),
    };
    applications.set(application.id, application);
    this.#tag(call, `application/${application.id}`);
    return output(this.#application(application));
  }

  createEnvironment(call: Call): Reply {
    const { id, environments } = this.store.application(call);
    const { limits } = this.context.scenario;
    if (environments.size >= limits.environments) throw overQuota('environments', limits.environments);
    const environment: Environment = {
      id: this.#id(),
      name: checkName(call.input['Name'], 64),
      description: text(call.input['Description']),
      createdAt: call.at,
      deployments: [],
      monitors: documents(call.input['Monitors']),
      readAt: undefined,
    };
    if (environment.monitors.length > 5) throw badRequest('An environment can have at most 5 monitors');
    environments.set(environment.id, environment);
    this.#tag(call, `application/${id}/environment/${environment.id}`);
    return output(this.#environment(id, environment, call.at));
  }

  createProfile(call: Call): Reply {
    const { input } = call;
    const { id, profiles } = this.store.application(call);
    const { limits } = this.context.scenario;
    if (profiles.size >= limits.profiles) throw overQuota('configuration profiles', limits.profiles);
    const profile: Profile = {
      id: this.#id(),
      name: checkName(input['Name'], 128),
      type: text(input['Type']) ?? 'AWS.Freeform',
      location: String(input['LocationUri']),
      retrievalRole: text(input['RetrievalRoleArn']),
      createdAt: call.at,
      versions: new Map(),
      validators: this.#validators(input['Validators']),
      lastVersion: 0,
      readAt: undefined,
    };
    profiles.set(profile.id, profile);
    this.#tag(call, `application/${id}/configurationprofile/${profile.id}`);
    return output(this.#profile(id, profile));
  }

  updateProfile(call: Call): Reply {
    const profile = this.store.profile(call);
    if (call.input['Validators'] !== undefined) profile.validators = this.#validators(call.input['Validators']);
    return output(this.#profile(this.store.application(call).id, profile));
  }

  createStrategy(call: Call): Reply {
    const { input } = call;
    const { strategies } = this.store.place(call);
    const { limits } = this.context.scenario;
    const own = [...strategies.keys()].filter((id) => !id.startsWith('AppConfig.'));
    if (own.length >= limits.strategies) throw overQuota('deployment strategies', limits.strategies);
    const strategy: Strategy = {
      id: this.#id(),
      name: checkName(input['Name'], 64),
      description: text(input['Description']),
      durationMinutes: checkMinutes(input['DeploymentDurationInMinutes'], 'DeploymentDurationInMinutes'),
      bakeMinutes: checkMinutes(input['FinalBakeTimeInMinutes'], 'FinalBakeTimeInMinutes'),
      growthFactor: checkGrowth(input['GrowthFactor']),
      growthType: input['GrowthType'] === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
    };
    strategies.set(strategy.id, strategy);
    this.#tag(call, `deploymentstrategy/${strategy.id}`);
    return output(strategyDocument(strategy));
  }

  listApplications(call: Call): Reply {
    return page(present(this.store.place(call).applications.values(), call), call, (each) => this.#application(each));
  }

  listEnvironments(call: Call): Reply {
    const { id, environments } = this.store.application(call);
    return page(present(environments.values(), call), call, (each) => this.#environment(id, each, call.at));
  }

  listProfiles(call: Call): Reply {
    const { id, profiles } = this.store.application(call);
    return page(present(profiles.values(), call), call, (each) => {
      const { Validators: _content, ...summary } = this.#profile(id, each);
      return { ...summary, ValidatorTypes: each.validators.map(({ Type }) => Type) };
    });
  }

  listStrategies(call: Call): Reply {
    return page([...this.store.place(call).strategies.values()], call, strategyDocument);
  }

  getEnvironment(call: Call): Reply {
    return output(this.#environment(this.store.application(call).id, this.store.environment(call), call.at));
  }

  getProfile(call: Call): Reply {
    return output(this.#profile(this.store.application(call).id, this.store.profile(call)));
  }

  listTags(call: Call): Reply {
    return output({ Tags: this.store.place(call).tags.get(String(call.input['ResourceArn'])) ?? {} });
  }

  deleteApplication(call: Call): Reply {
    const { id, environments, profiles } = this.store.application(call);
    if (environments.size > 0 || profiles.size > 0) {
      throw badRequest(`Application ${id} still has environments or configuration profiles`);
    }
    this.store.place(call).applications.delete(id);
    return output({});
  }

  deleteEnvironment(call: Call): Reply {
    const { environments } = this.store.application(call);
    const environment = this.store.environment(call);
    this.#protect(call, environment);
    if (this.deployments.running(environment, call.at) !== undefined) {
      throw conflict(`Environment ${environment.id} has a deployment in progress`);
    }
    environments.delete(environment.id);
    return output({});
  }

  deleteProfile(call: Call): Reply {
    const { profiles } = this.store.application(call);
    const profile = this.store.profile(call);
    this.#protect(call, profile);
    if (profile.versions.size > 0) {
      throw badRequest(`ConfigurationProfile ${profile.id} still has hosted configuration versions`);
    }
    profiles.delete(profile.id);
    return output({});
  }

  /** What was read of late may not go (aws-facts §2.1), unless it is younger than an hour. */
  #protect({ input, at }: Call, { id, createdAt, readAt }: Environment | Profile): void {
    const { deletionProtection } = this.context.scenario;
    if (deletionProtection === undefined || input['DeletionProtectionCheck'] === 'BYPASS') return;
    if (readAt === undefined || at - createdAt < HOUR || at - readAt > deletionProtection) return;
    throw badRequest(`${id} is protected from deletion: its configuration was read in the protection period`);
  }

  #validators(value: unknown): readonly Validator[] {
    const validators = validatorsIn(value);
    if (validators.length > MOST_VALIDATORS) throw badRequest('A profile can have at most 2 validators');
    return validators;
  }

  #id(): string {
    return this.context.random.lower(7);
  }

  #tag(call: Call, path: string): void {
    const { partition, account } = this.context;
    const arn = `arn:${partition}:appconfig:${call.region}:${account}:${path}`;
    if (isDocument(call.input['Tags'])) this.store.place(call).tags.set(arn, call.input['Tags']);
  }

  #application({ id, name, description }: Application): Document {
    return { Id: id, Name: name, Description: description };
  }

  #environment(applicationId: string, environment: Environment, at: number): Document {
    const { id, name, description, monitors } = environment;
    const State = this.deployments.environmentState(environment, at);
    return { ApplicationId: applicationId, Id: id, Name: name, Description: description, State, Monitors: monitors };
  }

  #profile(ApplicationId: string, { id, name, type, location, retrievalRole, validators }: Profile): Document {
    const rest = { Type: type, LocationUri: location, RetrievalRoleArn: retrievalRole, Validators: validators };
    return { ApplicationId, Id: id, Name: name, ...rest };
  }
}
