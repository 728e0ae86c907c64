import type { WireRequest } from '../call.js';
import type { Operation, ServiceSchemas } from './schema.js';

type Labels = Readonly<Record<string, string>>;

export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Labels;
}

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** Labels of a path that fits `/a/{Id}/{Rest+}`; undefined where it does not fit. */
const fitPath = (pattern: string, path: string): Labels | undefined => {
  const names: string[] = [];
  const source = pattern.replace(/\{([^}+]+)(\+?)\}|[.*+?^$()|[\]\\]/g, (text, name: string | undefined, greedy) => {
    if (name === undefined) return `\\${text}`;
    names.push(name);
    return greedy === '+' ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${source}$`).exec(path);
  if (found === null) return undefined;
  const values = found.slice(1).map(decode);
  if (values.includes(undefined)) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
};

/** `weight` is how much the operation asks of path, query and headers: of those that fit, the heaviest is meant. */
const fit = (operation: Operation, { method, path, headers }: WireRequest, query: URLSearchParams) => {
  const { http, input } = operation;
  const labels = http?.method === method ? fitPath(http.path, path) : undefined;
  if (http === undefined || labels === undefined) return [];
  const fixed = Object.entries(http.query);
  const queries = input.required.map(({ location }) => location).filter(({ kind }) => kind === 'query');
  const needed = input.required.map(({ location }) => location).filter(({ kind }) => kind === 'header');
  const complete =
    fixed.every(([name, value]) => (value === '' ? query.has(name) : query.get(name) === value)) &&
    queries.every(({ name }) => query.has(name)) &&
    needed.every(({ name }) => headers[name] !== undefined);
  const literals = http.path.split('/').filter((segment) => !segment.startsWith('{')).length;
  const weight = fixed.length * 100 + (queries.length + needed.length) * 10 + literals;
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
