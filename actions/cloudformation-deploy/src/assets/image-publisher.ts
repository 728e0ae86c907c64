import type { DockerImageAsset } from '@aws-cdk/cloud-assembly-schema';
import { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toDeliveryError } from '@aws-delivery/aws/error';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import { Authenticator, type BasicCredentials } from '@aws-delivery/oci/registry/authenticator';
import { BlobCache } from '@aws-delivery/oci/registry/blob-cache';
import { type EcrLogin, parseEcrAuthorization } from '@aws-delivery/oci/registry/ecr-authorization';
import { RegistryClient } from '@aws-delivery/oci/registry/registry-client';
import { createTransport } from '@aws-delivery/oci/registry/transport';
import { copyContent, UPLOAD_CONCURRENCY } from '@aws-delivery/oci/transfer/copy-content';
import { DescribeImagesCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { type Environment, formatEnvironment, replacePlaceholders } from '../assembly/environment.js';
import type { AssetSet } from '../assembly/read-assembly.js';
import type { RoleConnections } from '../assembly/role-connection.js';
import type { Services } from '../services.js';
import { getImageLabel, ImageOpener } from './image-source.js';

type ImageDestination = DockerImageAsset['destinations'][string];

/** Number of images that are built and pushed at once. */
const IMAGE_CONCURRENCY = 4;

/** Attempts of one request to a registry. ECR throttles bursts of pushes for a few seconds. */
const MAX_ATTEMPTS = 6;

interface ImageTarget {
  readonly repositoryName: string;
  readonly imageTag: string;
  readonly environment: Environment;
}

const readLogin = async (ecr: ECRClient): Promise<EcrLogin> => {
  const { authorizationData: [data] = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  return parseEcrAuthorization(data ?? {});
};

/** Publishes image assets to their repositories, each once, and only if the tag is missing. */
export class ImagePublisher {
  private readonly semaphore = new Semaphore(IMAGE_CONCURRENCY);
  private readonly published = new Map<string, Promise<void>>();
  private readonly sources = new Map<DockerImageAsset['source'], Promise<ImageSource>>();
  private readonly opener: ImageOpener;

  constructor(
    root: string,
    private readonly connections: RoleConnections,
    private readonly services: Services,
  ) {
    this.opener = new ImageOpener(root, services.host);
  }

  /** @throws DeliveryError with the asset's name */
  async publish(asset: DockerImageAsset, assetSet: AssetSet, stackEnvironment: Environment): Promise<void> {
    const pushes = Object.values(asset.destinations).map((destination) => {
      const region = replacePlaceholders(destination.region ?? stackEnvironment.region, stackEnvironment);
      const environment = { ...stackEnvironment, region };
      const repositoryName = replacePlaceholders(destination.repositoryName, environment);
      const imageTag = replacePlaceholders(destination.imageTag, environment);
      const id = [environment.account, region, repositoryName, imageTag].join(' ');
      const target = { repositoryName, imageTag, environment };
      const push =
        this.published.get(id) ??
        this.semaphore.run(() => this.publishMissing(asset, assetSet, { destination, target }));
      this.published.set(id, push);
      return push;
    });
    await Promise.all(pushes);
  }

  /** Removes temporary files and images. */
  async close(): Promise<void> {
    for (const source of this.sources.values()) await source.then((each) => each.close()).catch(() => {});
    await this.opener.close();
  }

  private async publishMissing(
    asset: DockerImageAsset,
    { directory }: AssetSet,
    { destination, target }: { readonly destination: ImageDestination; readonly target: ImageTarget },
  ): Promise<void> {
    const { log } = this.services.host;
    const name = `${target.repositoryName}:${target.imageTag}`;
    const label = `image asset '${getImageLabel(asset)}'`;
    try {
      const { configuration } = await this.connections.connect(destination, target.environment);
      const ecr = new ECRClient(configuration);
      if (await this.hasImage(ecr, target)) {
        log.info(`Skipped push of ${label}: present in ${name}`);
        return;
      }
      await this.push(await this.openSource(asset, directory), target, ecr);
      log.info(`Pushed ${label} to ${name}`);
    } catch (error) {
      const { code } = toDeliveryError(error);
      throw new DeliveryError(code, `cannot publish ${label} to ${name}: ${errorMessage(error)}`, { cause: error });
    }
  }

  private async hasImage(ecr: ECRClient, { repositoryName, imageTag, environment }: ImageTarget): Promise<boolean> {
    try {
      await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }));
      return true;
    } catch (error) {
      if (hasErrorCode(error, 'ImageNotFoundException')) return false;
      if (!hasErrorCode(error, 'RepositoryNotFoundException')) throw toDeliveryError(error, 'DescribeImages');
      const hint = `run cdk bootstrap ${formatEnvironment(environment)}`;
      throw new DeliveryError('not-found', `the repository does not exist: ${hint}`, { cause: error });
    }
  }

  /** An image is built once for all of its destinations. */
  private openSource(asset: DockerImageAsset, directory: string): Promise<ImageSource> {
    const source = this.sources.get(asset.source) ?? this.opener.open(asset, directory);
    this.sources.set(asset.source, source);
    return source;
  }

  private async push(source: ImageSource, { repositoryName, imageTag }: ImageTarget, ecr: ECRClient): Promise<void> {
    const { host, network, random } = this.services;
    const { clock, signal, log } = host;
    const retry = { clock, signal, random, log, maxAttempts: MAX_ATTEMPTS };
    const transport = createTransport(network, signal);
    const login = await readLogin(ecr);
    const { origin } = login;
    const getCredentials = async (forceRenewal: boolean): Promise<BasicCredentials> => {
      const { credentials } = forceRenewal ? await readLogin(ecr) : login;
      host.mask(credentials.password);
      return credentials;
    };
    const isTrusted = (url: URL): boolean => url.origin === origin.origin;
    const authenticator = new Authenticator({ getCredentials, transport, scheme: 'basic', isTrusted });
    const client = new RegistryClient({ origin, transport, authenticator, retry, access: 'pull,push' });
    const target = { client, blobCache: new BlobCache(client), repository: repositoryName };
    const observer = { onBlobDone: () => {}, onBytes: () => {} };
    const manifest = await source.getRootManifest();
    await copyContent(manifest, { source, target, blobConcurrency: UPLOAD_CONCURRENCY, observer });
    await client.putManifest(repositoryName, imageTag, manifest);
  }
}
