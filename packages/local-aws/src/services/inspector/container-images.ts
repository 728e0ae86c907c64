import type { Call, Document } from '../../call.js';
import { accountOf } from '../../principal.js';
import type { ServiceContext } from '../../service.js';
import type { Image, Registries, Repository } from '../ecr/repository.js';
import { findingsIn, isIndex } from '../ecr/scan.js';
import type { EcrScenario } from '../ecr/scenario.js';
import type { Listed, Part } from './part.js';

type Finding = EcrScenario['scanning']['findings'][number];

interface Held {
  readonly repository: Repository;
  readonly image: Image;
}

const TYPE = 'AWS_ECR_CONTAINER_IMAGE';

const resourceOf = ({ repository, image }: Held): string => `${repository.arn}/${image.digest}`;

/** Enhanced scanning: images that are pushed while it is on are covered, scanned, and go on to be watched. */
export class ContainerImages implements Part {
  constructor(
    private readonly context: ServiceContext<EcrScenario>,
    private readonly registries: Registries,
  ) {}

  coverage(call: Call): readonly Listed[] {
    return this.#images(call).map((held) => {
      const reason = this.#reasonAt(held.image, call.at);
      const isActive = ['PENDING_INITIAL_SCAN', 'SCAN_IN_PROGRESS', 'SUCCESSFUL'].includes(reason);
      const resource = { resourceType: TYPE, resourceId: resourceOf(held) };
      return {
        criteria: { ...resource, ecrRepositoryName: held.repository.name },
        document: {
          ...resource,
          accountId: held.repository.registryId,
          scanType: 'PACKAGE',
          scanStatus: { statusCode: isActive ? 'ACTIVE' : 'INACTIVE', reason },
          lastScannedAt: this.#isOver(held.image, call.at) ? new Date(this.#end(held.image)) : undefined,
        },
      };
    });
  }

  findings(call: Call): readonly Listed[] {
    return this.#images(call)
      .filter(({ image }) => this.#isOver(image, call.at))
      .flatMap((held) =>
        findingsIn(this.context.scenario.scanning, held.image).map((finding, index) => ({
          criteria: {
            ecrImageHash: held.image.digest,
            ecrImageRepositoryName: held.repository.name,
            ecrImageRegistry: held.repository.registryId,
            findingStatus: 'ACTIVE',
            resourceType: TYPE,
          },
          document: this.#describe(finding, held, index),
        })),
      );
  }

  #images({ principal, region }: Call): readonly Held[] {
    if (this.context.scenario.scanning.type !== 'ENHANCED') return [];
    const { repositories } = this.registries.of(accountOf(principal, this.context.account), region);
    return [...repositories.values()].flatMap((repository) =>
      [...repository.images.values()].filter((image) => !isIndex(image)).map((image) => ({ repository, image })),
    );
  }

  #end({ pushedAt }: Image): number {
    return pushedAt + this.context.scenario.scanning.duration;
  }

  #isOver(image: Image, at: number): boolean {
    return at >= this.#end(image);
  }

  #reasonAt(image: Image, at: number): string {
    const { duration, ends = 'SUCCESSFUL' } = this.context.scenario.scanning;
    if (this.#isOver(image, at)) return ends;
    return at < image.pushedAt + duration / 2 ? 'PENDING_INITIAL_SCAN' : 'SCAN_IN_PROGRESS';
  }

  #describe(finding: Finding, held: Held, index: number): Document {
    const { account, partition } = this.context;
    const { id, severity, package: name, version, fixedIn } = finding;
    const { digest } = held.image;
    const seen = new Date(this.#end(held.image));
    return {
      findingArn: `arn:${partition}:inspector2:eu-west-1:${account}:finding/${digest.slice(7, 39)}-${index}`,
      awsAccountId: account,
      type: 'PACKAGE_VULNERABILITY',
      title: `${id} - ${name}`,
      description: `A fault in ${name}`,
      severity: severity === 'UNDEFINED' ? 'UNTRIAGED' : severity,
      status: 'ACTIVE',
      fixAvailable: fixedIn === undefined ? 'NO' : 'YES',
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [{ type: TYPE, id: resourceOf(held) }],
      firstObservedAt: seen,
      lastObservedAt: seen,
      packageVulnerabilityDetails: {
        vulnerabilityId: id,
        source: 'NVD',
        sourceUrl: `https://cve.example/${id}`,
        vulnerablePackages: [{ name, version, fixedInVersion: fixedIn }],
      },
    };
  }
}
