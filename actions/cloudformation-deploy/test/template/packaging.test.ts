import { symlinkSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { ArtifactStore } from '@aws-delivery/aws/s3/artifact-store';
import { FakeS3 } from '@aws-delivery/aws/testing/fake-s3';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import { describe, expect, it } from '@jest/globals';
import { type PackagedTemplate, packageTemplate } from '../../src/template/packaging.js';
import { listPlans, type PackagingPlan, planPackaging } from '../../src/template/packaging-plan.js';
import { createFileTemplateSource } from '../../src/template/template-source.js';
import { Workspace } from '../workspace.js';

const ACCOUNT = '111122223333';
const KEY = '[0-9a-f]{64}';

const createPlan = async (workspace: Workspace, body: string, file = 'template.yml'): Promise<PackagingPlan> => {
  workspace.write(file, body);
  const sourceReader = workspace.createSourceReader(createBucket());
  return planPackaging(createFileTemplateSource(await sourceReader.readFile(file)), sourceReader);
};

const createBucket = (): FakeS3 => {
  const s3 = new FakeS3({ account: ACCOUNT });
  s3.addBucket('shop');
  return s3;
};

const createStore = (s3: FakeS3): ArtifactStore =>
  new ArtifactStore(
    { bucket: 'shop', owner: ACCOUNT, region: 'eu-central-1', prefix: 'p', kmsKeyId: undefined },
    { s3, clock: new VirtualClock() },
  );

const pack = async (
  workspace: Workspace,
  body: string,
  s3 = createBucket(),
  file?: string,
): Promise<PackagedTemplate> =>
  packageTemplate(await createPlan(workspace, body, file), createStore(s3), {
    concurrency: 3,
    tempDirectory: workspace.path,
    workspace: workspace.path,
  });

const parseProperties = (body: string): Record<string, Mapping> =>
  Object.fromEntries([...parseTemplate(body).resources].map(([name, { properties }]) => [name, properties]));

const createResource = (type: string, properties: object): object => ({ Type: type, Properties: properties });
const renderTemplate = (resources: object): string => JSON.stringify({ Resources: resources }, null, 2);

const matchUri = (suffix: string): unknown => expect.stringMatching(new RegExp(`^s3://shop/p/${KEY}${suffix}$`));
const matchKey = (suffix: string): unknown => expect.stringMatching(new RegExp(`^p/${KEY}${suffix}$`));
const matchUrl = (suffix: string): unknown =>
  expect.stringMatching(new RegExp(`^https://s3\\.eu-central-1\\.amazonaws\\.com/shop/p/${KEY}${suffix}$`));

const countPuts = (s3: FakeS3): number => s3.calls.filter((call) => call.startsWith('put')).length;

describe('packageTemplate', () => {
  it.each([
    ['AWS::Lambda::Function', { Code: 'src' }, { Code: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } }],
    ['AWS::Lambda::Function', { Code: './src/index.js' }, { Code: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } }],
    ['AWS::Lambda::Function', { Code: 'ready.jar' }, { Code: { S3Bucket: 'shop', S3Key: matchKey('\\.jar') } }],
    [
      'AWS::Lambda::LayerVersion',
      { Content: 'file://src' },
      { Content: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } },
    ],
    ['AWS::Serverless::Function', { CodeUri: 'src/' }, { CodeUri: matchUri('\\.zip') }],
    ['AWS::Serverless::LayerVersion', { ContentUri: 'src' }, { ContentUri: matchUri('\\.zip') }],
    ['AWS::Serverless::Api', { DefinitionUri: 'api.yaml' }, { DefinitionUri: matchUri('\\.yaml') }],
    ['AWS::Serverless::HttpApi', { DefinitionUri: 'api.yaml' }, { DefinitionUri: matchUri('\\.yaml') }],
    [
      'AWS::Serverless::StateMachine',
      { DefinitionUri: 'api.yaml' },
      { DefinitionUri: { Bucket: 'shop', Key: matchKey('\\.yaml') } },
    ],
    ['AWS::Serverless::Application', { Location: 'nested.yml' }, { Location: matchUrl('\\.template') }],
    ['AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' }, { TemplateURL: matchUrl('\\.template') }],
    [
      'AWS::ApiGateway::RestApi',
      { BodyS3Location: 'api.yaml' },
      { BodyS3Location: { Bucket: 'shop', Key: matchKey('\\.yaml') } },
    ],
    [
      'AWS::ApiGatewayV2::Api',
      { BodyS3Location: 'api.yaml' },
      { BodyS3Location: { Bucket: 'shop', Key: matchKey('\\.yaml') } },
    ],
    [
      'AWS::StepFunctions::StateMachine',
      { DefinitionS3Location: 'api.yaml' },
      { DefinitionS3Location: { Bucket: 'shop', Key: matchKey('\\.yaml') } },
    ],
    [
      'AWS::AppSync::GraphQLSchema',
      { DefinitionS3Location: 'api.yaml' },
      { DefinitionS3Location: matchUri('\\.yaml') },
    ],
    [
      'AWS::AppSync::Resolver',
      { RequestMappingTemplateS3Location: 'api.yaml' },
      { RequestMappingTemplateS3Location: matchUri('\\.yaml') },
    ],
    [
      'AWS::AppSync::Resolver',
      { ResponseMappingTemplateS3Location: 'api.yaml' },
      { ResponseMappingTemplateS3Location: matchUri('\\.yaml') },
    ],
    ['AWS::AppSync::FunctionConfiguration', { CodeS3Location: 'src/index.js' }, { CodeS3Location: matchUri('\\.js') }],
    [
      'AWS::ElasticBeanstalk::ApplicationVersion',
      { SourceBundle: 'src' },
      { SourceBundle: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } },
    ],
    [
      'AWS::Glue::Job',
      { Command: { Name: 'etl', ScriptLocation: 'src/index.js' } },
      { Command: { Name: 'etl', ScriptLocation: matchUri('\\.js') } },
    ],
    ['AWS::Serverless::GraphQLApi', { SchemaUri: 'api.yaml' }, { SchemaUri: matchUri('\\.yaml') }],
    [
      'AWS::Serverless::GraphQLApi',
      { Functions: { F: { CodeUri: 'src/index.js' } } },
      { Functions: { F: { CodeUri: matchUri('\\.js') } } },
    ],
    [
      'AWS::Serverless::GraphQLApi',
      { Resolvers: { Query: { list: { CodeUri: 'src/index.js', Pipeline: ['F'] } } } },
      { Resolvers: { Query: { list: { CodeUri: matchUri('\\.js'), Pipeline: ['F'] } } } },
    ],
    ['AWS::CloudFormation::StackSet', { TemplateURL: 'nested.yml' }, { TemplateURL: matchUrl('\\.template') }],
    ['AWS::CloudFormation::ModuleVersion', { ModulePackage: 'src' }, { ModulePackage: matchUri('\\.zip') }],
    [
      'AWS::CloudFormation::ResourceVersion',
      { SchemaHandlerPackage: 'src' },
      { SchemaHandlerPackage: matchUri('\\.zip') },
    ],
    [
      'AWS::CodeCommit::Repository',
      { Code: { S3: 'src' } },
      { Code: { S3: { Bucket: 'shop', Key: matchKey('\\.zip') } } },
    ],
  ])('packages %s %j', async (type, before, after) => {
    using workspace = new Workspace({
      'src/index.js': 'x',
      'ready.jar': 'PK\u0003\u0004…',
      'api.yaml': 'openapi: 3.0.0',
      'nested.yml': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
    });
    const { body, artifacts } = await pack(workspace, renderTemplate({ R: createResource(type, before) }));
    expect(parseProperties(body)['R']).toEqual(after);
    expect(artifacts).toHaveLength(1);
  });

  it.each([
    ['an object in S3', createResource('AWS::Serverless::Function', { CodeUri: 's3://b/k' })],
    ['a location in S3', createResource('AWS::Lambda::Function', { Code: { S3Bucket: 'b', S3Key: 'k' } })],
    ['inline code', createResource('AWS::Lambda::Function', { Code: { ZipFile: 'src' } })],
    ['an image', createResource('AWS::Lambda::Function', { Code: { ImageUri: '1.dkr.ecr/x' } })],
    [
      'a function of an image',
      createResource('AWS::Serverless::Function', { PackageType: 'Image', CodeUri: 'src', ImageUri: 'x:1' }),
    ],
    ['a connector', createResource('AWS::Serverless::Connector', { Source: { Id: 'A' }, Destination: { Id: 'B' } })],
    ['an address', createResource('AWS::CloudFormation::Stack', { TemplateURL: 'https://b.s3.amazonaws.com/k' })],
    ['a computed address', createResource('AWS::CloudFormation::Stack', { TemplateURL: { 'Fn::Sub': '${Url}' } })],
    [
      'an application of the repository',
      createResource('AWS::Serverless::Application', { Location: { ApplicationId: 'a' } }),
    ],
    ['nothing', createResource('AWS::Serverless::Function', { Handler: 'index.handler' })],
    ['another type', createResource('AWS::S3::Bucket', { Code: 'src' })],
  ])('does not package %s', async (_, resource) => {
    using workspace = new Workspace();
    const body = renderTemplate({ R: resource });
    const s3 = createBucket();
    expect(await pack(workspace, body, s3)).toEqual({ body, artifacts: [] });
    expect(s3.calls).toEqual([]);
  });

  it('packages included snippets anywhere in the template', async () => {
    using workspace = new Workspace({ 'parts/a.yml': 'A: 1', 'parts/b.yml': 'B: 1', 'parts/c.yml': 'C: 1' });
    const body = `Transform:
  - AWS::Serverless-2016-10-31
  - { Name: AWS::Include, Parameters: { Location: parts/a.yml } }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Fn::Transform: { Name: AWS::Include, Parameters: { Location: parts/b.yml } }
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Fn::Transform: { Name: Other, Parameters: { Location: parts/b.yml } }
Outputs:
  List:
    Value: !Transform { Name: AWS::Include, Parameters: { Location: parts/c.yml } }
`;
    const result = await pack(workspace, body);
    expect(result.artifacts).toHaveLength(3);
    const { document } = parseTemplate(result.body);
    const included = { Name: 'AWS::Include', Parameters: { Location: matchUri('\\.yml') } };
    expect(document).toMatchObject({
      Transform: ['AWS::Serverless-2016-10-31', included],
      Resources: {
        Queue: { Properties: { 'Fn::Transform': included } },
        Topic: { Properties: { 'Fn::Transform': { Name: 'Other', Parameters: { Location: 'parts/b.yml' } } } },
      },
      Outputs: { List: { Value: { 'Fn::Transform': included } } },
    });
  });

  it('packages the code in Globals once, for all functions', async () => {
    using workspace = new Workspace({ 'src/app.py': 'x', 'api.yaml': 'openapi: 3.0.0' });
    const body = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: python3.13, CodeUri: ./src }
  Api: { DefinitionUri: api.yaml }
Resources:
  A: { Type: AWS::Serverless::Function, Properties: { Handler: app.a } }
  B: { Type: AWS::Serverless::Function, Properties: { Handler: app.b, CodeUri: ./src } }
`;
    const { body: packaged, artifacts } = await pack(workspace, body);
    const { document } = parseTemplate(packaged);
    expect(artifacts).toHaveLength(2);
    expect(document).toMatchObject({
      Globals: { Function: { CodeUri: matchUri('\\.zip') }, Api: { DefinitionUri: matchUri('\\.yaml') } },
      Resources: { A: { Properties: { Handler: 'app.a' } }, B: { Properties: { CodeUri: matchUri('\\.zip') } } },
    });
  });

  it('packages properties behind merge keys and aliases, and sends neither', async () => {
    using workspace = new Workspace({ 'src/app.py': 'x' });
    const body = `Metadata:
  Common: &common { Runtime: python3.13, CodeUri: ./src }
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      <<: *common
      MemorySize: 256
  B: { Type: AWS::Serverless::Function, Properties: *common }
`;
    const { body: packaged, artifacts } = await pack(workspace, body);
    expect(artifacts).toHaveLength(1);
    expect(parseProperties(packaged)).toEqual({
      A: { Runtime: 'python3.13', CodeUri: matchUri('\\.zip'), MemorySize: 256 },
      B: { Runtime: 'python3.13', CodeUri: matchUri('\\.zip') },
    });
    expect(packaged).not.toMatch(/<<|[&*]common/u);
  });

  it('packs a sibling package that a link in the workspace points to', async () => {
    using workspace = new Workspace({ 'fn/index.js': 'x', 'shared/index.js': 'y' });
    workspace.write('fn/node_modules/.keep', '');
    symlinkSync('../../shared', `${workspace.path}/fn/node_modules/shared`);
    const s3 = createBucket();
    const { artifacts } = await pack(
      workspace,
      renderTemplate({ F: createResource('AWS::Lambda::Function', { Code: 'fn' }) }),
      s3,
    );
    expect(artifacts).toHaveLength(1);
    expect(countPuts(s3)).toBe(1);
  });

  it('packages resources in loops, and metadata', async () => {
    using workspace = new Workspace({ 'src/index.js': 'x', 'README.md': 'read' });
    const body = `Metadata:
  AWS::ServerlessRepo::Application: { Name: x, ReadmeUrl: README.md }
Resources:
  Fn::ForEach::Functions:
    - Name
    - [A, B]
    - Function\${Name}:
        Type: AWS::Lambda::Function
        Properties: { Code: src }
`;
    const { document } = parseTemplate((await pack(workspace, body)).body);
    expect(document).toMatchObject({
      Metadata: { 'AWS::ServerlessRepo::Application': { Name: 'x', ReadmeUrl: matchUri('\\.md') } },
      Resources: {
        'Fn::ForEach::Functions': [
          'Name',
          ['A', 'B'],
          { 'Function${Name}': { Properties: { Code: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } } } },
        ],
      },
    });
  });

  it('packages nested templates innermost first, each relative to its directory', async () => {
    using workspace = new Workspace({
      'nested/inner.yml': 'Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Code: code } }\n',
      'nested/code/index.js': 'x',
      'nested/middle.yml':
        'Resources:\n  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner.yml } }\n',
    });
    const s3 = createBucket();
    const body = renderTemplate({
      N: createResource('AWS::CloudFormation::Stack', { TemplateURL: '../nested/middle.yml' }),
    });
    const { body: outer } = await pack(workspace, body, s3, 'stacks/outer.json');
    const readTemplate = (body: string): string => {
      const [, key = ''] = String(parseProperties(body)['N']?.['TemplateURL']).split('/shop/');
      return s3.getObject({ bucket: 'shop', key }).bytes.toString();
    };
    const inner = readTemplate(readTemplate(outer));
    expect(parseProperties(inner)['F']).toEqual({ Code: { S3Bucket: 'shop', S3Key: matchKey('\\.zip') } });
  });

  it('uploads each content once: in a template, in nested ones, and in the next run', async () => {
    using workspace = new Workspace({
      'src/index.js': 'x',
      'nested.yml': 'Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Code: src } }\n',
    });
    const nested = createResource('AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' });
    const body = renderTemplate({
      F: createResource('AWS::Lambda::Function', { Code: './src' }),
      N: nested,
      M: nested,
    });
    const s3 = createBucket();
    const first = await pack(workspace, body, s3);
    expect(countPuts(s3)).toBe(2);
    const second = await pack(workspace, body, s3);
    expect(countPuts(s3)).toBe(2);
    expect(second.body).toBe(first.body);
    expect(new Set(second.artifacts.map(({ stored }) => stored.by))).toEqual(new Set(['earlier-upload']));
    workspace.write('src/index.js', 'changed');
    await pack(workspace, body, s3);
    expect(countPuts(s3)).toBe(4);
  });

  it('keeps all line numbers of the template', async () => {
    using workspace = new Workspace({ 'src/index.js': 'x' });
    const body = `Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Code: >-
        src
      Handler: index.handler
  G:
    Type: AWS::Lambda::Function # second
    Properties: { Code: src, Handler: g }
`;
    const [before, after]: Template[] = [body, (await pack(workspace, body)).body].map((text) => parseTemplate(text));
    for (const path of [
      ['Resources', 'F', 'Properties', 'Handler'],
      ['Resources', 'G', 'Type'],
      ['Resources', 'G'],
    ]) {
      expect(after?.getPosition(path)?.line).toBe(before?.getPosition(path)?.line);
    }
  });

  it.each([
    [
      'a path that leads nowhere',
      'absent',
      'not-found',
      "template.yml:4: cannot package Resources.F.Properties.Code 'absent': 'absent' does not exist: correct the path, or build it before this step",
    ],
    [
      'a link out of the workspace',
      'leaky',
      'rejected',
      /^template\.yml:4: .*symbolic link .* points outside of the workspace/,
    ],
  ])('reports line and hint for %s', async (_, code, errorCode, message) => {
    using workspace = new Workspace({ 'leaky/a': 'x' });
    symlinkSync('/etc', workspace.resolvePath('leaky/out'));
    const body = `Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: { Code: ${code} }\n`;
    await expect(pack(workspace, body)).rejects.toThrow(message);
    await expect(pack(workspace, body)).rejects.toMatchObject({ code: errorCode });
  });
});

describe('planPackaging', () => {
  const renderNestedStack = (url: string): string =>
    renderTemplate({ N: createResource('AWS::CloudFormation::Stack', { TemplateURL: url }) });

  it('finds all errors of nested templates before any upload', async () => {
    using workspace = new Workspace({ 'nested.yml': 'Resources:\n  F: {}\n' });
    await expect(createPlan(workspace, renderNestedStack('nested.yml'))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(
        /^template\.yml:6: cannot package Resources\.N\.Properties\.TemplateURL 'nested\.yml': nested\.yml:2:3: Resources\.F must have a Type/,
      ),
    });
  });

  it('awaits every artifact before it plans nested templates', async () => {
    using workspace = new Workspace({ 'nested.yml': 'Resources:\n  F: {}\n' });
    const both = renderTemplate({
      N: createResource('AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' }),
      F: createResource('AWS::Lambda::Function', { Code: 'absent' }),
    });
    // An unhandled rejection would end the process.
    await expect(createPlan(workspace, both)).rejects.toThrow(/cannot package Resources\.F\.Properties\.Code 'absent'/);
  });

  it('rejects templates nested in a cycle, however they are reached', async () => {
    using workspace = new Workspace({ 'b.yml': renderNestedStack('c.yml'), 'c.yml': renderNestedStack('b.yml') });
    const both = renderTemplate({
      B: createResource('AWS::CloudFormation::Stack', { TemplateURL: 'b.yml' }),
      C: createResource('AWS::CloudFormation::Stack', { TemplateURL: 'c.yml' }),
    });
    await expect(createPlan(workspace, both)).rejects.toThrow(
      /form a cycle \(template\.yml → b\.yml → c\.yml → b\.yml\)/,
    );
    await expect(createPlan(workspace, renderNestedStack('template.yml'))).rejects.toThrow(
      /\(template\.yml → template\.yml\): remove one/,
    );
  });

  it('reads a template once when it is nested several times', async () => {
    using workspace = new Workspace({
      'leaf.yml': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
      'b.yml': renderNestedStack('leaf.yml'),
    });
    const both = renderTemplate({
      B: createResource('AWS::CloudFormation::Stack', { TemplateURL: 'b.yml' }),
      L: createResource('AWS::CloudFormation::Stack', { TemplateURL: './leaf.yml' }),
    });
    expect(listPlans(await createPlan(workspace, both)).map(({ templateSource }) => templateSource.file)).toEqual([
      'template.yml',
      'b.yml',
      'leaf.yml',
    ]);
  });
});
