import { nearest } from '@aws-delivery/action-kit/nearest';
import type { Parameter } from './parameter.js';
import type { Resource } from './resource.js';
import { Sections } from './section.js';
import { type Position, parseSource, type Source } from './source.js';
import { type Mapping, type Path, textOfScalar, type Value } from './value.js';

/** An output as the template declares it. */
export interface Output {
  readonly name: string;
  readonly value: Value;
  readonly description: string | undefined;
  /** Name under which other stacks import it; may hold intrinsic functions. */
  readonly exportName: Value | undefined;
  readonly condition: string | undefined;
}

/** A template: its sections by name, and the place of each part for annotations. */
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
  positionOf(path: Path): Position | undefined;
}

const SECTIONS = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs', 'Hooks', 'Globals'],
]);

const parameterOf = (sections: Sections, name: string, declaration: Mapping, path: Path): Parameter => {
  const type = sections.text(declaration, 'Type', path);
  if (type === undefined) throw sections.wrong(path, 'must have a Type, for example String');
  return {
    name,
    type,
    default: sections.text(declaration, 'Default', path),
    description: sections.text(declaration, 'Description', path),
    allowedValues: sections.texts(declaration, 'AllowedValues', path),
    allowedPattern: sections.text(declaration, 'AllowedPattern', path),
    minLength: sections.number(declaration, 'MinLength', path),
    maxLength: sections.number(declaration, 'MaxLength', path),
    minValue: sections.number(declaration, 'MinValue', path),
    maxValue: sections.number(declaration, 'MaxValue', path),
    constraintDescription: sections.text(declaration, 'ConstraintDescription', path),
    noEcho: sections.text(declaration, 'NoEcho', path)?.toLowerCase() === 'true',
  };
};

const resourceOf = (sections: Sections, logicalId: string, declaration: Mapping, path: Path): Resource => {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId))
    throw sections.wrong(path, 'must have a name of letters and digits only');
  const type = sections.text(declaration, 'Type', path);
  if (type === undefined) throw sections.wrong(path, 'must have a Type, for example AWS::S3::Bucket');
  return {
    logicalId,
    type,
    properties: sections.mapping(declaration['Properties'], [...path, 'Properties']),
    metadata: sections.mapping(declaration['Metadata'], [...path, 'Metadata']),
    condition: sections.text(declaration, 'Condition', path),
    dependsOn: sections.texts(declaration, 'DependsOn', path) ?? [],
    deletionPolicy: textOfScalar(declaration['DeletionPolicy']),
    updateReplacePolicy: textOfScalar(declaration['UpdateReplacePolicy']),
    declaration,
  };
};

const outputOf = (sections: Sections, name: string, declaration: Mapping, path: Path): Output => {
  const value = declaration['Value'];
  if (value === undefined || value === null) throw sections.wrong(path, 'must have a Value');
  return {
    name,
    value,
    description: sections.text(declaration, 'Description', path),
    exportName: sections.mapping(declaration['Export'], [...path, 'Export'])['Name'],
    condition: sections.text(declaration, 'Condition', path),
  };
};

const sectionsIn = (source: Source, sections: Sections): Mapping => {
  const document = sections.mapping(source.value, []);
  for (const name of Object.keys(document)) {
    if (SECTIONS.has(name)) continue;
    const near = nearest(name, [...SECTIONS]);
    const remedy = near === undefined ? `use ${[...SECTIONS].join(', ')}` : `did you mean ${near.name}`;
    throw sections.wrong([name], `is no section of a template: ${remedy}`);
  }
  if (Object.keys(sections.mapping(document['Resources'], ['Resources'])).length > 0) return document;
  throw sections.wrong([], 'must declare at least one resource under Resources');
};

/**
 * Reads a template.
 * @throws TemplateError `syntax` or `format` at the first part that is not as a template has it.
 */
export const parseTemplate = (text: string): Template => {
  const source = parseSource(text);
  const sections = new Sections(source);
  const document = sectionsIn(source, sections);
  return {
    format: source.format,
    document,
    description: sections.text(document, 'Description', []),
    metadata: sections.mapping(document['Metadata'], ['Metadata']),
    transforms: sections.texts(document, 'Transform', []) ?? [],
    parameters: sections.declarations(document, 'Parameters', (...part) => parameterOf(sections, ...part)),
    mappings: sections.mapping(document['Mappings'], ['Mappings']),
    conditions: new Map(Object.entries(sections.mapping(document['Conditions'], ['Conditions']))),
    resources: sections.declarations(document, 'Resources', (...part) => resourceOf(sections, ...part)),
    outputs: sections.declarations(document, 'Outputs', (...part) => outputOf(sections, ...part)),
    positionOf: (path) => source.positionOf(path),
  };
};
