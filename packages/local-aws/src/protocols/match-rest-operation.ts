import type { HttpRequest } from '../api-call.js';
import type { Labels } from './path-pattern.js';
import type { OperationSchema, ServiceSchemas } from './schema.js';

export interface RestMatch {
  readonly operation: OperationSchema;
  readonly labels: Labels;
}

/**
 * `specificity` counts the literal path segments and the required query parameters and headers: the most specific match
 * wins.
 */
const matchOperation = (operation: OperationSchema, { method, path, headers }: HttpRequest, query: URLSearchParams) => {
  const { http, input } = operation;
  const labels = http?.method === method ? http.path.matchLabels(path) : undefined;
  if (http === undefined || labels === undefined) return [];
  const fixed = Object.entries(http.query);
  const queryBindings = input.required.map(({ binding }) => binding).filter(({ kind }) => kind === 'query');
  const headerBindings = input.required.map(({ binding }) => binding).filter(({ kind }) => kind === 'header');
  const isComplete =
    fixed.every(([name, value]) => (value === '' ? query.has(name) : query.get(name) === value)) &&
    queryBindings.every(({ name }) => query.has(name)) &&
    headerBindings.every(({ name }) => headers[name] !== undefined);
  const specificity = fixed.length * 100 + (queryBindings.length + headerBindings.length) * 10 + http.path.literalCount;
  return isComplete ? [{ operation, labels, specificity }] : [];
};

/** The operation of a REST request, by method, path, fixed query parameters, and required parameters and headers. */
export const matchRestOperation = (
  schemas: ServiceSchemas,
  request: HttpRequest,
  accepts: (operation: OperationSchema) => boolean = () => true,
): RestMatch | undefined => {
  const query = new URLSearchParams(request.query);
  const operations = [...schemas.operations.values()].filter(accepts);
  const matches = operations.flatMap((operation) => matchOperation(operation, request, query));
  return matches.sort((a, b) => b.specificity - a.specificity)[0];
};
