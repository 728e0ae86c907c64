import { describe, expect, it } from '@jest/globals';
import { type DeploymentReader, readDeploymentScope, type StackResource } from '../../src/scope/deployment-scope.js';
import { findServices, RESOURCE_SERVICES } from '../../src/scope/resource-services.js';

const createReader = (
  template: string,
  stacks: Readonly<Record<string, readonly StackResource[]>> = {},
): DeploymentReader => ({
  readFile: async () => template,
  listStackResources: async (stack) => stacks[stack] ?? [],
});

const renderTemplate = (...types: readonly string[]): string =>
  JSON.stringify({ Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])) });

const readScopeOfTypes = (...types: readonly string[]) =>
  readDeploymentScope({ templates: ['t.json'], stack: undefined }, createReader(renderTemplate(...types)));

describe('the services of a template', () => {
  const readTemplateScope = (content: string) =>
    readDeploymentScope({ templates: ['t.yml'], stack: undefined }, createReader(content));

  it('are those of its loops too', async () => {
    const queue = "'Q${N}': {Type: AWS::SQS::Queue}";
    const inner = `'Fn::ForEach::Inner': [M, [b], {'T\${N}\${M}': {Type: AWS::SNS::Topic}}]`;
    const { services, unmapped } = await readTemplateScope(
      `Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::Q': [N, [a], {${queue}, ${inner}}]}`,
    );
    expect(services).toEqual(expect.arrayContaining(['SQS', 'SNS']));
    expect(unmapped).toEqual([]);
  });

  it('may be more than can be seen where macros add to it, and that is said', async () => {
    const resources = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  'Fn::Transform': {Name: AWS::Include}\n";
    expect((await readTemplateScope(`Transform: [Mine, AWS::Serverless-2016-10-31]\n${resources}`)).unmapped).toEqual([
      'what Fn::Transform adds',
      'what the macro Mine adds',
    ]);
  });
});

describe('the services of a resource type', () => {
  it.each([
    ['AWS::RDS::DBInstance', ['RDS']],
    ['AWS::EC2::NatGateway', ['NATGATEWAY', 'VPC']],
    ['AWS::EC2::Instance', ['EC2', 'EBS', 'VPC']],
    ['AWS::EC2::SecurityGroup', ['EC2', 'VPC']],
    ['AWS::EFS::FileSystem', ['ELASTICFILESYSTEM', 'EFS']],
    ['AWS::StepFunctions::StateMachine', ['STATES', 'STATE', 'STEPFUNCTIONS']],
    ['AWS::Serverless::SimpleTable', ['DYNAMODB']],
    ['AWS::CloudFormation::WaitCondition', ['CLOUDFORMATION']],
    ['Custom::Seed', ['LAMBDA', 'SNS']],
    ['AWS::CloudFormation::CustomResource', ['LAMBDA', 'SNS']],
  ])('%s are %j', (type, services) => {
    expect(findServices(type)).toEqual(services);
  });

  it.each(['Acme::Monitoring::Check', 'AWS::CloudFormation::Stack', 'AWS::NewThing::Box', 'AWS::toString::X', ''])(
    'of %p are not known',
    (type) => {
      expect(findServices(type)).toBeUndefined();
    },
  );

  it('are written as AWS Health writes them', () => {
    for (const services of Object.values(RESOURCE_SERVICES)) {
      for (const service of services) expect(service).toMatch(/^[A-Z0-9_]+$/);
    }
  });
});

describe('a footprint', () => {
  it('has the services of a template, and CloudFormation itself', async () => {
    expect(await readScopeOfTypes('AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::SQS::QueuePolicy')).toEqual({
      services: ['CLOUDFORMATION', 'LAMBDA', 'SQS'],
      unmapped: [],
      resources: [],
    });
  });

  it('has the services of several templates', async () => {
    const templates: Readonly<Record<string, string>> = {
      'data.json': renderTemplate('AWS::SQS::Queue'),
      'shop.json': renderTemplate('AWS::Lambda::Function'),
    };
    const readFile = async (path: string): Promise<string> => templates[path] ?? '';
    const deployment = { templates: Object.keys(templates), stack: undefined };
    const { services } = await readDeploymentScope(deployment, { ...createReader(''), readFile });
    expect(services).toEqual(['CLOUDFORMATION', 'LAMBDA', 'SQS']);
  });

  it('guesses the service of an unknown namespace of AWS, and says that it is not in the map', async () => {
    const { services, unmapped } = await readScopeOfTypes('AWS::NewThing::Box', 'Acme::Tool::Check');
    expect(services).toEqual(['CLOUDFORMATION', 'NEWTHING']);
    expect(unmapped).toEqual(['AWS::NewThing::Box', 'Acme::Tool::Check']);
  });

  it('has types and ids of a stack and of those nested in it', async () => {
    const stacks = {
      shop: [
        { type: 'AWS::RDS::DBInstance', physicalId: 'shop-db' },
        { type: 'AWS::CloudFormation::Stack', physicalId: 'arn:nested' },
        { type: 'AWS::SNS::Topic', physicalId: undefined },
      ],
      'arn:nested': [{ type: 'AWS::SQS::Queue', physicalId: 'https://queue' }],
    };
    const deployment = { templates: [], stack: 'shop' };
    expect(await readDeploymentScope(deployment, createReader('', stacks))).toEqual({
      services: ['CLOUDFORMATION', 'RDS', 'SNS', 'SQS'],
      unmapped: [],
      resources: ['shop-db', 'https://queue'],
    });
  });

  it('says of a nested stack in a template that it cannot be seen through', async () => {
    expect((await readScopeOfTypes('AWS::CloudFormation::Stack')).unmapped).toEqual(['AWS::CloudFormation::Stack']);
  });
});
