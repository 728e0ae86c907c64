import { type ApiCall, createErrorResponse, type Handler, output, type ServiceResponse } from '../../api-call.js';
import { getPrincipalAccount } from '../../iam/principal.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { BUCKET_HANDLERS, type Bucket, type BucketHandler, toBucket } from './bucket.js';
import { OBJECT_HANDLERS } from './object.js';

/** A response to HEAD has no body, so clients see only the status. */
const bucketNotFound = ({ operation, input }: ApiCall): ServiceResponse =>
  operation.startsWith('Head')
    ? createErrorResponse('NotFound', 'Not Found', 404)
    : createErrorResponse('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: input['Bucket'] });

/** Whether the bucket belongs to another account than the caller's or `ExpectedBucketOwner`. */
const isForeign = ({ owner }: Bucket, caller: string, { input }: ApiCall): boolean =>
  owner !== caller || (input['ExpectedBucketOwner'] !== undefined && input['ExpectedBucketOwner'] !== owner);

/** The buckets of all accounts, including those created by stacks. */
class BucketStore {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly context: ServiceContext<unknown>) {}

  readonly createBucket: Handler = async (call) => {
    const name = String(call.input['Bucket']);
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      return createErrorResponse('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    const owner = this.getCallerAccount(call);
    const existing = this.findBucket(name, call.at);
    if (existing !== undefined && existing.owner !== owner) {
      return createErrorResponse('BucketAlreadyExists', 'The requested bucket name is not available.', 409, {
        BucketName: name,
      });
    }
    // In us-east-1 alone, creating one's own bucket again succeeds (CreateBucket's documentation).
    if (existing !== undefined && call.region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      return createErrorResponse('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    const { region, at } = call;
    const created = { name, owner, region, createdAt: at, objects: new Map(), settings: new Map() };
    this.buckets.set(name, existing ?? created);
    return output({ Location: `/${name}` });
  };

  readonly deleteBucket: BucketHandler = (_, { name, objects }) => {
    if (objects.size > 0)
      return createErrorResponse('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    this.buckets.delete(name);
    return output({});
  };

  readonly listBuckets: Handler = async (call) => {
    const account = this.getCallerAccount(call);
    const own = [...this.buckets.values()].filter(({ owner }) => owner === account);
    return output({ Buckets: own.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })) });
  };

  /** Adds the check that the bucket exists and that the caller's account owns it. */
  withBucket(handler: BucketHandler): Handler {
    return async (call) => {
      const bucket = this.findBucket(String(call.input['Bucket']), call.at);
      if (bucket === undefined) return bucketNotFound(call);
      if (isForeign(bucket, this.getCallerAccount(call), call)) {
        return createErrorResponse(
          call.operation.startsWith('Head') ? 'Forbidden' : 'AccessDenied',
          'Access Denied',
          403,
        );
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

  private getCallerAccount({ principal }: ApiCall): string {
    return getPrincipalAccount(principal, this.context.account);
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
