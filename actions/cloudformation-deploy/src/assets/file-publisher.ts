import { tmpdir } from 'node:os';
import type { FileAsset } from '@aws-cdk/cloud-assembly-schema';
import { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Artifact, createDirectoryArtifact, createFileArtifact } from '@aws-delivery/artifact/artifact';
import { tryParseArn } from '@aws-delivery/aws/arn';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { formatAwsError, toDeliveryError } from '@aws-delivery/aws/error';
import { withRetry } from '@aws-delivery/aws/s3/artifact-store';
import { formatS3Uri } from '@aws-delivery/aws/s3/object-location';
import type { OwnedObject, S3 } from '@aws-delivery/aws/s3/s3';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import { type Environment, replacePlaceholders } from '../assembly/environment.js';
import { type AssetSet, resolveInside } from '../assembly/read-assembly.js';
import type { RoleConnections } from '../assembly/role-connection.js';
import type { Services } from '../services.js';

type FileDestination = FileAsset['destinations'][string];

/** Number of assets that are read and uploaded at once. */
const UPLOAD_CONCURRENCY = 8;

/** An archive without entries, which a failed synthesis leaves behind. */
const EMPTY_ARCHIVE_BYTES = 22;

const getLabel = ({ displayName, source: { path } }: FileAsset): string => displayName ?? path ?? 'without a name';

/** Whether the object has the asset's content. Its key is a hash of the content; archives differ by their packager. */
const isPublished = (size: number | undefined, asset: FileAsset, expectedSize: number | undefined): boolean => {
  if (size === undefined) return false;
  return asset.source.packaging === 'zip' ? size > EMPTY_ARCHIVE_BYTES : size === expectedSize;
};

/** Publishes file assets to their buckets, each once, and only if they are missing. */
export class FilePublisher {
  private readonly semaphore = new Semaphore(UPLOAD_CONCURRENCY);
  private readonly published = new Map<string, Promise<void>>();

  constructor(
    private readonly root: string,
    private readonly connections: RoleConnections,
    private readonly host: Services['host'],
  ) {}

  /** @throws DeliveryError with the asset's name */
  async publish(asset: FileAsset, assetSet: AssetSet, environment: Environment): Promise<void> {
    const uploads = Object.values(asset.destinations).map((destination) => {
      const region = replacePlaceholders(destination.region ?? environment.region, environment);
      return this.publishOnce(asset, assetSet, { destination, environment: { ...environment, region } });
    });
    await Promise.all(uploads);
  }

  private publishOnce(
    asset: FileAsset,
    assetSet: AssetSet,
    target: { readonly destination: FileDestination; readonly environment: Environment },
  ): Promise<void> {
    const { destination, environment } = target;
    const bucket = replacePlaceholders(destination.bucketName, environment);
    const key = replacePlaceholders(destination.objectKey, environment);
    const roleArn = replacePlaceholders(destination.assumeRoleArn ?? '', environment);
    const owner = tryParseArn(roleArn)?.account ?? environment.account;
    const object = { bucket, key, owner };
    const id = `${environment.region} ${formatS3Uri(object)}`;
    const upload =
      this.published.get(id) ??
      this.semaphore.run(async () => {
        const connected = await this.connections.connect(destination, environment);
        await this.upload(asset, assetSet, object, connected);
      });
    this.published.set(id, upload);
    return upload;
  }

  private async upload(
    asset: FileAsset,
    { directory }: AssetSet,
    object: OwnedObject,
    connected: Services,
  ): Promise<void> {
    const { clock, signal, log, env } = this.host;
    const forcePathStyle = findEndpoint('S3', env) !== undefined;
    const s3: S3 = createS3({ ...connected.configuration, forcePathStyle }, signal);
    const label = `asset '${getLabel(asset)}'`;
    const path = await resolveInside(this.root, directory, this.getPath(asset));
    const isArchive = asset.source.packaging === 'zip';
    try {
      const artifact = isArchive ? undefined : await createFileArtifact(path);
      const size = await withRetry(`${label} in ${object.bucket}`, { clock, signal }, () => s3.findObjectSize(object));
      const expectedSize = await artifact?.withBody(async (body) => body.size);
      if (isPublished(size, asset, expectedSize)) {
        log.info(`Skipped upload of ${label}: present in ${formatS3Uri(object)}`);
        return;
      }
      const content: Artifact = artifact ?? (await this.createArchive(path));
      await content.withBody((body) =>
        withRetry(`the upload of ${label}`, { clock, signal }, () => s3.putObject(object, body, undefined)),
      );
      log.info(`Uploaded ${label} to ${formatS3Uri(object)}`);
    } catch (error) {
      const { code } = toDeliveryError(error);
      throw new DeliveryError(code, `cannot publish ${label} to ${formatS3Uri(object)}: ${formatAwsError(error)}`, {
        cause: error,
      });
    }
  }

  private createArchive(path: string): Promise<Artifact> {
    const tempDirectory = this.host.env['RUNNER_TEMP'] || tmpdir();
    return createDirectoryArtifact(path, { tempDirectory, followInside: this.root, followAll: true });
  }

  private getPath(asset: FileAsset): string {
    const { path, executable } = asset.source;
    if (path !== undefined && executable === undefined) return path;
    const problem = `asset '${getLabel(asset)}' is made by a program (${executable?.[0] ?? 'none'}), which is not run`;
    throw new DeliveryError('rejected', `${problem}: use an asset with a path, or deploy with the CDK`);
  }
}
