import type { Demand } from '../call.js';
import { isDocument } from '../wire/json.js';
import type { Asked, ServiceEntry } from './entry.js';

/** The most exact resources that the ids of a call name (Service Authorization Reference, "AWS AppConfig"). */
const pathsOf = ({ input }: Asked): readonly string[] => {
  const path = (kind: string, member: string) => (input[member] === undefined ? '' : `${kind}/${input[member]}`);
  const application = path('application', 'ApplicationId');
  const deployment = path('/deployment', 'DeploymentNumber');
  const version = path('/hostedconfigurationversion', 'VersionNumber');
  const environment = path(`${application}/environment`, 'EnvironmentId');
  const profile = path(`${application}/configurationprofile`, 'ConfigurationProfileId');
  const strategy = path('deploymentstrategy', 'DeploymentStrategyId');
  const named = [environment && environment + deployment, profile && profile + version, strategy];
  const exact = named.filter((each) => each !== '');
  return exact.length > 0 || application === '' ? exact : [application];
};

const resourceArns = (asked: Asked): string | readonly string[] => {
  const { input, partition, region, account } = asked;
  if (typeof input['ResourceArn'] === 'string') return input['ResourceArn'];
  const arns = pathsOf(asked).map((path) => `arn:${partition}:appconfig:${region}:${account}:${path}`);
  return arns.length === 0 ? '*' : arns;
};

/** Handing AppConfig a role, for alarms or for content that lives elsewhere, takes `iam:PassRole` on it. */
const passRoles = ({ input: { Monitors: monitors, RetrievalRoleArn: retrieval } }: Asked): readonly Demand[] => {
  const alarms = (Array.isArray(monitors) ? monitors : []).filter(isDocument).map(({ AlarmRoleArn: role }) => role);
  return [...alarms, retrieval]
    .filter((role) => typeof role === 'string')
    .map((resource) => ({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': 'appconfig.amazonaws.com' },
    }));
};

export const appconfig: ServiceEntry = {
  name: 'appconfig',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-appconfig'),
  resource: resourceArns,
  besides: passRoles,
};

/** A session names its configuration by identifiers; what follows carries a token, and is `*`. */
const configurationArn = ({ input, partition, region, account }: Asked): string => {
  const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = input;
  if (ApplicationIdentifier === undefined) return '*';
  const path = `application/${ApplicationIdentifier}/environment/${EnvironmentIdentifier}`;
  return `arn:${partition}:appconfig:${region}:${account}:${path}/configuration/${ConfigurationProfileIdentifier}`;
};

/** The data plane signs as AppConfig, and its IAM actions are AppConfig's. */
export const appconfigdata: ServiceEntry = {
  name: 'appconfigdata',
  signingName: 'appconfig',
  iamPrefix: 'appconfig',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-appconfigdata'),
  resource: configurationArn,
  // it opens a session that only reads
  operations: { StartConfigurationSession: { write: false } },
};
