import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { parseTemplateDocument, type TemplateDocument } from './document.js';
import type { Parameter } from './parameter.js';
import { SectionReader } from './section-reader.js';
import { type Mapping, type Path, type Position, toScalarString, type Value } from './value.js';

/** A resource as the template declares it. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Mapping;
  readonly metadata: Mapping;
  /** Name of the condition under which the resource is created. */
  readonly condition: string | undefined;
  /** Logical ids in `DependsOn`. */
  readonly dependsOn: readonly string[];
  /** `Delete`, `Retain`, `Snapshot` or `RetainExceptOnCreate`; undefined when absent or an intrinsic function. */
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  /** The whole declaration, for attributes that this interface does not name. */
  readonly declaration: Mapping;
}

/** An output as the template declares it. */
export interface Output {
  readonly name: string;
  readonly value: Value;
  readonly description: string | undefined;
  /** Export name for `Fn::ImportValue`; may contain intrinsic functions. */
  readonly exportName: Value | undefined;
  readonly condition: string | undefined;
}

/** A parsed template: its sections, and the position of each part for annotations. */
export interface Template {
  readonly format: 'json' | 'yaml';
  /** The whole document, short tags in long form. */
  readonly document: Mapping;
  readonly description: string | undefined;
  readonly metadata: Mapping;
  /** Macros of the whole template (`Transform:`). */
  readonly transforms: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly mappings: Mapping;
  readonly conditions: ReadonlyMap<string, Value>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: ReadonlyMap<string, Output>;
  getPosition(path: Path): Position | undefined;
}

const SECTION_NAMES = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs', 'Hooks', 'Globals'],
]);

const parseParameter = (sections: SectionReader, name: string, declaration: Mapping, path: Path): Parameter => {
  const type = sections.readString(declaration, 'Type', path);
  if (type === undefined) throw sections.createFormatError(path, 'must have a Type, for example String');
  return {
    name,
    type,
    default: sections.readString(declaration, 'Default', path),
    description: sections.readString(declaration, 'Description', path),
    allowedValues: sections.readStrings(declaration, 'AllowedValues', path),
    allowedPattern: sections.readString(declaration, 'AllowedPattern', path),
    minLength: sections.readNumber(declaration, 'MinLength', path),
    maxLength: sections.readNumber(declaration, 'MaxLength', path),
    minValue: sections.readNumber(declaration, 'MinValue', path),
    maxValue: sections.readNumber(declaration, 'MaxValue', path),
    constraintDescription: sections.readString(declaration, 'ConstraintDescription', path),
    noEcho: sections.readString(declaration, 'NoEcho', path)?.toLowerCase() === 'true',
  };
};

const parseResource = (sections: SectionReader, logicalId: string, declaration: Mapping, path: Path): Resource => {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId))
    throw sections.createFormatError(path, 'must have a logical ID of letters and digits only');
  const type = sections.readString(declaration, 'Type', path);
  if (type === undefined) throw sections.createFormatError(path, 'must have a Type, for example AWS::S3::Bucket');
  return {
    logicalId,
    type,
    properties: sections.readMapping(declaration['Properties'], [...path, 'Properties']),
    metadata: sections.readMapping(declaration['Metadata'], [...path, 'Metadata']),
    condition: sections.readString(declaration, 'Condition', path),
    dependsOn: sections.readStrings(declaration, 'DependsOn', path) ?? [],
    deletionPolicy: toScalarString(declaration['DeletionPolicy']),
    updateReplacePolicy: toScalarString(declaration['UpdateReplacePolicy']),
    declaration,
  };
};

const parseOutput = (sections: SectionReader, name: string, declaration: Mapping, path: Path): Output => {
  const value = declaration['Value'];
  if (value === undefined || value === null) throw sections.createFormatError(path, 'must have a Value');
  return {
    name,
    value,
    description: sections.readString(declaration, 'Description', path),
    exportName: sections.readMapping(declaration['Export'], [...path, 'Export'])['Name'],
    condition: sections.readString(declaration, 'Condition', path),
  };
};

const validateSections = (source: TemplateDocument, sections: SectionReader): Mapping => {
  const document = sections.readMapping(source.value, []);
  for (const name of Object.keys(document)) {
    if (SECTION_NAMES.has(name)) continue;
    const suggestion = suggestClosest(name, [...SECTION_NAMES]);
    const hint = suggestion === undefined ? `use ${[...SECTION_NAMES].join(', ')}` : `did you mean ${suggestion.name}`;
    throw sections.createFormatError([name], `is not a section of a template: ${hint}`);
  }
  if (Object.keys(sections.readMapping(document['Resources'], ['Resources'])).length > 0) return document;
  throw sections.createFormatError([], 'must declare at least one resource under Resources');
};

/** @throws TemplateError `syntax` or `format` at the first invalid part */
export const parseTemplate = (text: string): Template => {
  const source = parseTemplateDocument(text);
  const sections = new SectionReader(source);
  const document = validateSections(source, sections);
  return {
    format: source.format,
    document,
    description: sections.readString(document, 'Description', []),
    metadata: sections.readMapping(document['Metadata'], ['Metadata']),
    transforms: sections.readStrings(document, 'Transform', []) ?? [],
    parameters: sections.readDeclarations(document, 'Parameters', (...part) => parseParameter(sections, ...part)),
    mappings: sections.readMapping(document['Mappings'], ['Mappings']),
    conditions: new Map(Object.entries(sections.readMapping(document['Conditions'], ['Conditions']))),
    resources: sections.readDeclarations(document, 'Resources', (...part) => parseResource(sections, ...part)),
    outputs: sections.readDeclarations(document, 'Outputs', (...part) => parseOutput(sections, ...part)),
    getPosition: (path) => source.getPosition(path),
  };
};
