const role = 'arn:aws:iam::123456789012:role/r';
const subnets = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', InlineCode: 'x' };
const fn = (properties: object = {}, attributes: object = {}) => ({
  Type: 'AWS::Serverless::Function',
  Properties: { ...code, ...properties },
  ...attributes,
});
const machine = (properties: object = {}) => ({
  Type: 'AWS::Serverless::StateMachine',
  Properties: { Definition: { StartAt: 'A', States: { A: { Type: 'Succeed' } } }, ...properties },
});
const graph = (properties: object = {}) => ({
  Type: 'AWS::Serverless::GraphQLApi',
  Properties: { SchemaInline: 'type Query { a: String }', Auth: { Type: 'API_KEY' }, ...properties },
});
const connector = (source: object, destination: object) => ({
  Type: 'AWS::Serverless::Connector',
  Properties: { Source: source, Destination: destination, Permissions: ['Write'] },
});
const table = { Type: 'AWS::Serverless::SimpleTable' };
const topic = { Type: 'AWS::SNS::Topic' };
const queue = { Type: 'AWS::SQS::Queue' };
const rule = { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['a'] } } };
const event = (type: string, properties: object) => ({ Events: { E: { Type: type, Properties: properties } } });
const withRole = { Role: role };
const noValue = { Ref: 'AWS::NoValue' };
const choice = { 'Fn::If': ['C', role, noValue] };

/** Resources of SAM templates by name. */
const resources: Readonly<Record<string, object>> = {
  'a function': { F: fn() },
  'a function with a role': { F: fn(withRole) },
  'a function with a role under a condition': { F: fn({ Role: choice }) },
  'a function with a schedule': { F: fn({ ...withRole, ...event('Schedule', { Schedule: 'rate(1 day)' }) }) },
  'a function with a schedule of EventBridge Scheduler': {
    F: fn({ ...withRole, ...event('ScheduleV2', { ScheduleExpression: 'rate(1 day)' }) }),
  },
  'a function with a schedule and its role': {
    F: fn({ ...withRole, ...event('ScheduleV2', { ScheduleExpression: 'rate(1 day)', RoleArn: role }) }),
  },
  'a function with an API': { F: fn({ ...withRole, ...event('Api', { Path: '/', Method: 'get' }) }) },
  'a gradual deployment': {
    F: fn({ ...withRole, AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce' } }),
  },
  'a gradual deployment with a role': {
    F: fn({ ...withRole, AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce', Role: role } }),
  },
  'a disabled gradual deployment': {
    F: fn({ ...withRole, AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce', Enabled: false } }),
  },
  'a state machine': { S: machine() },
  'a state machine with policies': { S: machine({ Policies: ['AWSLambdaExecute'] }) },
  'a state machine with a role': { S: machine(withRole) },
  'a state machine with a schedule': { S: machine({ ...withRole, ...event('Schedule', { Schedule: 'rate(1 day)' }) }) },
  'a state machine with a schedule and its role': {
    S: machine({ ...withRole, ...event('Schedule', { Schedule: 'rate(1 day)', RoleArn: role }) }),
  },
  'a state machine with a rule': {
    S: machine({ ...withRole, ...event('EventBridgeRule', { Pattern: { source: ['a'] } }) }),
  },
  'a state machine with an API': { S: machine({ ...withRole, ...event('Api', { Path: '/', Method: 'get' }) }) },
  'a GraphQL API': { G: graph() },
  'a GraphQL API without a log': { G: graph({ Logging: false }) },
  'a GraphQL API with a role for its log': { G: graph({ Logging: { CloudWatchLogsRoleArn: role } }) },
  'a GraphQL API with a table': {
    G: graph({
      Logging: false,
      DataSources: { DynamoDb: { D: { TableName: 't', TableArn: 'arn:aws:dynamodb:::table/t' } } },
    }),
  },
  'a GraphQL API with a table and its role': {
    G: graph({
      Logging: false,
      DataSources: {
        DynamoDb: { D: { TableName: 't', TableArn: 'arn:aws:dynamodb:::table/t', ServiceRoleArn: role } },
      },
    }),
  },
  'a GraphQL API with a function': {
    G: graph({ Logging: false, DataSources: { Lambda: { L: { FunctionArn: 'arn:aws:lambda:::function:f' } } } }),
  },
  'a capacity provider': { P: { Type: 'AWS::Serverless::CapacityProvider', Properties: { VpcConfig: subnets } } },
  'a capacity provider with a role': {
    P: { Type: 'AWS::Serverless::CapacityProvider', Properties: { VpcConfig: subnets, OperatorRole: role } },
  },
  'a table and a layer': {
    T: table,
    L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 's3://b/k' } },
  },
  'a connector of a state machine and a table': {
    T: table,
    C: connector({ Type: 'AWS::StepFunctions::StateMachine', RoleName: 'r' }, { Id: 'T' }),
  },
  'a connector of a topic and a queue': { T: topic, Q: queue, C: connector({ Id: 'T' }, { Id: 'Q' }) },
  'a connector of a rule and a topic': { R: rule, T: topic, C: connector({ Id: 'R' }, { Id: 'T' }) },
  'a connector of declared types': {
    C: connector({ Type: 'AWS::Lambda::Function', RoleName: 'r' }, { Type: 'AWS::SQS::Queue', Arn: 'arn:aws:sqs:::q' }),
  },
  'a connector of a table inside': {
    T: {
      Type: 'AWS::DynamoDB::Table',
      Connectors: {
        C: {
          Properties: {
            Destination: { Type: 'AWS::Lambda::Function', Arn: 'arn:aws:lambda:::function:f', RoleName: 'r' },
            Permissions: ['Read'],
          },
        },
      },
    },
  },
  'a connector of a topic inside': {
    T: { ...topic, Connectors: { C: { Properties: { Destination: { Id: 'Q' }, Permissions: ['Write'] } } } },
    Q: queue,
  },
};

/** Templates with the SAM transform. Roles of functions in connectors are resources, whose policies SAM adds to. */
export const corpus = Object.entries(resources).map(([name, Resources]) => {
  const text = JSON.stringify({
    Transform: 'AWS::Serverless-2016-10-31',
    Conditions: { C: { 'Fn::Equals': ['a', 'b'] } },
    Resources,
  });
  return { name, text };
});
