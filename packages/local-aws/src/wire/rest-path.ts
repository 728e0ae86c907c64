import type { WireRequest } from '../call.js';
import type { HttpTrait, Operation, ServiceSchemas, Shape } from './schema.js';

export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

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

const isGiven = (member: Shape, { headers }: WireRequest, query: URLSearchParams): boolean => {
  const { location } = member;
  if (location.kind === 'query') return query.has(location.name);
  if (location.kind === 'header') return headers[location.name] !== undefined;
  return true;
};

const fitQuery = ({ query: fixed }: HttpTrait, query: URLSearchParams): boolean =>
  Object.entries(fixed).every(([name, value]) => (value === '' ? query.has(name) : query.get(name) === value));

/** How much an operation asks of path, query and headers: of those that fit, the one that asks most is meant. */
const weight = (operation: Operation, http: HttpTrait): number => {
  const required = operation.input.members.filter(
    ({ memberName, location }) =>
      operation.input.required.includes(memberName) && (location.kind === 'query' || location.kind === 'header'),
  );
  const literals = http.path.split('/').filter((segment) => !segment.startsWith('{')).length;
  return Object.keys(http.query).length * 100 + required.length * 10 + literals;
};

const fit = (operation: Operation, request: WireRequest, path: string, query: URLSearchParams) => {
  const { http, input } = operation;
  if (http === undefined || http.method !== request.method || !fitQuery(http, query)) return [];
  const labels = fitPath(http.path, path);
  if (labels === undefined) return [];
  const required = input.members.filter(({ memberName }) => input.required.includes(memberName));
  const complete = required.every((member) => isGiven(member, request, query));
  return complete ? [{ operation, labels, weight: weight(operation, http) }] : [];
};

/** The operation a REST request means: method, path, fixed query parameters, and the required ones that tell twins apart. */
export const matchRest = (
  schemas: ServiceSchemas,
  request: WireRequest,
  path = request.path,
  accepts: (operation: Operation) => boolean = () => true,
): RestMatch | undefined => {
  const query = new URLSearchParams(request.query);
  const fits = [...schemas.operations.values()]
    .filter(accepts)
    .flatMap((operation) => fit(operation, request, path, query));
  return fits.sort((a, b) => b.weight - a.weight)[0];
};
