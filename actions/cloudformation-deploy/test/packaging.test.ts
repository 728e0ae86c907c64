import { symlinkSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { ArtifactStore } from '@aws-delivery/artifact/store';
import { MemoryS3 } from '@aws-delivery/artifact/testing/memory-s3';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import { describe, expect, it } from '@jest/globals';
import { type Packaging, packageTemplate } from '../src/packaging.js';
import { type PackagingPlan, planPackaging, plansIn } from '../src/packaging-plan.js';
import { parseNamed } from '../src/template-source.js';
import { Workspace } from './workspace.js';

const ACCOUNT = '111122223333';
const KEY = '[0-9a-f]{64}';

const plan = (workspace: Workspace, text: string, file = 'template.yml'): Promise<PackagingPlan> => {
  workspace.write(file, text);
  const local = { text, template: parseNamed(text, file), file, path: workspace.at(file) };
  return planPackaging(local, workspace.path);
};

const bucketed = (): MemoryS3 => {
  const s3 = new MemoryS3({ account: ACCOUNT });
  s3.add('shop');
  return s3;
};

const storeIn = (s3: MemoryS3): ArtifactStore =>
  new ArtifactStore(
    { bucket: 'shop', owner: ACCOUNT, region: 'eu-central-1', prefix: 'p', kmsKeyId: undefined },
    { s3, clock: new VirtualClock() },
  );

const pack = async (workspace: Workspace, text: string, s3 = bucketed(), file?: string): Promise<Packaging> =>
  packageTemplate(await plan(workspace, text, file), storeIn(s3), { concurrency: 3, temporary: workspace.path });

const propertiesIn = (text: string): Record<string, Mapping> =>
  Object.fromEntries([...parseTemplate(text).resources].map(([name, { properties }]) => [name, properties]));

const resource = (type: string, properties: object): object => ({ Type: type, Properties: properties });
const templateOf = (resources: object): string => JSON.stringify({ Resources: resources }, null, 2);

const uriWith = (ending: string): unknown => expect.stringMatching(new RegExp(`^s3://shop/p/${KEY}${ending}$`));
const keyWith = (ending: string): unknown => expect.stringMatching(new RegExp(`^p/${KEY}${ending}$`));
const urlWith = (ending: string): unknown =>
  expect.stringMatching(new RegExp(`^https://s3\\.eu-central-1\\.amazonaws\\.com/shop/p/${KEY}${ending}$`));

const putsIn = (s3: MemoryS3): number => s3.calls.filter((call) => call.startsWith('put')).length;

describe('packageTemplate', () => {
  it.each([
    ['AWS::Lambda::Function', { Code: 'src' }, { Code: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } }],
    ['AWS::Lambda::Function', { Code: './src/index.js' }, { Code: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } }],
    ['AWS::Lambda::Function', { Code: 'ready.jar' }, { Code: { S3Bucket: 'shop', S3Key: keyWith('\\.jar') } }],
    [
      'AWS::Lambda::LayerVersion',
      { Content: 'file://src' },
      { Content: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } },
    ],
    ['AWS::Serverless::Function', { CodeUri: 'src/' }, { CodeUri: uriWith('\\.zip') }],
    ['AWS::Serverless::LayerVersion', { ContentUri: 'src' }, { ContentUri: uriWith('\\.zip') }],
    ['AWS::Serverless::Api', { DefinitionUri: 'api.yaml' }, { DefinitionUri: uriWith('\\.yaml') }],
    ['AWS::Serverless::HttpApi', { DefinitionUri: 'api.yaml' }, { DefinitionUri: uriWith('\\.yaml') }],
    [
      'AWS::Serverless::StateMachine',
      { DefinitionUri: 'api.yaml' },
      { DefinitionUri: { Bucket: 'shop', Key: keyWith('\\.yaml') } },
    ],
    ['AWS::Serverless::Application', { Location: 'nested.yml' }, { Location: urlWith('\\.template') }],
    ['AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' }, { TemplateURL: urlWith('\\.template') }],
    [
      'AWS::ApiGateway::RestApi',
      { BodyS3Location: 'api.yaml' },
      { BodyS3Location: { Bucket: 'shop', Key: keyWith('\\.yaml') } },
    ],
    [
      'AWS::ApiGatewayV2::Api',
      { BodyS3Location: 'api.yaml' },
      { BodyS3Location: { Bucket: 'shop', Key: keyWith('\\.yaml') } },
    ],
    [
      'AWS::StepFunctions::StateMachine',
      { DefinitionS3Location: 'api.yaml' },
      { DefinitionS3Location: { Bucket: 'shop', Key: keyWith('\\.yaml') } },
    ],
    ['AWS::AppSync::GraphQLSchema', { DefinitionS3Location: 'api.yaml' }, { DefinitionS3Location: uriWith('\\.yaml') }],
    [
      'AWS::AppSync::Resolver',
      { RequestMappingTemplateS3Location: 'api.yaml' },
      { RequestMappingTemplateS3Location: uriWith('\\.yaml') },
    ],
    [
      'AWS::AppSync::Resolver',
      { ResponseMappingTemplateS3Location: 'api.yaml' },
      { ResponseMappingTemplateS3Location: uriWith('\\.yaml') },
    ],
    ['AWS::AppSync::FunctionConfiguration', { CodeS3Location: 'src/index.js' }, { CodeS3Location: uriWith('\\.js') }],
    [
      'AWS::ElasticBeanstalk::ApplicationVersion',
      { SourceBundle: 'src' },
      { SourceBundle: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } },
    ],
    [
      'AWS::Glue::Job',
      { Command: { Name: 'etl', ScriptLocation: 'src/index.js' } },
      { Command: { Name: 'etl', ScriptLocation: uriWith('\\.js') } },
    ],
    [
      'AWS::CodeCommit::Repository',
      { Code: { S3: 'src' } },
      { Code: { S3: { Bucket: 'shop', Key: keyWith('\\.zip') } } },
    ],
  ])('packages %s %j', async (type, before, after) => {
    using workspace = new Workspace({
      'src/index.js': 'x',
      'ready.jar': 'PK\u0003\u0004…',
      'api.yaml': 'openapi: 3.0.0',
      'nested.yml': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
    });
    const { text, packaged } = await pack(workspace, templateOf({ R: resource(type, before) }));
    expect(propertiesIn(text)['R']).toEqual(after);
    expect(packaged).toHaveLength(1);
  });

  it.each([
    ['an object in S3', resource('AWS::Serverless::Function', { CodeUri: 's3://b/k' })],
    ['a location in S3', resource('AWS::Lambda::Function', { Code: { S3Bucket: 'b', S3Key: 'k' } })],
    ['inline code', resource('AWS::Lambda::Function', { Code: { ZipFile: 'src' } })],
    ['an image', resource('AWS::Lambda::Function', { Code: { ImageUri: '1.dkr.ecr/x' } })],
    ['an address', resource('AWS::CloudFormation::Stack', { TemplateURL: 'https://b.s3.amazonaws.com/k' })],
    ['a computed address', resource('AWS::CloudFormation::Stack', { TemplateURL: { 'Fn::Sub': '${Url}' } })],
    [
      'an application of the repository',
      resource('AWS::Serverless::Application', { Location: { ApplicationId: 'a' } }),
    ],
    ['nothing', resource('AWS::Serverless::Function', { Handler: 'index.handler' })],
    ['another type', resource('AWS::S3::Bucket', { Code: 'src' })],
  ])('leaves %s alone', async (_, given) => {
    using workspace = new Workspace();
    const text = templateOf({ R: given });
    const s3 = bucketed();
    expect(await pack(workspace, text, s3)).toEqual({ text, packaged: [] });
    expect(s3.calls).toEqual([]);
  });

  it('packages included texts, wherever they are included', async () => {
    using workspace = new Workspace({ 'parts/a.yml': 'A: 1', 'parts/b.yml': 'B: 1', 'parts/c.yml': 'C: 1' });
    const text = `Transform:
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
    const result = await pack(workspace, text);
    expect(result.packaged).toHaveLength(3);
    const { document } = parseTemplate(result.text);
    const included = { Name: 'AWS::Include', Parameters: { Location: uriWith('\\.yml') } };
    expect(document).toMatchObject({
      Transform: ['AWS::Serverless-2016-10-31', included],
      Resources: {
        Queue: { Properties: { 'Fn::Transform': included } },
        Topic: { Properties: { 'Fn::Transform': { Name: 'Other', Parameters: { Location: 'parts/b.yml' } } } },
      },
      Outputs: { List: { Value: { 'Fn::Transform': included } } },
    });
  });

  it('packages resources made by loops, and metadata', async () => {
    using workspace = new Workspace({ 'src/index.js': 'x', 'README.md': 'read' });
    const text = `Metadata:
  AWS::ServerlessRepo::Application: { Name: x, ReadmeUrl: README.md }
Resources:
  Fn::ForEach::Functions:
    - Name
    - [A, B]
    - Function\${Name}:
        Type: AWS::Lambda::Function
        Properties: { Code: src }
`;
    const { document } = parseTemplate((await pack(workspace, text)).text);
    expect(document).toMatchObject({
      Metadata: { 'AWS::ServerlessRepo::Application': { Name: 'x', ReadmeUrl: uriWith('\\.md') } },
      Resources: {
        'Fn::ForEach::Functions': [
          'Name',
          ['A', 'B'],
          { 'Function${Name}': { Properties: { Code: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } } } },
        ],
      },
    });
  });

  it('packages nested templates from the inside out, each with paths of its own folder', async () => {
    using workspace = new Workspace({
      'nested/inner.yml': 'Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Code: code } }\n',
      'nested/code/index.js': 'x',
      'nested/middle.yml':
        'Resources:\n  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner.yml } }\n',
    });
    const s3 = bucketed();
    const text = templateOf({ N: resource('AWS::CloudFormation::Stack', { TemplateURL: '../nested/middle.yml' }) });
    const { text: outer } = await pack(workspace, text, s3, 'stacks/outer.json');
    const textAt = (packed: string): string => {
      const [, key = ''] = String(propertiesIn(packed)['N']?.['TemplateURL']).split('/shop/');
      return s3.object({ bucket: 'shop', key }).bytes.toString();
    };
    const inner = textAt(textAt(outer));
    expect(propertiesIn(inner)['F']).toEqual({ Code: { S3Bucket: 'shop', S3Key: keyWith('\\.zip') } });
  });

  it('sends each content once: in a template, in nested ones, and in the next run', async () => {
    using workspace = new Workspace({
      'src/index.js': 'x',
      'nested.yml': 'Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Code: src } }\n',
    });
    const nested = resource('AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' });
    const text = templateOf({ F: resource('AWS::Lambda::Function', { Code: './src' }), N: nested, M: nested });
    const s3 = bucketed();
    const first = await pack(workspace, text, s3);
    expect(putsIn(s3)).toBe(2);
    const second = await pack(workspace, text, s3);
    expect(putsIn(s3)).toBe(2);
    expect(second.text).toBe(first.text);
    expect(new Set(second.packaged.map(({ stored }) => stored.by))).toEqual(new Set(['earlier-upload']));
    workspace.write('src/index.js', 'changed');
    await pack(workspace, text, s3);
    expect(putsIn(s3)).toBe(4);
  });

  it('keeps every part of the template on its line', async () => {
    using workspace = new Workspace({ 'src/index.js': 'x' });
    const text = `Resources:
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
    const [before, after]: Template[] = [text, (await pack(workspace, text)).text].map(parseTemplate);
    for (const path of [
      ['Resources', 'F', 'Properties', 'Handler'],
      ['Resources', 'G', 'Type'],
      ['Resources', 'G'],
    ]) {
      expect(after?.positionOf(path)?.line).toBe(before?.positionOf(path)?.line);
    }
  });

  it.each([
    [
      'a path that leads nowhere',
      'absent',
      'not-found',
      "template.yml:4: Resources.F.Properties.Code is 'absent': 'absent' does not exist: correct the path, or build it before this step",
    ],
    ['a link out of the folder', 'leaky', 'refused', /^template\.yml:4: .*symbolic link .* leads out of the folder/],
  ])('names line and remedy for %s', async (_, code, errorCode, message) => {
    using workspace = new Workspace({ 'leaky/a': 'x' });
    symlinkSync(workspace.path, workspace.at('leaky/out'));
    const text = `Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: { Code: ${code} }\n`;
    await expect(pack(workspace, text)).rejects.toThrow(message);
    await expect(pack(workspace, text)).rejects.toMatchObject({ code: errorCode });
  });
});

describe('planPackaging', () => {
  const stack = (url: string): string =>
    templateOf({ N: resource('AWS::CloudFormation::Stack', { TemplateURL: url }) });

  it('finds all mistakes of nested templates before anything is sent', async () => {
    using workspace = new Workspace({ 'nested.yml': 'Resources:\n  F: {}\n' });
    await expect(plan(workspace, stack('nested.yml'))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(
        /^template\.yml:6: Resources\.N\.Properties\.TemplateURL is 'nested\.yml': nested\.yml:2:3: Resources\.F must have a Type/,
      ),
    });
  });

  it('has heeded every artifact before it goes on to nested templates', async () => {
    using workspace = new Workspace({ 'nested.yml': 'Resources:\n  F: {}\n' });
    const both = templateOf({
      N: resource('AWS::CloudFormation::Stack', { TemplateURL: 'nested.yml' }),
      F: resource('AWS::Lambda::Function', { Code: 'absent' }),
    });
    // A failure that nobody awaits yet would end the process.
    await expect(plan(workspace, both)).rejects.toThrow(/Resources\.F\.Properties\.Code is 'absent'/);
  });

  it('refuses templates nested in a circle, however they are reached', async () => {
    using workspace = new Workspace({ 'b.yml': stack('c.yml'), 'c.yml': stack('b.yml') });
    const both = templateOf({
      B: resource('AWS::CloudFormation::Stack', { TemplateURL: 'b.yml' }),
      C: resource('AWS::CloudFormation::Stack', { TemplateURL: 'c.yml' }),
    });
    await expect(plan(workspace, both)).rejects.toThrow(
      /nested in a circle \(template\.yml → b\.yml → c\.yml → b\.yml\)/,
    );
    await expect(plan(workspace, stack('template.yml'))).rejects.toThrow(
      /\(template\.yml → template\.yml\): take one out/,
    );
  });

  it('reads a template once, however often it is nested', async () => {
    using workspace = new Workspace({
      'leaf.yml': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
      'b.yml': stack('leaf.yml'),
    });
    const both = templateOf({
      B: resource('AWS::CloudFormation::Stack', { TemplateURL: 'b.yml' }),
      L: resource('AWS::CloudFormation::Stack', { TemplateURL: './leaf.yml' }),
    });
    expect(plansIn(await plan(workspace, both)).map(({ file }) => file)).toEqual(['template.yml', 'b.yml', 'leaf.yml']);
  });
});
