import { getDnsSuffix } from '../region.js';

/** Bucket and key of an S3 object. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** `s3://bucket/key`. */
export const formatS3Uri = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;

/**
 * The path-style https URL of an object in the bucket's Region and partition, as `aws cloudformation package` writes it:
 * valid for bucket names with dots, and supported by emulators.
 */
export const formatS3Url = ({ bucket, key }: ObjectLocation, region: string): string =>
  `https://s3.${region}.${getDnsSuffix(region)}/${bucket}/${encodeKey(key)}`;

/** An object parsed from a URL. */
export interface ObjectAddress extends ObjectLocation {
  readonly versionId: string | undefined;
  /** Undefined when the URL names no Region. */
  readonly region: string | undefined;
}

// s3.amazonaws.com, s3.eu-west-1.…, s3-eu-west-1.…, s3.dualstack.eu-west-1.…, s3-fips.us-gov-west-1.…, each optionally
// preceded by a bucket.
const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-](?<region>[a-z]{2,}(?:-[a-z]+)+-\d+))?\.amazonaws\.(?:com|com\.cn|eu)$/;

// The key is literal, as in the AWS CLI: no percent-encoding, and `?` and `#` belong to it.
const S3_URI = /^s3:\/\/(?<bucket>[^/]*)\/(?<key>.*?)(?:\?versionId=(?<versionId>[^?]*))?$/su;

/** Parses `s3://` and S3's `https://` URLs; undefined for anything else. */
export const parseObjectAddress = (address: string): ObjectAddress | undefined => {
  const uri = S3_URI.exec(address)?.groups;
  if (uri !== undefined) {
    const { bucket = '', key = '', versionId: encodedVersion } = uri;
    const versionId = encodedVersion === undefined ? undefined : decode(encodedVersion);
    return rejectIncomplete({ bucket, key, versionId, region: undefined });
  }
  const url = URL.parse(address);
  if (url === null) return undefined;
  const versionId = url.searchParams.get('versionId') ?? undefined;
  const path = decode(url.pathname.slice(1));
  if (path === undefined) return undefined;
  const match = url.protocol === 'https:' ? S3_HOST.exec(url.host) : null;
  if (match === null) return undefined;
  const { bucket, region } = match.groups ?? {};
  if (bucket !== undefined) return rejectIncomplete({ bucket, key: path, versionId, region });
  const slash = path.indexOf('/');
  return slash === -1
    ? undefined
    : rejectIncomplete({ bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId, region });
};

const decode = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};

const rejectIncomplete = (objectAddress: ObjectAddress): ObjectAddress | undefined =>
  objectAddress.bucket === '' || objectAddress.key === '' ? undefined : objectAddress;
