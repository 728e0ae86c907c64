import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { parseTemplateDocument, type TemplateDocument, type TemplateWarning } from './document.js';
import { TemplateError } from './error.js';
import type { Parameter } from './parameter.js';
import { SectionReader } from './section-reader.js';
import { isList, isMapping, type Mapping, type Path, type Position, toScalarString, type Value } from './value.js';

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
  /** Whether the text has anchors, aliases or merge keys, which `document` resolves and CloudFormation rejects. */
  readonly hasAliases: boolean;
  /** Whether an alias or a merge key is used; an anchor alone has no effect, and CloudFormation accepts it. */
  readonly usesAliases: boolean;
  readonly warnings: readonly TemplateWarning[];
  /** Whether the text could not be read: the sections are empty, and nothing is known of them. */
  readonly isUnread: boolean;
  getPosition(path: Path): Position | undefined;
}

const SECTION_NAMES = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs', 'Hooks', 'Globals'],
]);

const parseParameter = (
  sections: SectionReader,
  name: string,
  declaration: Mapping,
  path: Path,
): Parameter | undefined => {
  const type = sections.readString(declaration, 'Type', path);
  if (type === undefined) return sections.reportFormat(path, 'must have a Type, for example String');
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

const parseResource = (
  sections: SectionReader,
  logicalId: string,
  declaration: Mapping,
  path: Path,
): Resource | undefined => {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId))
    return sections.reportFormat(path, 'must have a logical ID of letters and digits only');
  const type = sections.readString(declaration, 'Type', path);
  if (type === undefined) return sections.reportFormat(path, 'must have a Type, for example AWS::S3::Bucket');
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

const parseOutput = (sections: SectionReader, name: string, declaration: Mapping, path: Path): Output | undefined => {
  const value = declaration['Value'];
  if (value === undefined || value === null) return sections.reportFormat(path, 'must have a Value');
  return {
    name,
    value,
    description: sections.readString(declaration, 'Description', path),
    exportName: sections.readMapping(declaration['Export'], [...path, 'Export'])['Name'],
    condition: sections.readString(declaration, 'Condition', path),
  };
};

/** Sections that CloudFormation does not have. Only a macro may use them. */
const findUnknownSections = (document: Mapping, source: TemplateDocument): readonly TemplateWarning[] =>
  Object.keys(document)
    .filter((name) => !SECTION_NAMES.has(name) && name !== 'Fn::Transform')
    .map((name) => {
      const suggestion = suggestClosest(name, [...SECTION_NAMES]);
      const hint =
        suggestion === undefined ? `use ${[...SECTION_NAMES].join(', ')}` : `did you mean ${suggestion.name}`;
      const message = `${name} is not a section of a template: ${hint}`;
      return { code: 'unknown-section', message, position: source.getPosition([name]) };
    });

/** Whether a macro or a transform may change the value. */
const hasTransform = (value: Value): boolean => {
  if (isList(value)) return value.some(hasTransform);
  if (!isMapping(value)) return false;
  return Object.entries(value).some(([key, item]) => key === 'Fn::Transform' || hasTransform(item));
};

/** One warning for all parts of a wrong form, since a transform may give them the right one. */
const summarizeIssues = (issues: readonly TemplateError[]): readonly TemplateWarning[] => {
  const [first] = issues;
  if (first === undefined) return [];
  const shown = issues.slice(0, 3).map(({ message }) => message);
  const more = issues.length > shown.length ? ` (${issues.length - shown.length} more)` : '';
  const message = `checks were skipped because a transform may change the template: ${shown.join('; ')}${more}`;
  return [{ code: 'unchecked', message, position: first.position }];
};

export interface ParseOptions {
  /**
   * `true` rejects what CloudFormation would reject, as the service itself. `false` (the default) leaves to
   * CloudFormation what it decides: unknown tags and sections, and the form of parts that a transform may change.
   */
  readonly isStrict?: boolean;
}

const REJECTED_CODES: readonly TemplateWarning['code'][] = ['unknown-tag', 'unknown-section'];

const rejectWarnings = (warnings: readonly TemplateWarning[]): void => {
  const rejected = warnings.find(({ code }) => REJECTED_CODES.includes(code));
  if (rejected === undefined) return;
  const { code, message, position } = rejected;
  throw new TemplateError(code === 'unknown-tag' ? 'syntax' : 'format', message, { position });
};

type TemplateSource = Pick<TemplateDocument, 'format' | 'value' | 'hasAliases' | 'usesAliases' | 'getPosition'>;

const parseSections = (source: TemplateSource, sections: SectionReader): Omit<Template, 'warnings'> => {
  const document = sections.readMapping(source.value, []);
  const resources = sections.readMapping(document['Resources'], ['Resources']);
  if (Object.keys(resources).length === 0)
    sections.reportFormat([], 'must declare at least one resource under Resources');
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
    hasAliases: source.hasAliases,
    usesAliases: source.usesAliases,
    isUnread: false,
    getPosition: (path) => source.getPosition(path),
  };
};

/**
 * The template with another document, which a transform has made of its own. Positions are those of the text.
 * @throws TemplateError `format` at the first invalid part
 */
export const replaceDocument = (template: Template, document: Mapping): Template => {
  const throwIssue = (issue: TemplateError) => {
    throw issue;
  };
  return { ...template, ...parseSections({ ...template, value: document }, new SectionReader(template, throwIssue)) };
};

/** @throws TemplateError `syntax` or `format` at the first invalid part */
export const parseTemplate = (text: string, { isStrict = false }: ParseOptions = {}): Template => {
  const source = parseTemplateDocument(text);
  const document = isMapping(source.value) ? source.value : {};
  const isTransformed = document['Transform'] !== undefined || hasTransform(document);
  const issues: TemplateError[] = [];
  const sections = new SectionReader(source, (issue) => {
    if (isStrict || !isTransformed) throw issue;
    issues.push(issue);
  });
  const unknownSections = isTransformed && !isStrict ? [] : findUnknownSections(document, source);
  if (isStrict) rejectWarnings([...source.warnings, ...unknownSections]);
  const parts = parseSections(source, sections);
  return { ...parts, warnings: [...source.warnings, ...unknownSections, ...summarizeIssues(issues)] };
};

/**
 * A template that could not be read, and that CloudFormation judges.
 * @param error the error of `parseTemplate`
 */
export const createUnreadTemplate = (text: string, { message, position }: TemplateError): Template => ({
  format: text.trimStart().startsWith('{') ? 'json' : 'yaml',
  document: {},
  description: undefined,
  metadata: {},
  transforms: [],
  parameters: new Map(),
  mappings: {},
  conditions: new Map(),
  resources: new Map(),
  outputs: new Map(),
  hasAliases: false,
  usesAliases: false,
  isUnread: true,
  warnings: [
    {
      code: 'unchecked',
      message: `the template cannot be read, so its parameters and capabilities are not checked: ${message}`,
      position,
    },
  ],
  getPosition: () => undefined,
});
