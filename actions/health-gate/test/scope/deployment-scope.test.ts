import { describe, expect, it } from '@jest/globals';
import { type DeploymentReader, readDeploymentScope, type StackResource } from '../../src/scope/deployment-scope.js';

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

describe('a template', () => {
  const readTemplateScope = (content: string) =>
    readDeploymentScope({ templates: ['t.yml'], stack: undefined }, createReader(content));

  it('contributes the services of its loops', async () => {
    const queue = "'Q${N}': {Type: AWS::SQS::Queue}";
    const inner = `'Fn::ForEach::Inner': [M, [b], {'T\${N}\${M}': {Type: AWS::SNS::Topic}}]`;
    const { services, unmapped } = await readTemplateScope(
      `Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::Q': [N, [a], {${queue}, ${inner}}]}`,
    );
    expect(services).toEqual(expect.arrayContaining(['SQS', 'SNS']));
    expect(unmapped).toEqual([]);
  });

  it('is reported as incomplete when macros may add resources', async () => {
    const resources = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  'Fn::Transform': {Name: AWS::Include}\n";
    expect((await readTemplateScope(`Transform: [Mine, AWS::Serverless-2016-10-31]\n${resources}`)).unmapped).toEqual([
      'resources added by Fn::Transform',
      'resources added by the macro Mine',
    ]);
  });
});

describe('the scope of a deployment', () => {
  it('contains the services of a template and CloudFormation', async () => {
    expect(await readScopeOfTypes('AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::SQS::QueuePolicy')).toEqual({
      services: ['CLOUDFORMATION', 'LAMBDA', 'SQS'],
      unmapped: [],
      types: expect.any(Array),
      resources: [],
    });
  });

  it('contains the services of several templates', async () => {
    const templates: Readonly<Record<string, string>> = {
      'data.json': renderTemplate('AWS::SQS::Queue'),
      'shop.json': renderTemplate('AWS::Lambda::Function'),
    };
    const readFile = async (path: string): Promise<string> => templates[path] ?? '';
    const deployment = { templates: Object.keys(templates), stack: undefined };
    const { services } = await readDeploymentScope(deployment, { ...createReader(''), readFile });
    expect(services).toEqual(['CLOUDFORMATION', 'LAMBDA', 'SQS']);
  });

  it('guesses the service of an unknown AWS namespace and reports it as unmapped', async () => {
    const { services, unmapped } = await readScopeOfTypes('AWS::NewThing::Box', 'Acme::Tool::Check');
    expect(services).toEqual(['CLOUDFORMATION', 'NEWTHING']);
    expect(unmapped).toEqual(['AWS::NewThing::Box', 'Acme::Tool::Check']);
  });

  it('contains types and ids of a stack and of its nested stacks', async () => {
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
      types: expect.any(Array),
      resources: [
        { type: 'AWS::RDS::DBInstance', physicalId: 'shop-db' },
        { type: 'AWS::SQS::Queue', physicalId: 'https://queue' },
      ],
    });
  });
});

describe('a nested stack', () => {
  const readNested = (properties: unknown, type = 'AWS::CloudFormation::Stack') => {
    const files: Readonly<Record<string, string>> = {
      'infra/t.json': JSON.stringify({ Resources: { Data: { Type: type, Properties: properties } } }),
      'infra/data.json': renderTemplate('AWS::DynamoDB::Table'),
    };
    const readFile = async (path: string): Promise<string> => {
      const content = files[path];
      if (content === undefined) throw new Error('ENOENT');
      return content;
    };
    return readDeploymentScope({ templates: ['infra/t.json'], stack: undefined }, { ...createReader(''), readFile });
  };

  it.each([
    ['AWS::CloudFormation::Stack', { TemplateURL: './data.json' }],
    ['AWS::CloudFormation::StackSet', { TemplateBody: renderTemplate('AWS::DynamoDB::Table') }],
    ['AWS::Serverless::Application', { Location: 'data.json' }],
  ])('of the type %s contributes the services of its template', async (type, properties) => {
    const { services, unmapped } = await readNested(properties, type);
    expect(services).toEqual(expect.arrayContaining(['CLOUDFORMATION', 'DYNAMODB']));
    expect(unmapped).toEqual([]);
  });

  it.each([
    ['an uploaded template', { TemplateURL: 'https://bucket.s3.amazonaws.com/data.json' }],
    ['a template that does not exist', { TemplateURL: 'absent.json' }],
    ['a template that a parameter names', { TemplateURL: { Ref: 'Url' } }],
    ['no template', undefined],
  ])('with %s is reported as unmapped', async (_fact, properties) => {
    const { unmapped } = await readNested(properties);
    expect(unmapped).toEqual(['resources of the nested stack Data']);
  });

  it('that refers to its own template ends', async () => {
    const { unmapped } = await readNested({ TemplateURL: 't.json' });
    expect(unmapped).toEqual([]);
  });

  it('that is not created yet is reported as unmapped', async () => {
    const stacks = { shop: [{ type: 'AWS::CloudFormation::Stack', physicalId: undefined }] };
    const { unmapped } = await readDeploymentScope({ templates: [], stack: 'shop' }, createReader('', stacks));
    expect(unmapped).toEqual(['resources of the nested stack (not created yet)']);
  });
});
