import { isRecord } from '@aws-delivery/action-kit/util/is-record';

type JsonDocument = Readonly<Record<string, unknown>>;

const isString = (value: unknown): value is string => typeof value === 'string';

/** SPDX 3 has its context as a URL or in a list. */
const hasContext = ({ '@context': context }: JsonDocument, prefix: string): boolean =>
  [context].flat().some((each) => isString(each) && each.startsWith(prefix));

/** Media types that tools search for, with a test for documents of that type. */
const DOCUMENT_TYPES: readonly (readonly [type: string, is: (document: JsonDocument) => boolean])[] = [
  ['application/spdx+json', (each) => isString(each['spdxVersion']) || hasContext(each, 'https://spdx.org/rdf/3')],
  ['application/vnd.cyclonedx+json', ({ bomFormat }) => bomFormat === 'CycloneDX'],
  [
    'application/vnd.dsse.envelope.v1+json',
    ({ payloadType, payload, signatures }) => isString(payloadType) && isString(payload) && Array.isArray(signatures),
  ],
  [
    'application/vnd.in-toto+json',
    ({ _type: type }) => isString(type) && type.startsWith('https://in-toto.io/Statement/'),
  ],
  ['application/sarif+json', ({ version, runs }) => version === '2.1.0' && Array.isArray(runs)],
];

/** Media type in a Sigstore bundle, in the old and the new notation of its version. */
const SIGSTORE_BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v[\d.]+)?\+json(?:;version=[\d.]+)?$/u;

/** Detects the media type from a file's content; undefined for other formats. */
export const detectArtifactType = (bytes: Buffer): string | undefined => {
  const document = parseJson(bytes);
  if (!isRecord(document)) return undefined;
  const { mediaType } = document;
  if (isString(mediaType) && SIGSTORE_BUNDLE.test(mediaType)) return mediaType.split(';')[0];
  return DOCUMENT_TYPES.find(([, is]) => is(document))?.[0];
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/u, ''));
  } catch {
    return undefined;
  }
};
