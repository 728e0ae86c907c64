import type { RequiredPermission } from '../../api-call.js';
import { readDocuments } from '../../protocols/document.js';
import { createPassRolePermission, type PermissionContext, type ServiceModel } from '../operation-model.js';

/** The most exact resources that the ids of a call name (Service Authorization Reference, "AWS AppConfig"). */
const listResourcePaths = ({ input }: PermissionContext): readonly string[] => {
  const formatPath = (kind: string, member: string) => (input[member] === undefined ? '' : `${kind}/${input[member]}`);
  const application = formatPath('application', 'ApplicationId');
  const deployment = formatPath('/deployment', 'DeploymentNumber');
  const version = formatPath('/hostedconfigurationversion', 'VersionNumber');
  const environment = formatPath(`${application}/environment`, 'EnvironmentId');
  const profile = formatPath(`${application}/configurationprofile`, 'ConfigurationProfileId');
  const strategy = formatPath('deploymentstrategy', 'DeploymentStrategyId');
  const named = [environment && environment + deployment, profile && profile + version, strategy];
  const exact = named.filter((each) => each !== '');
  return exact.length > 0 || application === '' ? exact : [application];
};

const listResourceArns = (context: PermissionContext): string | readonly string[] => {
  const { input, partition, region, account } = context;
  if (typeof input['ResourceArn'] === 'string') return input['ResourceArn'];
  const arns = listResourcePaths(context).map((path) => `arn:${partition}:appconfig:${region}:${account}:${path}`);
  return arns.length === 0 ? '*' : arns;
};

/** Handing AppConfig a role, for alarms or for content that lives elsewhere, takes `iam:PassRole` on it. */
const listPassRolePermissions = ({
  input: { Monitors: monitors, RetrievalRoleArn: retrieval },
}: PermissionContext): readonly RequiredPermission[] => {
  const alarms = readDocuments(monitors).map(({ AlarmRoleArn: role }) => role);
  return [...alarms, retrieval]
    .filter((role) => typeof role === 'string')
    .map((role) => createPassRolePermission(role, 'appconfig'));
};

export const appconfig: ServiceModel = {
  name: 'appconfig',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-appconfig'),
  getResourceArns: listResourceArns,
  getAdditionalPermissions: listPassRolePermissions,
};

/** A session names its configuration by identifiers; what follows carries a token, and is `*`. */
const buildConfigurationArn = ({ input, partition, region, account }: PermissionContext): string => {
  const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = input;
  if (ApplicationIdentifier === undefined) return '*';
  const path = `application/${ApplicationIdentifier}/environment/${EnvironmentIdentifier}`;
  return `arn:${partition}:appconfig:${region}:${account}:${path}/configuration/${ConfigurationProfileIdentifier}`;
};

/** The data plane signs as AppConfig, and its IAM actions are AppConfig's. */
export const appconfigdata: ServiceModel = {
  name: 'appconfigdata',
  signingName: 'appconfig',
  iamPrefix: 'appconfig',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-appconfigdata'),
  getResourceArns: buildConfigurationArn,
  // it opens a session that only reads
  operations: { StartConfigurationSession: { write: false } },
};
