import type { Asked, OperationEntry, ServiceEntry } from './entry.js';

const bucketArn = ({ input, partition }: Asked): string => `arn:${partition}:s3:::${String(input['Bucket'])}`;
const objectArn = (asked: Asked): string => `${bucketArn(asked)}/${String(asked.input['Key'] ?? '*')}`;

const entry = (write: boolean, action: string, resource: (asked: Asked) => string): OperationEntry => ({
  write,
  demands: (asked) => [{ action: `s3:${action}`, resource: resource(asked) }],
});

const copyObject: OperationEntry = {
  write: true,
  demands: (asked) => {
    const source = decodeURIComponent(String(asked.input['CopySource'])).replace(/^\//, '').replace(/\?.*$/, '');
    return [
      { action: 's3:GetObject', resource: `arn:${asked.partition}:s3:::${source}` },
      { action: 's3:PutObject', resource: objectArn(asked) },
    ];
  },
};

/** Many S3 operations have an IAM action of another name (service authorization reference, "Amazon S3"). */
export const s3: ServiceEntry = {
  name: 's3',
  protocol: 'rest-xml',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  load: () => import('@aws-sdk/client-s3'),
  operations: {
    AbortMultipartUpload: entry(true, 'AbortMultipartUpload', objectArn),
    CompleteMultipartUpload: entry(true, 'PutObject', objectArn),
    CopyObject: copyObject,
    CreateBucket: entry(true, 'CreateBucket', bucketArn),
    CreateMultipartUpload: entry(true, 'PutObject', objectArn),
    DeleteBucket: entry(true, 'DeleteBucket', bucketArn),
    DeleteObject: entry(true, 'DeleteObject', objectArn),
    DeleteObjects: entry(true, 'DeleteObject', objectArn),
    GetBucketEncryption: entry(false, 'GetEncryptionConfiguration', bucketArn),
    GetBucketLocation: entry(false, 'GetBucketLocation', bucketArn),
    GetBucketTagging: entry(false, 'GetBucketTagging', bucketArn),
    GetBucketVersioning: entry(false, 'GetBucketVersioning', bucketArn),
    GetObject: entry(false, 'GetObject', objectArn),
    GetPublicAccessBlock: entry(false, 'GetBucketPublicAccessBlock', bucketArn),
    HeadBucket: entry(false, 'ListBucket', bucketArn),
    HeadObject: entry(false, 'GetObject', objectArn),
    ListBuckets: entry(false, 'ListAllMyBuckets', () => '*'),
    ListObjects: entry(false, 'ListBucket', bucketArn),
    ListObjectsV2: entry(false, 'ListBucket', bucketArn),
    PutBucketEncryption: entry(true, 'PutEncryptionConfiguration', bucketArn),
    PutBucketLifecycleConfiguration: entry(true, 'PutLifecycleConfiguration', bucketArn),
    PutBucketOwnershipControls: entry(true, 'PutBucketOwnershipControls', bucketArn),
    PutBucketPolicy: entry(true, 'PutBucketPolicy', bucketArn),
    PutBucketTagging: entry(true, 'PutBucketTagging', bucketArn),
    PutBucketVersioning: entry(true, 'PutBucketVersioning', bucketArn),
    PutObject: entry(true, 'PutObject', objectArn),
    PutPublicAccessBlock: entry(true, 'PutBucketPublicAccessBlock', bucketArn),
    UploadPart: entry(true, 'PutObject', objectArn),
  },
};
