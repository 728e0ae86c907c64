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
      resources: ['shop-db', 'https://queue'],
    });
  });

  it('reports a nested stack in a template as unmapped', async () => {
    expect((await readScopeOfTypes('AWS::CloudFormation::Stack')).unmapped).toEqual(['AWS::CloudFormation::Stack']);
  });
});
