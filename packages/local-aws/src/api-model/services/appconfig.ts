import type { RequiredPermission } from '../../api-call.js';
import { readDocuments } from '../../protocols/document.js';
import { createPassRolePermission, type PermissionContext, type ServiceModel } from '../operation-model.js';

/** The most specific resources that the ids in the input name (Service Authorization Reference, "AWS AppConfig"). */
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

/** AppConfig requires `iam:PassRole` for the roles it uses for alarms and for content stored elsewhere. */
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

/** Starting a session names the configuration; later calls carry only a token, so their resource is `*`. */
const buildConfigurationArn = ({ input, partition, region, account }: PermissionContext): string => {
  const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = input;
  if (ApplicationIdentifier === undefined) return '*';
  const path = `application/${ApplicationIdentifier}/environment/${EnvironmentIdentifier}`;
  return `arn:${partition}:appconfig:${region}:${account}:${path}/configuration/${ConfigurationProfileIdentifier}`;
};

/** The data plane shares AppConfig's signing name and IAM prefix. */
export const appconfigdata: ServiceModel = {
  name: 'appconfigdata',
  signingName: 'appconfig',
  iamPrefix: 'appconfig',
  protocol: 'rest-json',
  loadClient: () => import('@aws-sdk/client-appconfigdata'),
  getResourceArns: buildConfigurationArn,
  // the session can only read
  operations: { StartConfigurationSession: { write: false } },
};
