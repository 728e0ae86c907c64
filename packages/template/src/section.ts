import { TemplateError } from './error.js';
import type { Source } from './source.js';
import { isList, isMapping, type Mapping, type Path, textOfScalar, type Value } from './value.js';

/** Limits of one template; aws-facts §1.8. */
const LIMITS: Readonly<Record<string, number>> = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 };

/** Reads the sections of a document, part by part; says where a part stands that has the wrong shape. */
export class Sections {
  constructor(private readonly source: Source) {}

  wrong(path: Path, rule: string): TemplateError {
    const place = path.length === 0 ? 'the template' : path.join('.');
    return new TemplateError('format', `${place} ${rule}`, { path, position: this.source.positionOf(path) });
  }

  mapping(value: Value | undefined, path: Path): Mapping {
    if (value === undefined) return {};
    if (!isMapping(value)) throw this.wrong(path, 'must be a mapping of names to values');
    const limit = path.length === 1 ? LIMITS[String(path[0])] : undefined;
    const count = Object.keys(value).length;
    if (limit !== undefined && count > limit)
      throw this.wrong(path, `has ${count} entries: split it, ${limit} are allowed`);
    return value;
  }

  /** The declarations of a section by name, each made by `declare`; loops and macros over them are left to AWS. */
  declarations<T>(
    document: Mapping,
    section: string,
    declare: (name: string, declaration: Mapping, path: Path) => T,
  ): ReadonlyMap<string, T> {
    return new Map(
      Object.entries(this.mapping(document[section], [section]))
        .filter(([name]) => !/^Fn::(ForEach::|Transform$)/.test(name))
        .map(([name, value]) => [name, declare(name, this.mapping(value, [section, name]), [section, name])]),
    );
  }

  text(declaration: Mapping, key: string, path: Path): string | undefined {
    const value = declaration[key];
    const text = textOfScalar(value);
    if (value !== undefined && text === undefined) throw this.wrong([...path, key], 'must be a text');
    return text;
  }

  number(declaration: Mapping, key: string, path: Path): number | undefined {
    const text = this.text(declaration, key, path);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value)) throw this.wrong([...path, key], `is ${text}: it must be a number`);
    return value;
  }

  /** A list of texts; one text alone counts as a list of it (`DependsOn`, `Transform`). */
  texts(declaration: Mapping, key: string, path: Path): readonly string[] | undefined {
    const value = declaration[key];
    if (value === undefined) return undefined;
    return (isList(value) ? value : [value]).map((item) => {
      const text = textOfScalar(isMapping(item) ? item['Name'] : item);
      if (text === undefined) throw this.wrong([...path, key], 'must be a text or a list of texts');
      return text;
    });
  }
}
