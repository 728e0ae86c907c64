import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Artifact, createArchiveArtifact } from '@aws-delivery/artifact/artifact';
import { ARCHIVE_LIMITS, readTree, type TreeEntry } from '@aws-delivery/artifact/tree';
import { classifyError } from '@aws-delivery/aws/error';
import { ArtifactStore, withRetry } from '@aws-delivery/aws/s3/artifact-store';
import type { OwnedBucket, PrivacyService, S3 } from '@aws-delivery/aws/s3/s3';
import type { CodeArtifacts, RepositoryAssociation } from '@aws-sdk/client-codeguru-reviewer';
import type { Checkout } from '../../checkout.js';
import type { CommitRange } from '../../gate/change-history.js';
import type { ReviewerRequest } from '../../inputs/parse-request.js';
import { createBuildArtifact } from './build-artifacts.js';
import { saveUpload } from './upload.js';

/** An association with the account and Region that its ARN names. */
export interface ReviewTarget {
  readonly association: RepositoryAssociation & { readonly AssociationArn: string };
  readonly account: string;
  readonly region: string;
}

/** Uploaded archives, as CreateCodeReview takes them. */
export interface UploadedCode {
  readonly bucket: string;
  readonly artifacts: CodeArtifacts;
  /** What paths of recommendations are relative to, below the top of the checkout: empty, or with a trailing slash. */
  readonly pathPrefix: string;
  readonly notices: readonly string[];
}

export interface UploadContext {
  readonly source: ReviewerRequest;
  readonly target: ReviewTarget;
  /** Undefined to review everything, without history. */
  readonly range: CommitRange | undefined;
  /** Unique per attempt of this step; part of the object keys. */
  readonly token: string;
  readonly tempDirectory: string;
}

export interface UploadServices {
  readonly host: Host;
  readonly s3: S3 & PrivacyService;
  readonly checkout: Checkout;
}

/** Source code to pack. Paths are relative to the root. */
interface SourceArtifactOptions {
  readonly checkout: Checkout;
  /** Empty for everything that git tracks. */
  readonly sourcePaths: readonly string[];
  /** Adds `.git`, which a review of changes needs. */
  readonly includeHistory: boolean;
  /** Private directory of the archive; it must exist until the artifact has been uploaded. */
  readonly tempDirectory: string;
}

const normalizePath = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\/|\/{1,64}$/gu, '');

const isUnder = (name: string, path: string): boolean =>
  path === '' || path === '.' || name === path || name.startsWith(`${path}/`);

/** All parent directories of the files, so that other directories are not read. */
const listParentDirectories = (files: Iterable<string>): ReadonlySet<string> => {
  const directories = new Set<string>();
  for (const file of files) {
    for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1)) directories.add(file.slice(0, end));
  }
  return directories;
};

const selectFiles = async ({ sourcePaths, checkout }: SourceArtifactOptions): Promise<ReadonlySet<string>> => {
  const { repository, prefix } = checkout;
  const paths = sourcePaths.map(normalizePath);
  const tracked = (await repository.listTracked('checkout')).flatMap(({ path }) =>
    path.startsWith(prefix) ? [path.slice(prefix.length)] : [],
  );
  const unmatchedPath = paths.find((path) => !tracked.some((name) => isUnder(name, path)));
  if (unmatchedPath !== undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'source-paths': '${unmatchedPath}' contains no files that git tracks: correct the path`,
    );
  }
  return new Set(paths.length === 0 ? tracked : tracked.filter((name) => paths.some((path) => isUnder(name, path))));
};

/** Reads a bare copy of the history, since `.git/config` of the checkout holds the job's token. */
const readHistoryEntries = async ({
  checkout,
  tempDirectory,
}: SourceArtifactOptions): Promise<readonly TreeEntry[]> => {
  const directory = join(tempDirectory, 'history');
  await checkout.repository.copyHistory(directory);
  return (await readTree(directory)).map((entry) => ({ ...entry, name: `.git/${entry.name}` }));
};

const checkArchiveLimits = (entries: readonly TreeEntry[], root: string): readonly TreeEntry[] => {
  if (entries.length <= ARCHIVE_LIMITS.files) return entries;
  const message = `'${root}' and its history contain more than ${ARCHIVE_LIMITS.files} files: select fewer files with 'source-paths'`;
  throw new DeliveryError('rejected', message);
};

/**
 * Packs the tracked files into one archive. With the history, whose paths begin at the top of the checkout, the files
 * have the same paths; otherwise paths begin at the root.
 * @throws DeliveryError `rejected` for a link that leads out of the root, or for too many files
 */
const createSourceArtifact = async (source: SourceArtifactOptions): Promise<Artifact> => {
  const { checkout, includeHistory, tempDirectory } = source;
  const { root, prefix } = checkout;
  const files = await selectFiles(source);
  const directories = listParentDirectories(files);
  const tree = await readTree(root, { skip: (name) => !files.has(name) && !directories.has(name) });
  const entries = includeHistory
    ? [...(await readHistoryEntries(source)), ...tree.map((entry) => ({ ...entry, name: `${prefix}${entry.name}` }))]
    : tree;
  return createArchiveArtifact(`source code of '${root}'`, checkArchiveLimits(entries, root), { tempDirectory });
};

const resolveBucket = ({ association, account, region }: ReviewTarget, { bucket }: ReviewerRequest): string => {
  const own = association.S3RepositoryDetails?.BucketName;
  if (own !== undefined && bucket !== undefined && own !== bucket) {
    const rule = `must be '${own}', the bucket of the association`;
    throw new DeliveryError('invalid-input', `input 'bucket-name': '${bucket}' ${rule}: correct or remove the input`);
  }
  return own ?? bucket ?? `codeguru-reviewer-cli-${account}-${region}`;
};

const resolveKmsKey = ({ association }: ReviewTarget, { kmsKeyId }: ReviewerRequest): string | undefined => {
  const { EncryptionOption: option, KMSKeyId: own } = association.KMSKeyDetails ?? {};
  return kmsKeyId ?? (option === 'CUSTOMER_MANAGED_CMK' ? own : undefined);
};

/** Rejects a bucket whose policy makes objects public: uploaded objects have no ACL, so only the policy can. */
const rejectPublicBucket = async (bucket: OwnedBucket, { host, s3 }: UploadServices): Promise<void> => {
  const isPublic = await withRetry(`GetBucketPolicyStatus of bucket ${bucket.bucket}`, host, () =>
    s3.isPublic(bucket),
  ).catch((cause) => {
    if (classifyError(cause) !== 'denied') throw cause;
    const requirement = `the role needs s3:GetBucketPolicyStatus, and account ${bucket.owner} must own the bucket`;
    throw new DeliveryError('denied', `cannot determine whether bucket ${bucket.bucket} is private (${requirement})`, {
      cause,
    });
  });
  if (!isPublic) return;
  const hint = 'block public access, or use another bucket';
  throw new DeliveryError('rejected', `the policy of bucket ${bucket.bucket} allows public access: ${hint}`);
};

/** Packs the source and build artifacts and uploads them under a prefix of this run; the post step deletes them. */
export const uploadCode = async (context: UploadContext, services: UploadServices): Promise<UploadedCode> => {
  const { source, target, range, token, tempDirectory } = context;
  const { host, s3, checkout } = services;
  const bucket = resolveBucket(target, source);
  const owned = { bucket, owner: target.account, region: target.region };
  await rejectPublicBucket(owned, services);
  const { sourcePaths, buildPaths } = source;
  const includeHistory = range !== undefined;
  const sourceArtifact = await createSourceArtifact({ checkout, sourcePaths, includeHistory, tempDirectory });
  const { artifact: buildArtifact, notice } = await createBuildArtifact({
    ...checkout,
    paths: buildPaths,
    tempDirectory,
  });
  const prefix = `aws-delivery/${token}`;
  const artifacts = buildArtifact === undefined ? [sourceArtifact] : [sourceArtifact, buildArtifact];
  saveUpload(host, { ...owned, directory: tempDirectory, keys: artifacts.map(({ name }) => `${prefix}/${name}`) });
  const store = new ArtifactStore(
    { ...owned, prefix, kmsKeyId: resolveKmsKey(target, source) },
    { s3, clock: host.clock, signal: host.signal },
  );
  const [storedSource, storedBuild] = [
    await store.put(sourceArtifact),
    buildArtifact === undefined ? undefined : await store.put(buildArtifact),
  ];
  host.log.info(`Uploaded ${[storedSource, storedBuild].flatMap((each) => each?.uri ?? []).join(' and ')}`);
  return {
    bucket,
    pathPrefix: includeHistory ? '' : checkout.prefix,
    notices: notice === undefined ? [] : [notice],
    artifacts: {
      SourceCodeArtifactsObjectKey: storedSource.key,
      ...(storedBuild === undefined ? {} : { BuildArtifactsObjectKey: storedBuild.key }),
    },
  };
};
