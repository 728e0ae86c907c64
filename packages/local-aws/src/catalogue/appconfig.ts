import type { Demand } from '../call.js';
import { type Asked, isRead, type OperationEntry, type ServiceEntry } from './entry.js';

const arn = ({ partition, region, account }: Asked, path: string): string =>
  `arn:${partition}:appconfig:${region}:${account}:${path}`;

const id = (asked: Asked, member: string): string => String(asked.input[member] ?? '*');
const application = (asked: Asked): string => `application/${id(asked, 'ApplicationId')}`;
const environment = (asked: Asked): string => `${application(asked)}/environment/${id(asked, 'EnvironmentId')}`;
const profile = (asked: Asked): string =>
  `${application(asked)}/configurationprofile/${id(asked, 'ConfigurationProfileId')}`;
const version = (asked: Asked): string => `${profile(asked)}/hostedconfigurationversion/${id(asked, 'VersionNumber')}`;
const deployment = (asked: Asked): string => `${environment(asked)}/deployment/${id(asked, 'DeploymentNumber')}`;
const strategy = (asked: Asked): string => `deploymentstrategy/${id(asked, 'DeploymentStrategyId')}`;
const configuration = ({ input }: Asked): string =>
  `application/${input['ApplicationIdentifier']}/environment/${input['EnvironmentIdentifier']}/configuration/${input['ConfigurationProfileIdentifier']}`;

type Path = (asked: Asked) => string;

const on = (operation: string, ...paths: readonly Path[]): [string, OperationEntry] => {
  const demands = (asked: Asked): readonly Demand[] =>
    paths.map((path) => ({ action: `appconfig:${operation}`, resource: arn(asked, path(asked)) }));
  return [operation, { write: !isRead(operation), demands }];
};

const onTagged = (operation: string): [string, OperationEntry] => [
  operation,
  {
    write: !isRead(operation),
    demands: ({ input }) => [{ action: `appconfig:${operation}`, resource: String(input['ResourceArn']) }],
  },
];

/** The resources of each operation (Service Authorization Reference, "AWS AppConfig"). */
export const appconfig: ServiceEntry = {
  name: 'appconfig',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-appconfig'),
  operations: Object.fromEntries([
    on('GetApplication', application),
    on('DeleteApplication', application),
    on('CreateEnvironment', application),
    on('ListEnvironments', application),
    on('GetEnvironment', environment),
    on('UpdateEnvironment', environment),
    on('DeleteEnvironment', environment),
    on('CreateConfigurationProfile', application),
    on('ListConfigurationProfiles', application),
    on('GetConfigurationProfile', profile),
    on('UpdateConfigurationProfile', profile),
    on('DeleteConfigurationProfile', profile),
    on('ValidateConfiguration', profile),
    on('CreateHostedConfigurationVersion', profile),
    on('ListHostedConfigurationVersions', profile),
    on('GetHostedConfigurationVersion', version),
    on('DeleteHostedConfigurationVersion', version),
    on('DeleteDeploymentStrategy', strategy),
    on('StartDeployment', environment, profile, strategy),
    on('GetDeployment', deployment),
    on('ListDeployments', environment),
    on('StopDeployment', deployment),
    onTagged('ListTagsForResource'),
    onTagged('TagResource'),
  ]),
};

/** The data plane signs as AppConfig, and its IAM actions are AppConfig's. */
export const appconfigdata: ServiceEntry = {
  name: 'appconfigdata',
  signingName: 'appconfig',
  iamPrefix: 'appconfig',
  protocol: 'rest-json',
  load: () => import('@aws-sdk/client-appconfigdata'),
  operations: {
    StartConfigurationSession: {
      write: false,
      demands: (asked) => [
        { action: 'appconfig:StartConfigurationSession', resource: arn(asked, configuration(asked)) },
      ],
    },
  },
};
