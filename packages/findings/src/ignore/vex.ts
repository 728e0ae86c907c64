import type { Finding } from '../finding.js';
import { decode, type VexProduct, type VexStatement } from './vex-document.js';

/** Vulnerability identifiers at the start of a rule's id: Grype appends the package (`CVE-2021-23337-lodash`). */
const VULNERABILITY_ID = /^(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3})(?=-|$)/iu;

const listIds = ({ id, rule }: Finding): readonly string[] =>
  [rule.id, rule.name, id ?? '']
    .flatMap((name) => [name, VULNERABILITY_ID.exec(name)?.[0] ?? ''])
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());

/** Name, namespace and version of a package URL or of `name@version`. */
interface PackageId {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

const parsePackageId = ({ id }: VexProduct): PackageId => {
  const isPackageUrl = id.startsWith('pkg:');
  const [path = ''] = (isPackageUrl ? id.slice(4) : id).split(/[?#]/u, 1);
  const at = path.lastIndexOf('@');
  const [names, version] = at > 0 ? [path.slice(0, at), path.slice(at + 1)] : [path, ''];
  const segments = names.split('/').filter((segment) => segment !== '');
  const type = isPackageUrl ? (segments.shift() ?? '') : '';
  const name = segments.pop() ?? '';
  return { type, namespace: decode(segments.join('/')), name: decode(name), version: decode(version) };
};

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[\w-]/u.test(character);

/**
 * Whether a text has the word, not as a part of a longer name or version.
 * @param joiners characters before the word that make it a part of a longer name
 */
const hasWord = (text: string, word: string, joiners: string): boolean => {
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const end = start + word.length;
    const previous = text[start - 1];
    const isStart = previous === undefined || !(isWordCharacter(previous) || joiners.includes(previous));
    const isEnd = !isWordCharacter(text[end]) && !(text[end] === '.' && isWordCharacter(text[end + 1]));
    if (isStart && isEnd) return true;
  }
  return false;
};

/** Types whose namespace is a distribution, which scanners do not name with the package. */
const DISTRIBUTION_TYPES: readonly string[] = ['deb', 'rpm', 'apk', 'alpm'];

/** Scanners name the package and its version in the message: SARIF has no field for them. */
const namesPackage = (text: string, product: VexProduct): boolean => {
  const { type, namespace, name, version } = parsePackageId(product);
  const words = [version, DISTRIBUTION_TYPES.includes(type) ? '' : namespace].filter((word) => word !== '');
  // A name without a namespace does not match that name in a namespace: `@types/lodash`, `org.example:lodash`.
  const nameJoiners = namespace === '' ? './:' : '.';
  return (
    name !== '' &&
    hasWord(text, name.toLowerCase(), nameJoiners) &&
    words.every((word) => hasWord(text, word.toLowerCase(), '.'))
  );
};

/** Types of package URLs that name a product as it is delivered, not a package of a registry. */
const PRODUCT_TYPES: readonly string[] = ['', 'oci', 'docker', 'generic', 'github', 'gitlab', 'bitbucket'];

export interface VexContext {
  readonly statements: readonly VexStatement[];
  /** Names of the product under review, such as the name of the repository. */
  readonly productNames: readonly string[];
}

/** Whether a statement is about this product, or about a package that the finding names. */
const appliesTo = ({ products, packages }: VexStatement, text: string, productNames: readonly string[]): boolean => {
  const isOwnProduct = (product: VexProduct): boolean => {
    const { type, name } = parsePackageId(product);
    if (productNames.some((productName) => productName.toLowerCase() === name.toLowerCase())) return true;
    return !PRODUCT_TYPES.includes(type) && namesPackage(text, product);
  };
  if (products.length > 0 && !products.some(isOwnProduct)) return false;
  return packages.length === 0 || packages.some((product) => namesPackage(text, product));
};

const findReason = (
  finding: Finding,
  candidates: readonly VexStatement[],
  productNames: readonly string[],
): string | undefined => {
  const { rule, message, location, artifact = '' } = finding;
  const text = [rule.name, message, location?.file ?? '', artifact].join('\n').toLowerCase();
  const applicable = candidates.filter((statement) => appliesTo(statement, text, productNames));
  const latestTime = applicable.reduce((latest, { time }) => Math.max(latest, time), 0);
  const latest = applicable.filter(({ time }) => time === latestTime);
  const [first] = latest;
  if (first === undefined || latest.some(({ reason }) => reason === undefined)) return undefined;
  return `${first.reason} (${first.name})`;
};

/**
 * Creates a function that returns why VEX documents accept a finding. The latest statement applies; of several at the
 * same time, one that does not accept it. Undefined if no statement is about the finding, or the latest does not accept
 * it.
 */
export const createVexMatcher = ({
  statements,
  productNames,
}: VexContext): ((finding: Finding) => string | undefined) => {
  const statementsById = new Map<string, VexStatement[]>();
  for (const statement of statements) {
    for (const id of new Set(statement.ids.map((each) => each.toLowerCase()))) {
      const known = statementsById.get(id) ?? [];
      known.push(statement);
      statementsById.set(id, known);
    }
  }
  return (finding) => {
    if (statementsById.size === 0) return undefined;
    const candidates = new Set(listIds(finding).flatMap((id) => statementsById.get(id) ?? []));
    return candidates.size === 0 ? undefined : findReason(finding, [...candidates], productNames);
  };
};
