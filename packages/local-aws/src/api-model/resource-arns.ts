import { readDocuments } from '../protocols/document.js';
import type { PermissionContext } from './operation-model.js';

// The resources of operations (Service Authorization Reference). What is not an ARN is completed with the prefix of its
// service; undefined or an empty list is `*`.

/** The most specific resources that the ids in the input name. */
export const listAppConfigResources = ({ input }: PermissionContext): string | readonly string[] => {
  if (typeof input['ResourceArn'] === 'string') return input['ResourceArn'];
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

/** Starting a session names the configuration; later calls carry only a token, so their resource is `*`. */
export const findConfiguration = ({ input }: PermissionContext): string | undefined => {
  const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = input;
  if (ApplicationIdentifier === undefined) return undefined;
  const path = `application/${ApplicationIdentifier}/environment/${EnvironmentIdentifier}`;
  return `${path}/configuration/${ConfigurationProfileIdentifier}`;
};

/** The stack or stack set in the input: `stack/<name>/*` for a name, because only the service knows the id. */
export const findStack = ({ input }: PermissionContext): string | undefined => {
  if (typeof input['StackSetName'] === 'string') return `stackset/${input['StackSetName'].split(':')[0]}:*`;
  const name = input['StackName'] ?? input['StackId'];
  const changeSet = input['ChangeSetName'];
  if (typeof name === 'string') return name.startsWith('arn:') ? name : `stack/${name}/*`;
  return typeof changeSet === 'string' && changeSet.startsWith('arn:') ? changeSet : undefined;
};

/** The repositories in the input; tag operations name an ARN. */
export const listRepositories = (context: PermissionContext, operation: string): string | readonly string[] => {
  const { registryId, resourceArn, repositoryName, repositoryNames } = context.input;
  if (typeof resourceArn === 'string') return resourceArn;
  // without names, the operation applies to all repositories
  const all = operation === 'DescribeRepositories' ? ['*'] : [];
  const names = [repositoryNames ?? repositoryName ?? all].flat();
  const { partition, region, account } = context;
  return names.map((name) => `arn:${partition}:ecr:${region}:${registryId ?? account}:repository/${name}`);
};

/** Calendars are documents. The ARN of a parameter has one slash even if its name begins with one. */
export const listSsmResources = ({ input }: PermissionContext, operation: string): readonly string[] => {
  const kind = operation.includes('Parameter') ? 'parameter' : 'document';
  const names = [input['CalendarNames'] ?? input['Names'] ?? input['Name'] ?? input['Path'] ?? []].flat().map(String);
  return names.map((name) => (name.startsWith('arn:') ? name : `${kind}/${name.replace(/^\//, '')}`));
};

/** The object or bucket in the input. The keys of DeleteObjects are in its body. */
export const findObject = ({ input }: PermissionContext, operation: string): string | undefined => {
  const { Bucket: bucket, Key: key = operation === 'DeleteObjects' ? '*' : undefined } = input;
  return bucket === undefined ? undefined : `${bucket}${key === undefined ? '' : `/${key}`}`;
};

/** The secret in the input; `??????` stands for the six random characters when only the name is known. */
export const findSecret = ({ input: { SecretId: id } }: PermissionContext): string | undefined => {
  if (typeof id !== 'string') return undefined;
  return id.startsWith('arn:') ? id : `secret:${id}-??????`;
};

/** The roles that AppConfig is passed for alarms and for content stored elsewhere. */
export const listAppConfigRoles = ({ input }: PermissionContext): readonly unknown[] => [
  ...readDocuments(input['Monitors']).map(({ AlarmRoleArn: role }) => role),
  input['RetrievalRoleArn'],
];
