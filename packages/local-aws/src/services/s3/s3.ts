import type { ApiCall } from '../../api-call.js';
import { dispatchByOperation, type OperationHandler, type Service, type ServiceContext } from '../../service.js';
import { type ServiceError, serviceError } from '../../service-error.js';
import { BUCKET_HANDLERS, type Bucket, type BucketHandler, toBucket } from './bucket.js';
import { OBJECT_HANDLERS } from './object.js';

/** A response to HEAD has no body, so clients see only the status. */
const bucketNotFound = ({ operation, input }: ApiCall): ServiceError =>
  operation.startsWith('Head')
    ? serviceError('NotFound', 'Not Found', 404)
    : serviceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: input['Bucket'] });

/** Whether the bucket belongs to another account than the caller's or `ExpectedBucketOwner`. */
const isForeign = ({ owner }: Bucket, caller: string, { input }: ApiCall): boolean =>
  owner !== caller || (input['ExpectedBucketOwner'] !== undefined && input['ExpectedBucketOwner'] !== owner);

/** The buckets of all accounts, including those created by stacks. */
class BucketStore {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly context: ServiceContext<unknown>) {}

  readonly createBucket: OperationHandler = (call) => {
    const name = String(call.input['Bucket']);
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      throw serviceError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    const owner = call.account;
    const existing = this.findBucket(name, call.at);
    if (existing !== undefined && existing.owner !== owner) {
      throw serviceError('BucketAlreadyExists', 'The requested bucket name is not available.', 409, {
        BucketName: name,
      });
    }
    // In us-east-1 alone, creating one's own bucket again succeeds (CreateBucket's documentation).
    if (existing !== undefined && call.region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw serviceError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    const { region, at } = call;
    const created = { name, owner, region, createdAt: at, objects: new Map(), settings: new Map() };
    this.buckets.set(name, existing ?? created);
    return { Location: `/${name}` };
  };

  readonly deleteBucket: BucketHandler = (_, { name, objects }) => {
    if (objects.size > 0)
      throw serviceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    this.buckets.delete(name);
    return {};
  };

  readonly listBuckets: OperationHandler = (call) => {
    const account = call.account;
    const own = [...this.buckets.values()].filter(({ owner }) => owner === account);
    return { Buckets: own.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })) };
  };

  /** Adds the check that the bucket exists and that the caller's account owns it. */
  withBucket(handler: BucketHandler): OperationHandler {
    return (call) => {
      const bucket = this.findBucket(String(call.input['Bucket']), call.at);
      if (bucket === undefined) throw bucketNotFound(call);
      if (isForeign(bucket, call.account, call)) {
        throw serviceError(call.operation.startsWith('Head') ? 'Forbidden' : 'AccessDenied', 'Access Denied', 403);
      }
      return handler(call, bucket);
    };
  }

  private findBucket(name: string, at: number): Bucket | undefined {
    const known = this.buckets.get(name);
    if (known !== undefined) return known;
    const provisioned = this.context.listProvisionedResources('AWS::S3::Bucket', at);
    const resource = provisioned.find(({ physicalId }) => physicalId === name);
    if (resource !== undefined) this.buckets.set(name, toBucket(resource));
    return this.buckets.get(name);
  }
}

/** S3 for templates and artifacts: general purpose buckets, whole objects, and only the newest version of each. */
export const createS3 = (context: ServiceContext<unknown>): Service => {
  const store = new BucketStore(context);
  const handlers = { ...BUCKET_HANDLERS, ...OBJECT_HANDLERS, DeleteBucket: store.deleteBucket };
  const bucketHandlers = Object.entries(handlers).map(([name, handler]) => [name, store.withBucket(handler)]);
  return {
    handle: dispatchByOperation({
      CreateBucket: store.createBucket,
      ListBuckets: store.listBuckets,
      ...Object.fromEntries(bucketHandlers),
    }),
  };
};
