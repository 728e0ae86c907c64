import { TemplateError } from '@aws-delivery/template/error';
import { LANGUAGE_EXTENSIONS } from '@aws-delivery/template/processing/language-extensions';
import type { Resource, Template } from '@aws-delivery/template/template';
import { isList, isMapping, toScalarString, type Value } from '@aws-delivery/template/value';
import { isKnownType } from '../resource/resource-type.js';
import type { CloudFormationScenario } from '../scenario.js';

const SAM = 'AWS::Serverless-2016-10-31';

/** Properties of SAM's types that name files, which only a client's `package` command uploads. */
const FILE_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': 'DefinitionUri',
  'AWS::Serverless::Application': 'Location',
  'AWS::Serverless::Function': 'CodeUri',
  'AWS::Serverless::GraphQLApi': 'SchemaUri',
  'AWS::Serverless::HttpApi': 'DefinitionUri',
  'AWS::Serverless::LayerVersion': 'ContentUri',
  'AWS::Serverless::StateMachine': 'DefinitionUri',
};

const reject = (message: string): TemplateError => new TemplateError('service', message);

/** Names of the transforms in a part of a template: of the whole template, and of `Fn::Transform` anywhere. */
const listTransforms = (value: Value, name = ''): readonly string[] => {
  if (name === 'Transform' || name === 'Fn::Transform')
    return [value].flat().flatMap((each) => toScalarString(isMapping(each) ? each['Name'] : each) ?? []);
  if (isList(value)) return value.flatMap((item) => listTransforms(item));
  return isMapping(value) ? Object.entries(value).flatMap(([key, item]) => listTransforms(item, key)) : [];
};

/** @throws TemplateError for a transform that neither Local AWS nor the scenario has */
export const checkTransforms = ({ document }: Template, { macros }: CloudFormationScenario): void => {
  const known = [LANGUAGE_EXTENSIONS, SAM, ...macros];
  const whole = Object.entries(document).flatMap(([key, value]) =>
    key === 'Transform' ? listTransforms(value, key) : [],
  );
  const unknown = [...whole, ...listTransforms(document, '')].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw reject(
    unknown.startsWith('AWS::')
      ? `Local AWS does not support the transform ${unknown}`
      : `No transform named ${unknown} found.`,
  );
};

const checkSamPaths = ({ logicalId, type, properties }: Resource): void => {
  const property = FILE_PROPERTIES[type] ?? '';
  const path = properties[property];
  if (typeof path !== 'string' || /^(s3|https):\/\//.test(path)) return;
  const problem = `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`;
  throw reject(
    `Transform ${SAM} failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [${logicalId}] is invalid. ${problem}`,
  );
};

/** @throws TemplateError for a resource type that AWS does not have, or a local path in a property of SAM */
export const checkResourceTypes = ({ resources, transforms }: Template, scenario: CloudFormationScenario): void => {
  const isServerless = transforms.includes(SAM);
  const types = [...resources.values()].map(({ type }) => type);
  const isKnown = (type: string) =>
    isKnownType(type, scenario) && (isServerless || !type.startsWith('AWS::Serverless::'));
  const unknown = types.filter((type) => !isKnown(type));
  if (unknown.length > 0) {
    const hint = unknown.every((type) => type.startsWith('AWS::'))
      ? ''
      : ' (declare it in cloudformation.types in the scenario)';
    throw reject(`Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]${hint}`);
  }
  for (const resource of resources.values()) checkSamPaths(resource);
};
