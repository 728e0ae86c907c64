import type { IdentityStore } from './iam/identity.js';
import type { Scenario } from './scenario.js';
import type { Service, ServiceContext } from './service.js';
import { createAppConfig } from './services/appconfig/appconfig.js';
import { createAutoScaling } from './services/autoscaling/autoscaling.js';
import { createCloudFormation } from './services/cloudformation/cloudformation.js';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.js';
import { createCodeguruReviewer } from './services/codeguru-reviewer/codeguru-reviewer.js';
import { createEcr } from './services/ecr/ecr.js';
import { createEcrPublic } from './services/ecr-public/ecr-public.js';
import { createHealth } from './services/health/health.js';
import { createIam } from './services/iam/iam.js';
import { ContainerImages } from './services/inspector/container-images.js';
import { createInspector } from './services/inspector/inspector.js';
import { createLambda } from './services/lambda/lambda.js';
import { createOidc, type Oidc } from './services/oidc/oidc.js';
import { createS3 } from './services/s3/s3.js';
import { createSecretsManager } from './services/secretsmanager/secretsmanager.js';
import { createSsm } from './services/ssm/ssm.js';
import { createSts } from './services/sts/sts.js';

export interface CreateServicesOptions {
  readonly scenario: Scenario;
  readonly identity: IdentityStore;
  /** Creates the context of a service; `name` is its name in the API model. */
  readonly createContext: <ServiceScenario>(name: string, scenario: ServiceScenario) => ServiceContext<ServiceScenario>;
}

export interface Services {
  readonly oidc: Oidc;
  /** By the name in the API model. */
  readonly byName: ReadonlyMap<string, Service>;
}

/** Creates all simulated services; add new services here. */
export const createServices = ({ scenario, identity, createContext }: CreateServicesOptions): Services => {
  const oidc = createOidc(createContext('oidc', scenario.oidc));
  const { issuer } = oidc;
  const ecrContext = createContext('ecr', scenario.ecr);
  const ecr = createEcr(ecrContext);
  const appConfig = createAppConfig(createContext('appconfig', scenario.appconfig));
  const byName = new Map<string, Service>([
    ['oidc', oidc],
    ['sts', createSts(createContext('sts', scenario.sts), { identity, issuer })],
    ['iam', createIam(createContext('iam', undefined), identity)],
    ['autoscaling', createAutoScaling(createContext('autoscaling', scenario.autoscaling))],
    ['cloudformation', createCloudFormation(createContext('cloudformation', scenario.cloudformation))],
    ['s3', createS3(createContext('s3', undefined))],
    ['secretsmanager', createSecretsManager(createContext('secretsmanager', scenario.secretsmanager))],
    ['health', createHealth(createContext('health', scenario.health))],
    ['lambda', createLambda(createContext('lambda', scenario.lambda))],
    ['ssm', createSsm(createContext('ssm', scenario.ssm))],
    ['cloudwatch', createCloudWatch(createContext('cloudwatch', scenario.cloudwatch))],
    ['codeguru-reviewer', createCodeguruReviewer(createContext('codeguru-reviewer', scenario['codeguru-reviewer']))],
    [
      'inspector2',
      createInspector(
        createContext('inspector2', scenario.inspector2),
        new ContainerImages(ecrContext, ecr.registries),
      ),
    ],
    ['ecr', ecr],
    ['ecr-public', createEcrPublic(createContext('ecr-public', scenario['ecr-public']))],
    ['appconfig', appConfig.control],
    ['appconfigdata', appConfig.data],
  ]);
  return { oidc, byName };
};
