import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { parseTemplateDocument } from '@aws-delivery/template/document';
import { findLongForm } from '@aws-delivery/template/short-tags';
import { isList, isMapping, type Path, type Value } from '@aws-delivery/template/value';
import { resolveEntries } from '@aws-delivery/template/yaml/merge';
import { resolveAlias, type YamlNode } from '@aws-delivery/template/yaml/node';

export interface Replacement {
  /** Path in the document; a short tag counts as its long form. */
  readonly path: Path;
  readonly value: Value;
}

/** A part of the text to replace. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const escapeUnicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A JSON string without characters that are line breaks in YAML 1.1. */
const quote = (text: string): string => JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/gu, escapeUnicode);

/** JSON on one line, which is valid YAML; with the spaces that YAML 1.1 parsers require. */
const formatValue = (value: Value): string => {
  if (typeof value === 'string') return quote(value);
  if (isList(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (!isMapping(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${quote(key)}: ${formatValue(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

const setValue = (current: Value | undefined, path: Path, value: Value): Value => {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (isList(current)) return current.map((item, index) => (index === step ? setValue(item, rest, value) : item));
  if (isMapping(current) && Object.hasOwn(current, step))
    return { ...current, [step]: setValue(current[step], rest, value) };
  throw new DeliveryError('unexpected', `${path.join('.')} was not found in the text of the template`);
};

const getChild = (value: Value | undefined, step: string | number): Value | undefined => {
  if (isList(value)) return value[Number(step)];
  return isMapping(value) ? value[step] : undefined;
};

const formatKey = (node: YamlNode): string => {
  const key = resolveAlias(node);
  return key.kind === 'scalar' ? quote(key.value) : '';
};

/** Collects the edits of a document: replaced values, and aliases and merge keys, which CloudFormation rejects. */
class EditCollector {
  readonly edits: Edit[] = [];
  private readonly replacedPaths: ReadonlySet<string>;

  constructor(
    private readonly text: string,
    replacements: readonly Replacement[],
  ) {
    this.replacedPaths = new Set(replacements.map(({ path }) => JSON.stringify(path)));
  }

  /** @param value value of the node after all replacements */
  collect(node: YamlNode, value: Value | undefined, path: Path): void {
    if (node.anchor !== undefined) this.removeAnchor(node.anchor);
    const key = node.tag === undefined ? undefined : findLongForm(node.tag);
    if (key !== undefined) this.collectContent(node, getChild(value, key), [...path, key]);
    else this.collectContent(node, value, path);
  }

  private collectContent(node: YamlNode, value: Value | undefined, path: Path): void {
    if (this.replacedPaths.has(JSON.stringify(path)) || node.kind === 'alias') this.replace(node, value ?? null);
    else if (node.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) this.collect(item, getChild(value, index), [...path, index]);
    } else if (node.kind === 'mapping') {
      const { hasMergeKey, overridden } = resolveEntries(node);
      // An entry that another one overrides has no value of its own.
      if (hasMergeKey || overridden.length > 0) this.replace(node, value ?? null);
      else for (const { key, value: child } of node.entries) this.collectEntry(key, child, value, path);
    }
  }

  private collectEntry(key: YamlNode, child: YamlNode, value: Value | undefined, path: Path): void {
    const target = resolveAlias(key);
    const name = target.kind === 'scalar' ? target.value : '';
    if (key.anchor !== undefined) this.removeAnchor(key.anchor);
    if (key.kind === 'alias') this.edits.push({ start: key.start, end: key.end, text: formatKey(key) });
    this.collect(child, getChild(value, name), [...path, name]);
  }

  /** Keeps the number of lines, so that the line numbers in AWS's messages are those of the file. */
  private replace({ start, end }: YamlNode, value: Value): void {
    const lines = this.text.slice(start, end).split('\n').length - 1;
    this.edits.push({ start, end, text: `${formatValue(value)}${'\n'.repeat(lines)}` });
  }

  private removeAnchor({ start, end }: { readonly start: number; readonly end: number }): void {
    const blanks = /^[ \t]*/u.exec(this.text.slice(end))?.[0].length ?? 0;
    this.edits.push({ start, end: end + blanks, text: '' });
  }
}

/**
 * Replaces values in a JSON or YAML template, and aliases and merge keys with what they stand for. Comments, order and
 * line numbers are kept.
 */
export const replaceValues = (body: string, replacements: readonly Replacement[]): string => {
  const { root, value, hasAliases } = parseTemplateDocument(body);
  if (root === undefined || (replacements.length === 0 && !hasAliases)) return body;
  const finalValue = replacements.reduce((current, { path, value: item }) => setValue(current, path, item), value);
  const collector = new EditCollector(body, replacements);
  collector.collect(root, finalValue, []);
  const ordered = collector.edits.sort((left, right) => right.start - left.start);
  return ordered.reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), body);
};
