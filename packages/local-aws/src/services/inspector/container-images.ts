import type { ApiCall, Document } from '../../api-call.js';
import type { ServiceContext } from '../../service.js';
import type { Image, Registries, Repository } from '../ecr/repository.js';
import { filterFindings, isIndex } from '../ecr/scan.js';
import type { EcrScenario } from '../ecr/scenario.js';
import type { FindingSource, ListedItem } from './finding-source.js';

type Finding = EcrScenario['scanning']['findings'][number];

interface PushedImage {
  readonly repository: Repository;
  readonly image: Image;
}

const TYPE = 'AWS_ECR_CONTAINER_IMAGE';

const getResourceId = ({ repository, image }: PushedImage): string => `${repository.arn}/${image.digest}`;

/** Enhanced scanning of ECR images: each pushed image is scanned once and then stays covered. */
export class ContainerImages implements FindingSource {
  constructor(
    private readonly context: ServiceContext<EcrScenario>,
    private readonly registries: Registries,
  ) {}

  listCoverage(call: ApiCall): readonly ListedItem[] {
    return this.listImages(call).map((pushed) => {
      const reason = this.getStatusReason(pushed.image, call.at);
      const scanEnd = this.getScanEnd(pushed.image);
      const isActive = ['PENDING_INITIAL_SCAN', 'SCAN_IN_PROGRESS', 'SUCCESSFUL'].includes(reason);
      const resource = { resourceType: TYPE, resourceId: getResourceId(pushed) };
      return {
        criteria: { ...resource, ecrRepositoryName: pushed.repository.name },
        document: {
          ...resource,
          accountId: pushed.repository.registryId,
          scanType: 'PACKAGE',
          scanStatus: { statusCode: isActive ? 'ACTIVE' : 'INACTIVE', reason },
          lastScannedAt: call.at >= scanEnd ? new Date(scanEnd) : undefined,
        },
      };
    });
  }

  listFindings(call: ApiCall): readonly ListedItem[] {
    return this.listImages(call)
      .filter(({ image }) => call.at >= this.getScanEnd(image))
      .flatMap((pushed) =>
        filterFindings(this.context.scenario.scanning, pushed.image).map((finding, index) => ({
          criteria: {
            ecrImageHash: pushed.image.digest,
            ecrImageRepositoryName: pushed.repository.name,
            ecrImageRegistry: pushed.repository.registryId,
            findingStatus: 'ACTIVE',
            resourceType: TYPE,
          },
          document: this.describe(finding, pushed, index),
        })),
      );
  }

  private listImages({ account, region }: ApiCall): readonly PushedImage[] {
    if (this.context.scenario.scanning.type !== 'ENHANCED') return [];
    const { repositories } = this.registries.getRegistry(account, region);
    return [...repositories.values()].flatMap((repository) =>
      [...repository.images.values()].filter((image) => !isIndex(image)).map((image) => ({ repository, image })),
    );
  }

  private getScanEnd({ pushedAt }: Image): number {
    return pushedAt + this.context.scenario.scanning.duration;
  }

  private getStatusReason(image: Image, at: number): string {
    const { duration, ends = 'SUCCESSFUL' } = this.context.scenario.scanning;
    if (at >= this.getScanEnd(image)) return ends;
    return at < image.pushedAt + duration / 2 ? 'PENDING_INITIAL_SCAN' : 'SCAN_IN_PROGRESS';
  }

  private describe(finding: Finding, pushed: PushedImage, index: number): Document {
    const { account, partition } = this.context;
    const { id, severity, package: name, version, fixedIn } = finding;
    const { digest } = pushed.image;
    const observedAt = new Date(this.getScanEnd(pushed.image));
    return {
      findingArn: `arn:${partition}:inspector2:eu-west-1:${account}:finding/${digest.slice(7, 39)}-${index}`,
      awsAccountId: account,
      type: 'PACKAGE_VULNERABILITY',
      title: `${id} - ${name}`,
      description: `A vulnerability in ${name}`,
      severity: severity === 'UNDEFINED' ? 'UNTRIAGED' : severity,
      status: 'ACTIVE',
      fixAvailable: fixedIn === undefined ? 'NO' : 'YES',
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [{ type: TYPE, id: getResourceId(pushed) }],
      firstObservedAt: observedAt,
      lastObservedAt: observedAt,
      packageVulnerabilityDetails: {
        vulnerabilityId: id,
        source: 'NVD',
        sourceUrl: `https://cve.example/${id}`,
        vulnerablePackages: [{ name, version, fixedInVersion: fixedIn }],
      },
    };
  }
}
