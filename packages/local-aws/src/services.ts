import type { Identity } from './iam/identity.js';
import type { Scenario } from './scenario.js';
import type { Service, ServiceContext } from './service.js';
import { createAppConfig } from './services/appconfig/appconfig.js';
import { createCloudFormation } from './services/cloudformation/cloudformation.js';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.js';
import { createCodeguruReviewer } from './services/codeguru-reviewer/codeguru-reviewer.js';
import { createEcr } from './services/ecr/ecr.js';
import { createEcrPublic } from './services/ecr-public/ecr-public.js';
import { createHealth } from './services/health/health.js';
import { createIam } from './services/iam/iam.js';
import { ContainerImages } from './services/inspector/container-images.js';
import { createInspector } from './services/inspector/inspector.js';
import { createOidc, type Oidc } from './services/oidc/oidc.js';
import { createS3 } from './services/s3/s3.js';
import { createSecretsManager } from './services/secretsmanager/secretsmanager.js';
import { createSsm } from './services/ssm/ssm.js';
import { createSts } from './services/sts/sts.js';

export interface Parts {
  readonly scenario: Scenario;
  readonly identity: Identity;
  /** Makes a service's context; the name is the one it has in the catalogue. */
  readonly context: <Slice>(name: string, scenario: Slice) => ServiceContext<Slice>;
}

export interface Services {
  readonly oidc: Oidc;
  /** The models by the name they have in the catalogue. */
  readonly models: ReadonlyMap<string, Service>;
}

/** Every model there is; a new service adds a line. */
export const createServices = ({ scenario, identity, context }: Parts): Services => {
  const oidc = createOidc(context('oidc', scenario.oidc));
  const { issuer } = oidc;
  const ecrContext = context('ecr', scenario.ecr);
  const ecr = createEcr(ecrContext);
  const appConfig = createAppConfig(context('appconfig', scenario.appconfig));
  const models = new Map<string, Service>([
    ['oidc', oidc],
    ['sts', createSts(context('sts', scenario.sts), { identity, issuer })],
    ['iam', createIam(context('iam', undefined), identity)],
    ['cloudformation', createCloudFormation(context('cloudformation', scenario.cloudformation))],
    ['s3', createS3(context('s3', undefined))],
    ['secretsmanager', createSecretsManager(context('secretsmanager', scenario.secretsmanager))],
    ['health', createHealth(context('health', scenario.health))],
    ['ssm', createSsm(context('ssm', scenario.ssm))],
    ['cloudwatch', createCloudWatch(context('cloudwatch', scenario.cloudwatch))],
    ['codeguru-reviewer', createCodeguruReviewer(context('codeguru-reviewer', scenario['codeguru-reviewer']))],
    [
      'inspector2',
      createInspector(context('inspector2', scenario.inspector2), new ContainerImages(ecrContext, ecr.registries)),
    ],
    ['ecr', ecr],
    ['ecr-public', createEcrPublic(context('ecr-public', scenario['ecr-public']))],
    ['appconfig', appConfig.control],
    ['appconfigdata', appConfig.data],
  ]);
  return { oidc, models };
};
