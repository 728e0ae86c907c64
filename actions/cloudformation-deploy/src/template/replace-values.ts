import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { findLongForm } from '@aws-delivery/template/short-tags';
import { isMapping, type Path, type Value } from '@aws-delivery/template/value';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';

export interface Replacement {
  /** Path in the document; a short tag counts as its long form. */
  readonly path: Path;
  readonly value: Value;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const findChild = (node: Node, step: string | number): unknown => {
  if (isSeq(node)) return node.items[Number(step)];
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
};

/** The node at a path. Aliases on the path are resolved; a final alias is returned itself. */
const findNode = (document: Document, path: Path): Node | undefined => {
  let node: unknown = document.contents;
  for (const step of path) {
    const resolvedNode = isAlias(node) ? node.resolve(document) : node;
    if (!isNode(resolvedNode)) return undefined;
    const isTagged = resolvedNode.tag !== undefined && findLongForm(resolvedNode.tag) === step;
    node = isTagged ? resolvedNode : findChild(resolvedNode, step);
  }
  return isNode(node) ? node : undefined;
};

const findSpan = (document: Document, path: Path): Span => {
  const [start, end] = findNode(document, path)?.range ?? [];
  if (start !== undefined && end !== undefined) return { start, end };
  throw new DeliveryError('unexpected', `${path.join('.')} was not found in the text of the template`);
};

/** JSON on one line, which is valid YAML; with the spaces that YAML 1.1 parsers require. */
const formatValue = (value: Value): string =>
  isMapping(value)
    ? `{ ${Object.entries(value)
        .map(([key, item]) => `${JSON.stringify(key)}: ${formatValue(item)}`)
        .join(', ')} }`
    : JSON.stringify(value);

/**
 * Replaces values in a JSON or YAML template. Comments, order and line numbers are kept, so that the line numbers in
 * AWS's messages are those of the file.
 */
export const replaceValues = (body: string, replacements: readonly Replacement[]): string => {
  const document = parseDocument(body, { logLevel: 'silent', schema: 'core' });
  // Paths that lead through aliases of one anchor have the same span.
  const values = new Map<number, { readonly span: Span; readonly value: Value }>();
  for (const { path, value } of replacements) {
    const span = findSpan(document, path);
    values.set(span.start, { span, value });
  }
  const ordered = [...values.values()].sort((left, right) => right.span.start - left.span.start);
  return ordered.reduce((result, { span: { start, end }, value }) => {
    const lines = result.slice(start, end).split('\n').length - 1;
    return `${result.slice(0, start)}${formatValue(value)}${'\n'.repeat(lines)}${result.slice(end)}`;
  }, body);
};
