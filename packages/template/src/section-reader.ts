import type { TemplateDocument } from './document.js';
import { TemplateError } from './error.js';
import { isList, isMapping, type Mapping, type Path, toScalarString, type Value } from './value.js';

/** CloudFormation's limits for the entries of a section (docs/aws-facts.md §1.8). */
const LIMITS: Readonly<Record<string, number>> = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 };

/** What to do with a part of the wrong form. */
export type IssueHandler = (issue: TemplateError) => void;

/** Reads typed values from the sections of a document. A part of the wrong form is reported, then read as absent. */
export class SectionReader {
  /** @param report throws the issue, or records it and returns */
  constructor(
    private readonly source: Pick<TemplateDocument, 'getPosition'>,
    private readonly report: IssueHandler,
  ) {}

  reportFormat(path: Path, rule: string): undefined {
    this.report(this.createFormatError(path, rule));
  }

  createFormatError(path: Path, rule: string): TemplateError {
    const label = path.length === 0 ? 'the template' : path.join('.');
    return new TemplateError('format', `${label} ${rule}`, { path, position: this.source.getPosition(path) });
  }

  readMapping(value: Value | undefined, path: Path): Mapping {
    if (value === undefined) return {};
    if (!isMapping(value)) return this.reportFormat(path, 'must be a mapping of names to values') ?? {};
    const limit = path.length === 1 ? LIMITS[String(path[0])] : undefined;
    const count = Object.keys(value).length;
    if (limit !== undefined && count > limit)
      this.reportFormat(path, `has ${count} entries, at most ${limit} are allowed: split the template`);
    return value;
  }

  /** The declarations of a section by name. `Fn::ForEach` loops and macros are skipped: AWS expands them. */
  readDeclarations<T>(
    document: Mapping,
    section: string,
    parseDeclaration: (name: string, declaration: Mapping, path: Path) => T | undefined,
  ): ReadonlyMap<string, T> {
    return new Map(
      Object.entries(this.readMapping(document[section], [section]))
        .filter(([name]) => !/^Fn::(ForEach::|Transform$)/.test(name))
        .flatMap(([name, value]) => {
          const declaration = parseDeclaration(name, this.readMapping(value, [section, name]), [section, name]);
          return declaration === undefined ? [] : [[name, declaration] as const];
        }),
    );
  }

  readString(declaration: Mapping, key: string, path: Path): string | undefined {
    const value = declaration[key];
    const scalar = toScalarString(value);
    if (value !== undefined && scalar === undefined) this.reportFormat([...path, key], 'must be a string');
    return scalar;
  }

  readNumber(declaration: Mapping, key: string, path: Path): number | undefined {
    const scalar = this.readString(declaration, key, path);
    if (scalar === undefined) return undefined;
    const value = Number(scalar);
    if (scalar.trim() === '' || Number.isNaN(value))
      return this.reportFormat([...path, key], `is '${scalar}' but must be a number`);
    return value;
  }

  /** A list of strings; a single string counts as a list of one (`DependsOn`, `Transform`). */
  readStrings(declaration: Mapping, key: string, path: Path): readonly string[] | undefined {
    const value = declaration[key];
    if (value === undefined) return undefined;
    return (isList(value) ? value : [value]).flatMap((item) => {
      const scalar = toScalarString(isMapping(item) ? item['Name'] : item);
      if (scalar !== undefined) return [scalar];
      this.reportFormat([...path, key], 'must be a string or a list of strings');
      return [];
    });
  }
}
