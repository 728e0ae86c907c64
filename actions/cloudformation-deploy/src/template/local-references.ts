import type { StoredArtifact } from '@aws-delivery/aws/s3/artifact-store';
import type { Template } from '@aws-delivery/template/template';
import { isList, isMapping, type Path, type Value } from '@aws-delivery/template/value';

/**
 * How a local path is packaged. `code`: always as an archive of a directory or a file, as Lambda requires; `content`: a
 * file as it is, or an archive of a directory; `template`: a template that may contain local paths itself.
 */
type ArtifactKind = 'code' | 'content' | 'template';

/** A property that may hold a local path, and the value that replaces it once the artifact is in S3. */
interface PackagingRule {
  readonly kind: ArtifactKind;
  /** Path from the resource's properties (or the metadata section) to the value; `*` stands for every name. */
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
 * The properties that `aws cloudformation package` or `sam package` replaces; the README has the table of both. Unlike
 * the CLIs, only explicit paths are packaged: a function without code is an error in the template, and does not stand
 * for the whole directory.
 */
const RESOURCE_RULES: Readonly<Record<string, readonly PackagingRule[]>> = {
  'AWS::ApiGateway::RestApi': [defineRule('content', 'BodyS3Location', toLocation)],
  'AWS::ApiGatewayV2::Api': [defineRule('content', 'BodyS3Location', toLocation)],
  'AWS::AppSync::FunctionConfiguration': appSyncRules,
  'AWS::AppSync::GraphQLSchema': [defineRule('content', 'DefinitionS3Location', toUri)],
  'AWS::AppSync::Resolver': appSyncRules,
  'AWS::CloudFormation::ModuleVersion': [defineRule('content', 'ModulePackage', toUri)],
  'AWS::CloudFormation::ResourceVersion': [defineRule('content', 'SchemaHandlerPackage', toUri)],
  'AWS::CloudFormation::Stack': [defineRule('template', 'TemplateURL', toUrl)],
  'AWS::CloudFormation::StackSet': [defineRule('template', 'TemplateURL', toUrl)],
  'AWS::CodeCommit::Repository': [defineRule('code', 'Code.S3', toLocation)],
  'AWS::ElasticBeanstalk::ApplicationVersion': [defineRule('content', 'SourceBundle', toS3Location)],
  'AWS::Glue::Job': [defineRule('content', 'Command.ScriptLocation', toUri)],
  'AWS::Lambda::Function': [defineRule('code', 'Code', toS3Location)],
  'AWS::Lambda::LayerVersion': [defineRule('code', 'Content', toS3Location)],
  'AWS::Serverless::Api': [defineRule('content', 'DefinitionUri', toUri)],
  'AWS::Serverless::Application': [defineRule('template', 'Location', toUrl)],
  'AWS::Serverless::Function': [defineRule('code', 'CodeUri', toUri)],
  'AWS::Serverless::GraphQLApi': [
    defineRule('content', 'SchemaUri', toUri),
    defineRule('content', 'Functions.*.CodeUri', toUri),
    defineRule('content', 'Resolvers.*.*.CodeUri', toUri),
  ],
  'AWS::Serverless::HttpApi': [defineRule('content', 'DefinitionUri', toUri)],
  'AWS::Serverless::LayerVersion': [defineRule('code', 'ContentUri', toUri)],
  'AWS::Serverless::StateMachine': [defineRule('content', 'DefinitionUri', toLocation)],
  'AWS::Serverless::WebFunction': [defineRule('code', 'CodeUri', toUri)],
  'AWS::StepFunctions::StateMachine': [defineRule('content', 'DefinitionS3Location', toLocation)],
};

/** Rules for sections of `Globals`, whose values SAM copies to the resources without one. */
const GLOBALS_RULES: Readonly<Record<string, readonly PackagingRule[]>> = {
  Api: [defineRule('content', 'DefinitionUri', toUri)],
  Function: [defineRule('code', 'CodeUri', toUri)],
};

/** Rules for sections of `Metadata`. */
const METADATA_RULES: Readonly<Record<string, readonly PackagingRule[]>> = {
  'AWS::ServerlessRepo::Application': [
    defineRule('content', 'ReadmeUrl', toUri),
    defineRule('content', 'LicenseUrl', toUri),
  ],
};

/** A property that is packaged, for documents and tests. */
export interface PackagedProperty {
  /** `AWS::Lambda::Function`, `Globals.Function` or `Metadata.AWS::ServerlessRepo::Application`. */
  readonly owner: string;
  readonly property: readonly string[];
  readonly kind: ArtifactKind;
}

/** Every property that may hold a local path. */
export const listPackagedProperties = (): readonly PackagedProperty[] => {
  const list = (prefix: string, rulesByName: Readonly<Record<string, readonly PackagingRule[]>>) =>
    Object.entries(rulesByName).flatMap(([name, rules]) =>
      rules.map(({ property, kind }) => ({ owner: `${prefix}${name}`, property, kind })),
    );
  return [...list('', RESOURCE_RULES), ...list('Globals.', GLOBALS_RULES), ...list('Metadata.', METADATA_RULES)];
};

/** The snippet that an `AWS::Include` transform inserts. */
const INCLUDE_RULE: PackagingRule = defineRule('content', 'Parameters.Location', toUri);

/** A local path in a template. */
export interface LocalReference {
  readonly rule: PackagingRule;
  /** Path of the value in the document. */
  readonly path: Path;
  /** As written in the template. */
  readonly localPath: string;
}

/** A string without a URL scheme other than `file:`. Intrinsic functions are mappings; S3 addresses have a scheme. */
const isLocal = (value: Value | undefined): value is string =>
  typeof value === 'string' && value.trim() !== '' && !/^(?!file:)[a-z][a-z0-9+.-]+:/iu.test(value);

/** The values at a property path. */
const findValues = (
  value: Value | undefined,
  property: readonly string[],
  path: Path,
): readonly { readonly path: Path; readonly value: Value | undefined }[] => {
  const [step, ...rest] = property;
  if (step === undefined) return [{ path, value }];
  if (!isMapping(value)) return [];
  const keys = step === '*' ? Object.keys(value) : [step];
  return keys.flatMap((key) => findValues(value[key], rest, [...path, key]));
};

const findByRule = (value: Value | undefined, path: Path, rule: PackagingRule): readonly LocalReference[] =>
  findValues(value, rule.property, path).flatMap((found) =>
    isLocal(found.value) ? [{ rule, path: found.path, localPath: found.value }] : [],
  );

const findInSections = (
  sections: Value | undefined,
  path: Path,
  rulesByName: Readonly<Record<string, readonly PackagingRule[]>>,
): readonly LocalReference[] =>
  Object.entries(rulesByName).flatMap(([name, rules]) =>
    rules.flatMap((rule) => findByRule(isMapping(sections) ? sections[name] : undefined, [...path, name], rule)),
  );

/** A function of container images has no code to package. */
const isImage = (properties: Value | undefined): boolean =>
  isMapping(properties) && properties['PackageType'] === 'Image';

const findInResource = (resource: Value, path: Path): readonly LocalReference[] => {
  const { Type: type, Properties: properties } = isMapping(resource) ? resource : {};
  if (isImage(properties)) return [];
  const rules = typeof type === 'string' && Object.hasOwn(RESOURCE_RULES, type) ? RESOURCE_RULES[type] : undefined;
  return (rules ?? []).flatMap((rule) => findByRule(properties, [...path, 'Properties'], rule));
};

/** Searches resources, those in a loop (`Fn::ForEach::…: [name, values, resources]`) included. */
const findInResources = (resources: Value | undefined, path: Path): readonly LocalReference[] =>
  Object.entries(isMapping(resources) ? resources : {}).flatMap(([name, resource]) =>
    name.startsWith('Fn::ForEach::') && isList(resource)
      ? findInResources(resource[2], [...path, name, 2])
      : findInResource(resource, [...path, name]),
  );

const findInclude = (transform: Value | undefined, path: Path): readonly LocalReference[] => {
  if (isList(transform)) return transform.flatMap((item, index) => findInclude(item, [...path, index]));
  return isMapping(transform) && transform['Name'] === 'AWS::Include' ? findByRule(transform, path, INCLUDE_RULE) : [];
};

const findNestedIncludes = (value: Value, path: Path): readonly LocalReference[] => {
  if (isList(value)) return value.flatMap((item, index) => findNestedIncludes(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    return [...(key === 'Fn::Transform' ? findInclude(item, here) : []), ...findNestedIncludes(item, here)];
  });
};

/** Every local path in a template that `aws cloudformation package` would replace. */
export const findLocalReferences = ({ document }: Pick<Template, 'document'>): readonly LocalReference[] => [
  ...findInSections(document['Metadata'], ['Metadata'], METADATA_RULES),
  ...findInSections(document['Globals'], ['Globals'], GLOBALS_RULES),
  ...findInResources(document['Resources'], ['Resources']),
  ...findInclude(document['Transform'], ['Transform']),
  ...findNestedIncludes(document, []),
];
