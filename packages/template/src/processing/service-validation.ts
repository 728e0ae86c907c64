import { TemplateError } from '../error.js';
import type { Template } from '../template.js';
import { findIntrinsic, isList, isMapping, type Mapping, type Path, type Value } from '../value.js';
import { LANGUAGE_EXTENSIONS } from './language-extensions.js';

/** Part of a template that CloudFormation rejects, and its message. */
interface Rejection {
  readonly path: Path;
  readonly message: string;
}

/** Functions that CloudFormation's message about an unsupported one lists. */
const SUPPORTED_FUNCTIONS = [
  ...['Fn::Base64', 'Fn::GetAtt', 'Fn::GetAZs', 'Fn::ImportValue', 'Fn::Join', 'Fn::Split', 'Fn::FindInMap'],
  ...['Fn::Select', 'Ref', 'Fn::Equals', 'Fn::If', 'Fn::Not', 'Condition', 'Fn::And', 'Fn::Or', 'Fn::Contains'],
  ...['Fn::EachMemberEquals', 'Fn::EachMemberIn', 'Fn::ValueOf', 'Fn::ValueOfAll', 'Fn::RefAll', 'Fn::Sub', 'Fn::Cidr'],
];

const PARAMETER_TYPE =
  /^(String|Number|List<Number>|CommaDelimitedList|(List<)?AWS::[A-Za-z0-9:]+>?|AWS::SSM::Parameter::Value<[A-Za-z0-9:<>]+>)$/;

/** Members of a declaration, by section; others are rejected. */
const MEMBERS: Readonly<Record<string, readonly [label: string, members: ReadonlySet<string>]>> = {
  Parameters: [
    'parameter',
    new Set([
      ...['Type', 'Default', 'Description', 'AllowedValues', 'AllowedPattern', 'MinLength', 'MaxLength'],
      ...['MinValue', 'MaxValue', 'ConstraintDescription', 'NoEcho'],
    ]),
  ],
  Resources: [
    'resource',
    new Set([
      ...['Type', 'Properties', 'Metadata', 'Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy'],
      ...['CreationPolicy', 'UpdatePolicy', 'Version', 'Connectors', 'IgnoreGlobals'],
    ]),
  ],
  Outputs: ['output', new Set(['Value', 'Description', 'Export', 'Condition'])],
};

const MAX_NAME_LENGTH = 255;
/** Bytes of the template's description, and of those of outputs and parameters (CloudFormation quotas). */
const DESCRIPTION_BYTES = { template: 1024, Outputs: 1024, Parameters: 4000 };
const POLICIES = new Set(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);

/** All values of a template, from the outside in. */
function* walk(value: Value, path: Path = []): Generator<readonly [Value, Path]> {
  yield [value, path];
  if (isList(value)) for (const [index, item] of value.entries()) yield* walk(item, [...path, index]);
  else if (isMapping(value)) for (const [key, item] of Object.entries(value)) yield* walk(item, [...path, key]);
}

/** Functions that exist only with AWS::LanguageExtensions. */
const findExtension = (value: Value, path: Path): Rejection | undefined => {
  const { name = '', argument = null } = findIntrinsic(value) ?? {};
  if (name === 'Fn::FindInMap' && isList(argument) && argument.length > 3) {
    const parts = 'the map name, map key and the attribute for return value';
    return { path, message: `Template error: every Fn::FindInMap object requires three parameters, ${parts}` };
  }
  if (!['Fn::Length', 'Fn::ToJsonString'].includes(name)) return undefined;
  const supported = `Supported functions are: [${SUPPORTED_FUNCTIONS.join(', ')}]`;
  return { path, message: `Template format error: Encountered unsupported function: ${name} ${supported}` };
};

function* checkValues({ document, transforms }: Template): Generator<Rejection> {
  const isExtended = transforms.includes(LANGUAGE_EXTENSIONS);
  for (const [value, path] of walk(document)) {
    if (value === null) yield { path, message: `[/${path.join('/')}] 'null' values are not allowed in templates` };
    const extension = isExtended ? undefined : findExtension(value, path);
    if (extension !== undefined) yield extension;
  }
}

function* checkDeclaration(
  section: string,
  name: string,
  declaration: Value,
  isExtended: boolean,
): Generator<Rejection> {
  const path = [section, name];
  const isLoop = isExtended && name.startsWith('Fn::ForEach::');
  if (isLoop || name === 'Fn::Transform') return;
  const label = section.slice(0, -1);
  if (!/^[A-Za-z0-9]+$/.test(name))
    yield { path, message: `Template format error: ${label} name ${name} is non alphanumeric.` };
  if (name.length > MAX_NAME_LENGTH)
    yield {
      path,
      message: `Template format error: ${label} name ${name} is longer than ${MAX_NAME_LENGTH} characters.`,
    };
  const [kind, members] = MEMBERS[section] ?? [];
  const unknown = isMapping(declaration)
    ? Object.keys(declaration).find((key) => members?.has(key) === false)
    : undefined;
  if (unknown !== undefined)
    yield {
      path: [...path, unknown],
      message: `Template format error: Invalid template ${kind} property '${unknown}'`,
    };
}

function* checkPolicies(logicalId: string, resource: Mapping, isExtended: boolean): Generator<Rejection> {
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const policy = resource[name];
    const path = ['Resources', logicalId, name];
    if (isMapping(policy) && !isExtended)
      yield { path, message: `Template format error: Every ${name} member must be a string.` };
    if (typeof policy === 'string' && !POLICIES.has(policy))
      yield { path, message: `Template format error: Unrecognized ${name} ${policy} for resource ${logicalId}` };
  }
}

function* checkDescription(path: Path, description: Value | undefined, limit: number): Generator<Rejection> {
  if (typeof description === 'string' && Buffer.byteLength(description) > limit)
    yield { path, message: `Template format error: 'Description' length is greater than ${limit}.` };
}

const listEntries = (document: Mapping, section: string): readonly (readonly [string, Value])[] => {
  const value = document[section];
  return isMapping(value) ? Object.entries(value) : [];
};

function* checkSections({ document, transforms }: Template): Generator<Rejection> {
  const isExtended = transforms.includes(LANGUAGE_EXTENSIONS);
  const { AWSTemplateFormatVersion: version = '2010-09-09' } = document;
  if (version !== '2010-09-09')
    yield {
      path: ['AWSTemplateFormatVersion'],
      message: 'Template format error: unsupported value for AWSTemplateFormatVersion.',
    };
  yield* checkDescription(['Description'], document['Description'], DESCRIPTION_BYTES.template);
  for (const section of ['Parameters', 'Resources', 'Outputs'] as const) {
    for (const [name, declaration] of listEntries(document, section)) {
      yield* checkDeclaration(section, name, declaration, isExtended);
      if (!isMapping(declaration)) continue;
      if (section === 'Resources') yield* checkPolicies(name, declaration, isExtended);
      else
        yield* checkDescription([section, name, 'Description'], declaration['Description'], DESCRIPTION_BYTES[section]);
    }
  }
}

function* checkMappings({ document }: Template): Generator<Rejection> {
  for (const [mapName, keys] of listEntries(document, 'Mappings')) {
    const attributes = isMapping(keys)
      ? Object.values(keys).flatMap((each) => (isMapping(each) ? Object.keys(each) : []))
      : [];
    const invalid = attributes.find((attribute) => !/^[A-Za-z0-9.-]+$/.test(attribute));
    const rule = 'must contain only alphanumeric characters.';
    if (invalid !== undefined)
      yield {
        path: ['Mappings', mapName],
        message: `Template format error: Mappings attribute name '${invalid}' ${rule}`,
      };
  }
}

function* checkParameterTypes({ parameters }: Template): Generator<Rejection> {
  for (const { name, type } of parameters.values()) {
    if (!PARAMETER_TYPE.test(type))
      yield { path: ['Parameters', name], message: `Template format error: Unrecognized parameter type: ${type}` };
  }
}

/**
 * Checks what CloudFormation itself rejects when it reads a template: null values, aliases, names, members, quotas, and
 * functions of AWS::LanguageExtensions without the transform.
 * @throws TemplateError with CloudFormation's message
 */
export const checkServiceRules = (template: Template): void => {
  if (template.usesAliases)
    throw new TemplateError('service', 'Template error: YAML aliases are not allowed in CloudFormation templates');
  for (const check of [checkValues, checkSections, checkMappings, checkParameterTypes]) {
    for (const { path, message } of check(template)) {
      throw new TemplateError('service', message, { path, position: template.getPosition(path) });
    }
  }
};
