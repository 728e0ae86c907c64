import type { Stored } from '@aws-delivery/artifact/store';
import type { Value } from '@aws-delivery/template/value';

/**
 * What a local path stands for: `code` is an archive of a folder or a file, for Lambda and whoever takes archives only;
 * `content` a file as it is, or an archive of a folder; `template` a template that may have local paths itself.
 */
export type Kind = 'code' | 'content' | 'template';

/** Where a template may have a local path, and what stands there once the artifact is in S3. */
export interface Rule {
  readonly kind: Kind;
  /** From the properties of the resource (or the metadata) to the value. */
  readonly property: readonly string[];
  readonly write: (stored: Stored) => Value;
}

type Write = Rule['write'];

const uri: Write = ({ uri: address }) => address;
const url: Write = ({ url: address }) => address;
const location: Write = ({ bucket, key }) => ({ Bucket: bucket, Key: key });
const s3Location: Write = ({ bucket, key }) => ({ S3Bucket: bucket, S3Key: key });

const rule = (kind: Kind, property: string, write: Write): Rule => ({ kind, property: property.split('.'), write });

const appSync = [
  rule('content', 'RequestMappingTemplateS3Location', uri),
  rule('content', 'ResponseMappingTemplateS3Location', uri),
  rule('content', 'CodeS3Location', uri),
];

/**
 * What `aws cloudformation package` replaces (its reference in the AWS CLI, version 2), and the same properties of
 * their younger sisters: HTTP APIs, AppSync's JavaScript code. Unlike it, nothing is packaged that the template does
 * not mention: a function without code is the template's mistake, not a wish for an archive of the whole folder.
 */
export const RESOURCE_RULES: Readonly<Record<string, readonly Rule[]>> = {
  'AWS::ApiGateway::RestApi': [rule('content', 'BodyS3Location', location)],
  'AWS::ApiGatewayV2::Api': [rule('content', 'BodyS3Location', location)],
  'AWS::AppSync::FunctionConfiguration': appSync,
  'AWS::AppSync::GraphQLSchema': [rule('content', 'DefinitionS3Location', uri)],
  'AWS::AppSync::Resolver': appSync,
  'AWS::CloudFormation::Stack': [rule('template', 'TemplateURL', url)],
  'AWS::CodeCommit::Repository': [rule('code', 'Code.S3', location)],
  'AWS::ElasticBeanstalk::ApplicationVersion': [rule('content', 'SourceBundle', s3Location)],
  'AWS::Glue::Job': [rule('content', 'Command.ScriptLocation', uri)],
  'AWS::Lambda::Function': [rule('code', 'Code', s3Location)],
  'AWS::Lambda::LayerVersion': [rule('code', 'Content', s3Location)],
  'AWS::Serverless::Api': [rule('content', 'DefinitionUri', uri)],
  'AWS::Serverless::Application': [rule('template', 'Location', url)],
  'AWS::Serverless::Function': [rule('code', 'CodeUri', uri)],
  'AWS::Serverless::HttpApi': [rule('content', 'DefinitionUri', uri)],
  'AWS::Serverless::LayerVersion': [rule('code', 'ContentUri', uri)],
  'AWS::Serverless::StateMachine': [rule('content', 'DefinitionUri', location)],
  'AWS::StepFunctions::StateMachine': [rule('content', 'DefinitionS3Location', location)],
};

/** The same for sections of `Metadata`. */
export const METADATA_RULES: Readonly<Record<string, readonly Rule[]>> = {
  'AWS::ServerlessRepo::Application': [rule('content', 'ReadmeUrl', uri), rule('content', 'LicenseUrl', uri)],
};

/** The text that an `AWS::Include` transform puts in its place. */
export const INCLUDE_RULE: Rule = rule('content', 'Parameters.Location', uri);
