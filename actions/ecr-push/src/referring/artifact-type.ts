import { isMapping } from '@aws-delivery/action-kit/parse';

type Document = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string';

/** The context of SPDX 3 is an address, alone or in a list. */
const hasContext = ({ '@context': context }: Document, beginning: string): boolean =>
  [context].flat().some((each) => isText(each) && each.startsWith(beginning));

/** What kinds of documents say of themselves, and the media types under which tools look for them. */
const KINDS: readonly (readonly [type: string, is: (document: Document) => boolean])[] = [
  ['application/spdx+json', (each) => isText(each['spdxVersion']) || hasContext(each, 'https://spdx.org/rdf/3')],
  ['application/vnd.cyclonedx+json', ({ bomFormat }) => bomFormat === 'CycloneDX'],
  [
    'application/vnd.dsse.envelope.v1+json',
    ({ payloadType, payload, signatures }) => isText(payloadType) && isText(payload) && Array.isArray(signatures),
  ],
  [
    'application/vnd.in-toto+json',
    ({ _type: type }) => isText(type) && type.startsWith('https://in-toto.io/Statement/'),
  ],
  ['application/sarif+json', ({ version, runs }) => version === '2.1.0' && Array.isArray(runs)],
];

/** Sigstore's bundles carry their type, version included. */
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v[\d.]+)?\+json(?:;version=[\d.]+)?$/u;

/** The media type that a file's content tells of itself; undefined where it tells none. */
export const artifactTypeOf = (bytes: Buffer): string | undefined => {
  const document = jsonIn(bytes);
  if (!isMapping(document)) return undefined;
  const { mediaType } = document;
  if (isText(mediaType) && BUNDLE.test(mediaType)) return mediaType.split(';')[0];
  return KINDS.find(([, is]) => is(document))?.[0];
};

const jsonIn = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/u, ''));
  } catch {
    return undefined;
  }
};
