import type { DockerImageAsset } from '@aws-cdk/cloud-assembly-schema';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toDeliveryError } from '@aws-delivery/aws/error';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { type Environment, replacePlaceholders } from './environment.js';
import type { RoleConnections } from './role-connection.js';

type ImageDestination = DockerImageAsset['destinations'][string];

const getLabel = ({ displayName, source }: DockerImageAsset): string =>
  displayName ?? source.directory ?? source.executable?.[0] ?? 'without a name';

/** Checks that the image assets of a stack have been pushed. */
export class ImageChecker {
  constructor(private readonly connections: RoleConnections) {}

  /** @throws DeliveryError `not-found` for an image that is not in its repository */
  async check(asset: DockerImageAsset, environment: Environment): Promise<void> {
    await Promise.all(
      Object.values(asset.destinations).map((destination) => this.checkDestination(asset, destination, environment)),
    );
  }

  private async checkDestination(
    asset: DockerImageAsset,
    destination: ImageDestination,
    stackEnvironment: Environment,
  ): Promise<void> {
    const region = replacePlaceholders(destination.region ?? stackEnvironment.region, stackEnvironment);
    const environment = { ...stackEnvironment, region };
    const repositoryName = replacePlaceholders(destination.repositoryName, environment);
    const imageTag = replacePlaceholders(destination.imageTag, environment);
    const { configuration } = await this.connections.connect(destination, environment);
    try {
      await new ECRClient(configuration).send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }));
    } catch (error) {
      if (!hasErrorCode(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) {
        throw toDeliveryError(error, 'DescribeImages');
      }
      const problem = `image asset '${getLabel(asset)}' is not in ${repositoryName}:${imageTag}`;
      const hint = 'build and push it in an earlier step, with ecr-push or cdk-assets publish';
      throw new DeliveryError('not-found', `${problem}: ${hint}`, { cause: error });
    }
  }
}
