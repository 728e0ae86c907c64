import type { Store, StoredArtifact } from '@aws-delivery/aws/s3/artifact-store';
import { formatS3Uri } from '@aws-delivery/aws/s3/object-location';
import { isMapping, type Value } from '@aws-delivery/template/value';

/** Stands for the Region in `s3-bucket`. */
const REGION_PLACEHOLDER = '{region}';

/** The pseudo parameter that stands for the Region in templates. */
const REGION_REFERENCE = '${AWS::Region}';

/** Whether the input names one bucket for each Region. */
export const isRegional = (bucket: string | undefined): boolean => bucket?.includes(REGION_PLACEHOLDER) ?? false;

export const getRegionalBucket = (bucket: string, region: string): string =>
  bucket.replaceAll(REGION_PLACEHOLDER, region);

/** Stores each artifact in the buckets of several Regions, under one key. Its location is an expression of the Region. */
export class RegionalStore implements Store {
  constructor(
    private readonly bucket: string,
    private readonly stores: readonly Store[],
  ) {}

  /** @throws DeliveryError from the first Region that cannot store the artifact */
  async put(artifact: Parameters<Store['put']>[0]): Promise<StoredArtifact> {
    const stored: StoredArtifact[] = [];
    for (const store of this.stores) stored.push(await store.put(artifact));
    const key = stored[0]?.key ?? '';
    const bucket = getRegionalBucket(this.bucket, REGION_REFERENCE);
    return {
      bucket,
      key,
      uri: formatS3Uri({ bucket, key }),
      url: `https://${bucket}.s3.${REGION_REFERENCE}.\${AWS::URLSuffix}/${key}`,
      by: stored.some(({ by }) => by === 'upload') ? 'upload' : 'earlier-upload',
    };
  }
}

/** The location of a stored artifact in a template, with an expression where it depends on the Region. */
export const formatRegionalValue = (value: Value): Value => {
  if (typeof value === 'string') return value.includes(REGION_REFERENCE) ? { 'Fn::Sub': value } : value;
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, item === undefined ? item : formatRegionalValue(item)]),
  );
};
