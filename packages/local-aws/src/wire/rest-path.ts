import type { WireRequest } from '../call.js';
import type { Operation, ServiceSchemas } from './schema.js';

type Labels = Readonly<Record<string, string>>;

export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Labels;
}

/** `weight` is how much the operation asks of path, query and headers: of those that fit, the heaviest is meant. */
const fit = (operation: Operation, { method, path, headers }: WireRequest, query: URLSearchParams) => {
  const { http, input } = operation;
  const labels = http?.method === method ? http.path.labelsOf(path) : undefined;
  if (http === undefined || labels === undefined) return [];
  const fixed = Object.entries(http.query);
  const queries = input.required.map(({ location }) => location).filter(({ kind }) => kind === 'query');
  const needed = input.required.map(({ location }) => location).filter(({ kind }) => kind === 'header');
  const complete =
    fixed.every(([name, value]) => (value === '' ? query.has(name) : query.get(name) === value)) &&
    queries.every(({ name }) => query.has(name)) &&
    needed.every(({ name }) => headers[name] !== undefined);
  const weight = fixed.length * 100 + (queries.length + needed.length) * 10 + http.path.literals;
  return complete ? [{ operation, labels, weight }] : [];
};

/** The operation a REST request means: method, path, fixed query parameters, and the required ones that tell twins apart. */
export const matchRest = (
  schemas: ServiceSchemas,
  request: WireRequest,
  accepts: (operation: Operation) => boolean = () => true,
): RestMatch | undefined => {
  const query = new URLSearchParams(request.query);
  const operations = [...schemas.operations.values()].filter(accepts);
  const fits = operations.flatMap((operation) => fit(operation, request, query));
  return fits.sort((a, b) => b.weight - a.weight)[0];
};
