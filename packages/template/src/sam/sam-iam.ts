import type { Resource, Template } from '../template.js';
import { isList, isMapping, type Mapping, type Value } from '../value.js';

/** SAM creates a role for a resource of these types without the property. */
const ROLE_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Serverless::CapacityProvider': 'OperatorRole',
  'AWS::Serverless::Function': 'Role',
  'AWS::Serverless::MicrovmImage': 'BuildRoleArn',
  'AWS::Serverless::NetworkConnector': 'OperatorRole',
  'AWS::Serverless::StateMachine': 'Role',
  'AWS::Serverless::WebFunction': 'ExecutionRoleArn',
};

/** Types that SAM's own types become. */
const TRANSFORMED_TYPES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': 'AWS::ApiGateway::RestApi',
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::GraphQLApi': 'AWS::AppSync::GraphQLApi',
  'AWS::Serverless::HttpApi': 'AWS::ApiGatewayV2::Api',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
};

const LAMBDA = 'AWS::Lambda::Function';
const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
const EVENT_BUS = 'AWS::Events::EventBus';

/**
 * Connectors that create a managed policy, destinations by source; all others create a policy of the destination. Source:
 * connector profiles of the SAM translator.
 */
const POLICY_CONNECTORS: Readonly<Record<string, readonly string[]>> = {
  'AWS::AppSync::DataSource': ['AWS::DynamoDB::Table', LAMBDA, EVENT_BUS],
  'AWS::DynamoDB::Table': [LAMBDA],
  'AWS::Events::Rule': [EVENT_BUS, STATE_MACHINE],
  [LAMBDA]: [
    ...[LAMBDA, 'AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SNS::Topic', STATE_MACHINE],
    ...[EVENT_BUS, 'AWS::Location::PlaceIndex'],
  ],
  'AWS::SQS::Queue': [LAMBDA],
  [STATE_MACHINE]: [
    ...[LAMBDA, 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::S3::Bucket', 'AWS::DynamoDB::Table', STATE_MACHINE],
    EVENT_BUS,
  ],
};

/** Events of state machines that start it with a role, which SAM creates without `RoleArn`. */
const STATE_MACHINE_EVENTS = ['Api', 'CloudWatchEvent', 'EventBridgeRule', 'Schedule', 'ScheduleV2'];

const toMapping = (value: Value | undefined): Mapping => (isMapping(value) ? value : {});
const listMappings = (value: Value | undefined): readonly Mapping[] =>
  Object.values(toMapping(value)).filter(isMapping);

/** A value that is absent, or may be `AWS::NoValue` under a condition. */
const mayBeAbsent = (value: Value | undefined): boolean => {
  if (value === undefined || value === null) return true;
  if (!isMapping(value)) return false;
  const branches = value['Fn::If'];
  return value['Ref'] === 'AWS::NoValue' || (isList(branches) && branches.slice(1).some(mayBeAbsent));
};

/** Properties of a resource with those of `Globals` for its type. */
const getProperties = ({ type, properties }: Resource, { document }: Template): Mapping => {
  const globals = toMapping(document['Globals'])[type.replace('AWS::Serverless::', '')];
  return { ...toMapping(globals), ...properties };
};

const hasEventRole = (type: string, properties: Mapping): boolean =>
  listMappings(properties['Events']).some(({ Type: event = '', Properties: settings }) => {
    const events = type === 'AWS::Serverless::StateMachine' ? STATE_MACHINE_EVENTS : ['ScheduleV2'];
    return events.includes(String(event)) && mayBeAbsent(toMapping(settings)['RoleArn']);
  });

/** Gradual deployments need a role for CodeDeploy. */
const hasDeploymentRole = ({ DeploymentPreference: preference }: Mapping): boolean =>
  isMapping(preference) && preference['Enabled'] !== false && mayBeAbsent(preference['Role']);

const hasGraphQLRole = ({ Logging: logging, DataSources: sources }: Mapping): boolean => {
  if (logging !== false && mayBeAbsent(toMapping(logging)['CloudWatchLogsRoleArn'])) return true;
  const { DynamoDb: tables, Lambda: functions } = toMapping(sources);
  const withRoles = [...listMappings(tables), ...listMappings(functions)];
  return withRoles.some(({ ServiceRoleArn: role }) => mayBeAbsent(role));
};

const getConnectedType = (end: Value | undefined, { resources }: Template): string => {
  const { Id: id, Type: declaredType = '' } = toMapping(end);
  const type = typeof id === 'string' ? (resources.get(id)?.type ?? '') : String(declaredType);
  return TRANSFORMED_TYPES[type] ?? type;
};

const createsPolicy = (source: string, destination: Value | undefined, template: Template): boolean => {
  const destinations = isList(destination) ? destination : [destination ?? null];
  return destinations.some((end) => POLICY_CONNECTORS[source]?.includes(getConnectedType(end, template)) ?? false);
};

/** `Connectors` of a resource, whose source it is. */
const hasConnectorPolicy = ({ type, declaration }: Resource, template: Template): boolean =>
  listMappings(declaration['Connectors']).some(({ Properties: properties }) => {
    const source = TRANSFORMED_TYPES[type] ?? type;
    return createsPolicy(source, toMapping(properties)['Destination'], template);
  });

/** Whether SAM creates IAM resources for a resource of its transform. */
export const createsIamResource = (resource: Resource, template: Template): boolean => {
  const { type } = resource;
  const properties = getProperties(resource, template);
  if (hasConnectorPolicy(resource, template)) return true;
  if (type === 'AWS::Serverless::Connector')
    return createsPolicy(getConnectedType(properties['Source'], template), properties['Destination'], template);
  if (type === 'AWS::Serverless::GraphQLApi') return hasGraphQLRole(properties);
  const roleProperty = Object.hasOwn(ROLE_PROPERTIES, type) ? ROLE_PROPERTIES[type] : undefined;
  if (roleProperty === undefined) return false;
  return mayBeAbsent(properties[roleProperty]) || hasEventRole(type, properties) || hasDeploymentRole(properties);
};
