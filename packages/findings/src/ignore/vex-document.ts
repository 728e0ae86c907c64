import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { createInputError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getField, getStringField } from '@aws-delivery/action-kit/util/error-code';

/** A product or package that a statement is about. */
export interface VexProduct {
  /** Package URL, IRI, or name and version. */
  readonly id: string;
}

/** What a VEX document states about a vulnerability. */
export interface VexStatement {
  /** Identifiers of the vulnerability and its aliases. */
  readonly ids: readonly string[];
  /** Products of the publisher; empty for every product. */
  readonly products: readonly VexProduct[];
  /** Packages in the products that have the vulnerability; empty if the statement names none. */
  readonly packages: readonly VexProduct[];
  /** Why the vulnerability is accepted; undefined for states that count, such as `affected`. */
  readonly reason: string | undefined;
  /** Milliseconds since the epoch; a later statement replaces earlier ones. */
  readonly time: number;
  /** Position for messages: `statement 3 of vex.json`. */
  readonly name: string;
}

const listItems = (value: unknown, field: string): readonly unknown[] => {
  const items = getField(value, field);
  return Array.isArray(items) ? items : [];
};

const getTime = (...candidates: readonly unknown[]): number =>
  candidates.map((each) => (typeof each === 'string' ? Date.parse(each) : Number.NaN)).find(Number.isFinite) ?? 0;

const OPENVEX_STATES = ['not_affected', 'affected', 'fixed', 'under_investigation'];
const CYCLONEDX_STATES = [
  'resolved',
  'resolved_with_pedigree',
  'exploitable',
  'in_triage',
  'false_positive',
  'not_affected',
];
const ACCEPTED_STATES = ['not_affected', 'fixed', 'resolved', 'resolved_with_pedigree', 'false_positive'];

/** @throws DeliveryError `invalid-input` for a state that the format does not have */
const checkState = (value: unknown, states: readonly string[], name: string): string => {
  const state = typeof value === 'string' ? value : '';
  if (states.includes(state)) return state;
  throw createInputError(`the state of ${name} must be one of ${states.join(', ')}, got ${JSON.stringify(value)}`);
};

const formatReason = (state: string, details: readonly (string | undefined)[]): string | undefined => {
  if (!ACCEPTED_STATES.includes(state)) return undefined;
  const reasons = details.filter((detail) => detail !== undefined);
  return [state, ...reasons].join(': ');
};

const getProductId = (product: unknown): string | undefined =>
  typeof product === 'string'
    ? product
    : (getStringField(product, '@id') ?? getStringField(getField(product, 'identifiers'), 'purl'));

const toProducts = (values: readonly unknown[]): readonly VexProduct[] =>
  values.flatMap((value) => {
    const id = getProductId(value);
    return id === undefined ? [] : [{ id }];
  });

const listOpenVexIds = (vulnerability: unknown): readonly string[] => {
  if (typeof vulnerability === 'string') return [vulnerability];
  const aliases = listItems(vulnerability, 'aliases').filter((each) => typeof each === 'string');
  const names = [getStringField(vulnerability, 'name'), getStringField(vulnerability, '@id')?.split('/').at(-1)];
  return [...names.filter((each) => each !== undefined), ...aliases];
};

const parseOpenVexStatement = (value: unknown, document: unknown, name: string): VexStatement => {
  const state = checkState(getField(value, 'status'), OPENVEX_STATES, name);
  const details = ['justification', 'impact_statement'].map((field) => getStringField(value, field));
  if (state === 'not_affected' && details.every((detail) => detail === undefined)) {
    throw createInputError(`${name} is 'not_affected' without a reason: add 'justification' or 'impact_statement'`);
  }
  const products = listItems(value, 'products');
  return {
    ids: listOpenVexIds(getField(value, 'vulnerability')),
    products: toProducts(products),
    packages: toProducts(products.flatMap((product) => listItems(product, 'subcomponents'))),
    reason: formatReason(state, details),
    time: getTime(
      getField(value, 'last_updated'),
      getField(value, 'timestamp'),
      getField(document, 'last_updated'),
      getField(document, 'timestamp'),
    ),
    name,
  };
};

/** The components of a CycloneDX document by `bom-ref`, with nested ones. */
const indexComponents = (document: unknown): ReadonlyMap<string, string> => {
  const byRef = new Map<string, string>();
  const pending = [...listItems(document, 'components')];
  for (const component of pending) {
    const [name, version] = [getStringField(component, 'name') ?? '', getStringField(component, 'version')];
    const id = getStringField(component, 'purl') ?? (version === undefined ? name : `${name}@${version}`);
    const ref = getStringField(component, 'bom-ref');
    if (ref !== undefined) byRef.set(ref, id);
    pending.push(...listItems(component, 'components'));
  }
  return byRef;
};

/** Decodes a part of a URL; one that is not encoded correctly is unchanged. */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The reference of an affected component: a `bom-ref`, or a BOM-Link (`urn:cdx:<serial>/<version>#<bom-ref>`). */
const readReference = (value: unknown): string => {
  const ref = getStringField(value, 'ref') ?? '';
  return ref.startsWith('urn:cdx:') && ref.includes('#') ? decode(ref.slice(ref.indexOf('#') + 1)) : ref;
};

const parseCycloneDxStatement = (
  value: unknown,
  document: unknown,
  { components, name }: { readonly components: ReadonlyMap<string, string>; readonly name: string },
): VexStatement | undefined => {
  const analysis = getField(value, 'analysis');
  // A vulnerability without an analysis is a scanner's finding, not a statement.
  if (analysis === undefined) return undefined;
  const state = checkState(getField(analysis, 'state'), CYCLONEDX_STATES, name);
  const product = getField(getField(document, 'metadata'), 'component');
  const productRef = getStringField(product, 'bom-ref');
  const refs = listItems(value, 'affects').map(readReference);
  const aliases = listItems(value, 'references').map((reference) => getStringField(reference, 'id'));
  return {
    ids: [getStringField(value, 'id'), ...aliases].filter((each) => each !== undefined),
    products: toProducts([getStringField(product, 'purl') ?? getStringField(product, 'name')]),
    packages: refs.filter((ref) => ref !== productRef).map((ref) => ({ id: components.get(ref) ?? ref })),
    reason: formatReason(
      state,
      ['justification', 'detail'].map((field) => getStringField(analysis, field)),
    ),
    time: getTime(
      getField(analysis, 'lastUpdated'),
      getField(analysis, 'firstIssued'),
      getField(getField(document, 'metadata'), 'timestamp'),
    ),
    name,
  };
};

const parseJson = (content: string, file: string): unknown => {
  try {
    return parseDocument(content);
  } catch (error) {
    throw createInputError(`cannot parse VEX document ${file}: ${errorMessage(error)}`, error);
  }
};

/**
 * Parses an OpenVEX document, or a CycloneDX document with analyses of vulnerabilities.
 * @throws DeliveryError `invalid-input` for another format, an unknown state, or a missing reason
 */
export const parseVexDocument = (content: string, file: string): readonly VexStatement[] => {
  const document = parseJson(content, file);
  const context = getField(document, '@context');
  if (typeof context === 'string' && context.startsWith('https://openvex.dev/ns')) {
    return listItems(document, 'statements').map((value, index) =>
      parseOpenVexStatement(value, document, `statement ${index + 1} of ${file}`),
    );
  }
  if (getField(document, 'bomFormat') === 'CycloneDX') {
    const components = indexComponents(document);
    return listItems(document, 'vulnerabilities').flatMap((value, index) => {
      const name = `vulnerability ${index + 1} of ${file}`;
      return parseCycloneDxStatement(value, document, { components, name }) ?? [];
    });
  }
  throw createInputError(`${file} is not a VEX document: use OpenVEX or CycloneDX as JSON`);
};
