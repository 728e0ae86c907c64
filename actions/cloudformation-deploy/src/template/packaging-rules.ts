import type { StoredArtifact } from '@aws-delivery/aws/s3/artifact-store';
import type { Value } from '@aws-delivery/template/value';

/**
 * What a local path stands for: `code` is an archive of a folder or a file, for Lambda and whoever takes archives only;
 * `content` a file as it is, or an archive of a folder; `template` a template that may have local paths itself.
 */
export type ArtifactKind = 'code' | 'content' | 'template';

/** Where a template may have a local path, and what stands there once the artifact is in S3. */
export interface PackagingRule {
  readonly kind: ArtifactKind;
  /** From the properties of the resource (or the metadata) to the value. */
  readonly property: readonly string[];
  readonly write: (stored: StoredArtifact) => Value;
}

type WriteLocation = PackagingRule['write'];

const toUri: WriteLocation = ({ uri: address }) => address;
const toUrl: WriteLocation = ({ url: address }) => address;
const toLocation: WriteLocation = ({ bucket, key }) => ({ Bucket: bucket, Key: key });
const toS3Location: WriteLocation = ({ bucket, key }) => ({ S3Bucket: bucket, S3Key: key });

const defineRule = (kind: ArtifactKind, property: string, write: WriteLocation): PackagingRule => ({
  kind,
  property: property.split('.'),
  write,
});

const appSyncRules = [
  defineRule('content', 'RequestMappingTemplateS3Location', toUri),
  defineRule('content', 'ResponseMappingTemplateS3Location', toUri),
  defineRule('content', 'CodeS3Location', toUri),
];

/**
 * What `aws cloudformation package` replaces (its reference in the AWS CLI, version 2), and the same properties of
 * their younger sisters: HTTP APIs, AppSync's JavaScript code. Unlike it, nothing is packaged that the template does
 * not mention: a function without code is the template's mistake, not a wish for an archive of the whole folder.
 */
export const RESOURCE_RULES: Readonly<Record<string, readonly PackagingRule[]>> = {
  'AWS::ApiGateway::RestApi': [defineRule('content', 'BodyS3Location', toLocation)],
  'AWS::ApiGatewayV2::Api': [defineRule('content', 'BodyS3Location', toLocation)],
  'AWS::AppSync::FunctionConfiguration': appSyncRules,
  'AWS::AppSync::GraphQLSchema': [defineRule('content', 'DefinitionS3Location', toUri)],
  'AWS::AppSync::Resolver': appSyncRules,
  'AWS::CloudFormation::Stack': [defineRule('template', 'TemplateURL', toUrl)],
  'AWS::CodeCommit::Repository': [defineRule('code', 'Code.S3', toLocation)],
  'AWS::ElasticBeanstalk::ApplicationVersion': [defineRule('content', 'SourceBundle', toS3Location)],
  'AWS::Glue::Job': [defineRule('content', 'Command.ScriptLocation', toUri)],
  'AWS::Lambda::Function': [defineRule('code', 'Code', toS3Location)],
  'AWS::Lambda::LayerVersion': [defineRule('code', 'Content', toS3Location)],
  'AWS::Serverless::Api': [defineRule('content', 'DefinitionUri', toUri)],
  'AWS::Serverless::Application': [defineRule('template', 'Location', toUrl)],
  'AWS::Serverless::Function': [defineRule('code', 'CodeUri', toUri)],
  'AWS::Serverless::HttpApi': [defineRule('content', 'DefinitionUri', toUri)],
  'AWS::Serverless::LayerVersion': [defineRule('code', 'ContentUri', toUri)],
  'AWS::Serverless::StateMachine': [defineRule('content', 'DefinitionUri', toLocation)],
  'AWS::StepFunctions::StateMachine': [defineRule('content', 'DefinitionS3Location', toLocation)],
};

/** The same for sections of `Metadata`. */
export const METADATA_RULES: Readonly<Record<string, readonly PackagingRule[]>> = {
  'AWS::ServerlessRepo::Application': [
    defineRule('content', 'ReadmeUrl', toUri),
    defineRule('content', 'LicenseUrl', toUri),
  ],
};

/** The text that an `AWS::Include` transform puts in its place. */
export const INCLUDE_RULE: PackagingRule = defineRule('content', 'Parameters.Location', toUri);
