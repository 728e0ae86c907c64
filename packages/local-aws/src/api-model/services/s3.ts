import type { RequiredPermission } from '../../api-call.js';
import type { PermissionContext, ServiceModel } from '../operation-model.js';

/** The ARN of the object or bucket in the input, or `*`. The keys of DeleteObjects are in its body. */
const buildObjectArn = ({ input, partition }: PermissionContext, operation: string): string => {
  const { Bucket: bucket, Key: key = operation === 'DeleteObjects' ? '*' : undefined } = input;
  if (bucket === undefined) return '*';
  return `arn:${partition}:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;
};

/** A copy also requires read access to its source. */
const listCopySourcePermissions = ({ input, partition }: PermissionContext): readonly RequiredPermission[] => {
  if (typeof input['CopySource'] !== 'string') return [];
  const source = decodeURIComponent(input['CopySource']).replace(/^\//, '').replace(/\?.*$/, '');
  return [{ action: 's3:GetObject', resource: `arn:${partition}:s3:::${source}` }];
};

/** Many S3 operations have an IAM action with another name (Service Authorization Reference, "Amazon S3"). */
export const s3: ServiceModel = {
  name: 's3',
  protocol: 'rest-xml',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  loadClient: () => import('@aws-sdk/client-s3'),
  getResourceArns: buildObjectArn,
  getAdditionalPermissions: listCopySourcePermissions,
  actions: {
    CompleteMultipartUpload: 'PutObject',
    CopyObject: 'PutObject',
    CreateMultipartUpload: 'PutObject',
    DeleteObjects: 'DeleteObject',
    GetBucketEncryption: 'GetEncryptionConfiguration',
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    HeadBucket: 'ListBucket',
    HeadObject: 'GetObject',
    ListBuckets: 'ListAllMyBuckets',
    ListObjects: 'ListBucket',
    ListObjectsV2: 'ListBucket',
    PutBucketEncryption: 'PutEncryptionConfiguration',
    PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    UploadPart: 'PutObject',
  },
};
