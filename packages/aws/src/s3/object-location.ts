import { getDnsSuffix } from '../region.js';

/** One object in S3. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** `s3://bucket/key`. */
export const formatS3Uri = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;

/**
 * The https address of an object in its bucket's Region and that Region's partition, with the bucket in the path as
 * `aws cloudformation package` writes it: right for names with dots, and what emulators understand too.
 */
export const formatS3Url = ({ bucket, key }: ObjectLocation, region: string): string =>
  `https://s3.${region}.${getDnsSuffix(region)}/${bucket}/${encodeKey(key)}`;

/** An object as an address names it. */
export interface ObjectAddress extends ObjectLocation {
  readonly versionId: string | undefined;
  /** As far as the address says it. */
  readonly region: string | undefined;
}

// s3.amazonaws.com, s3.eu-west-1.…, s3-eu-west-1.…, s3.dualstack.eu-west-1.…, s3-fips.us-gov-west-1.…, with or
// without a bucket before it.
const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-](?<region>[a-z]{2,}(?:-[a-z]+)+-\d+))?\.amazonaws\.(?:com|com\.cn|eu)$/;

/** What the address of an object names; undefined for what is no address of an object in S3. */
export const parseObjectAddress = (address: string): ObjectAddress | undefined => {
  const url = URL.parse(address);
  if (url === null) return undefined;
  const versionId = url.searchParams.get('versionId') ?? undefined;
  const path = decode(url.pathname.slice(1));
  if (path === undefined) return undefined;
  if (url.protocol === 's3:') return rejectIncomplete({ bucket: url.host, key: path, versionId, region: undefined });
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
