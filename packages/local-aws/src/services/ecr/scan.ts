import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { getPage } from '../../pagination.js';
import { readDocument } from '../../protocols/document.js';
import { DAY_MS } from '../../time/duration.js';
import type { Image, Registry, Repository, RepositoryCall } from './repository.js';
import type { EcrScenario } from './scenario.js';

type Scanning = EcrScenario['scanning'];
type Finding = Scanning['findings'][number];

const DEFAULT_PAGE_SIZE = 1000;

/** Whether an image is an index, which is never scanned (docs/aws-facts.md §5.4). */
export const isIndex = ({ mediaType }: Image): boolean => /image\.index|manifest\.list/.test(mediaType);

/** The scenario's findings for an image. */
export const filterFindings = ({ findings }: Scanning, { digest }: Image): readonly Finding[] =>
  findings.filter(({ image }) => image === undefined || image === digest);

const countSeverities = (findings: readonly Finding[]): Document =>
  Object.fromEntries(
    findings.map(({ severity }) => [severity, findings.filter((each) => each.severity === severity).length]),
  );

const describeFinding = ({ id, severity, package: name, version }: Finding): Document => ({
  name: id,
  severity,
  uri: `https://cve.example/${id}`,
  description: `A vulnerability in ${name}`,
  attributes: [
    { key: 'package_name', value: name },
    { key: 'package_version', value: version },
  ],
});

/** Basic scanning: a scan starts on push or with StartImageScan, at most once a day. */
export class Scanner {
  constructor(private readonly scanning: Scanning) {}

  getRegistryConfiguration({ account }: Registry): ServiceResponse {
    const { type: scanType } = this.scanning;
    const scanFrequency = scanType === 'ENHANCED' ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH';
    const rules = [{ scanFrequency, repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }];
    return output({ registryId: account, scanningConfiguration: { scanType, rules } });
  }

  start({ call, repository }: RepositoryCall): ServiceResponse {
    if (this.scanning.type === 'ENHANCED') {
      return createErrorResponse('ValidationException', 'This feature is disabled');
    }
    const image = findImage(call, repository);
    if (image === undefined) return imageNotFound(repository);
    if (isIndex(image)) return createErrorResponse('UnsupportedImageTypeException', 'The image type is not supported');
    const startedAt = this.getStartTime(repository, image);
    if (startedAt !== undefined && call.at < startedAt + DAY_MS) {
      const message = 'The scan quota per image has been exceeded. Wait and try again.';
      return createErrorResponse('LimitExceededException', message);
    }
    repository.scans.set(image.digest, call.at);
    return output({ imageScanStatus: { status: 'IN_PROGRESS' } });
  }

  describe({ call, repository }: RepositoryCall): ServiceResponse {
    const image = findImage(call, repository);
    if (image === undefined) return imageNotFound(repository);
    const startedAt = this.getStartTime(repository, image);
    const status = isIndex(image) ? 'UNSUPPORTED_IMAGE' : this.getStatus(startedAt, call.at);
    if (status === undefined) {
      return createErrorResponse(
        'ScanNotFoundException',
        `Image scan does not exist for the image with '${image.digest}'`,
      );
    }
    const imageScanStatus = { status, description: `The scan is ${status}.` };
    if (status !== 'COMPLETE') return output({ imageScanStatus });
    const found = filterFindings(this.scanning, image);
    const size = Number(call.input['maxResults'] ?? DEFAULT_PAGE_SIZE);
    const { items, nextToken } = getPage(found, call.input['nextToken'], size);
    return output({
      imageScanStatus,
      imageScanFindings: {
        findings: items.map(describeFinding),
        findingSeverityCounts: countSeverities(found),
        imageScanCompletedAt: new Date((startedAt ?? 0) + this.scanning.duration),
      },
      nextToken,
    });
  }

  private getStartTime(repository: Repository, image: Image): number | undefined {
    return repository.scans.get(image.digest) ?? (repository.settings.scanOnPush ? image.pushedAt : undefined);
  }

  private getStatus(startedAt: number | undefined, at: number): string | undefined {
    if (this.scanning.type === 'ENHANCED') return 'ACTIVE';
    if (startedAt === undefined) return undefined;
    return at < startedAt + this.scanning.duration ? 'IN_PROGRESS' : (this.scanning.ends ?? 'COMPLETE');
  }
}

const imageNotFound = ({ name, registryId }: Repository): ServiceResponse =>
  createErrorResponse(
    'ImageNotFoundException',
    `The image does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  );

const findImage = ({ input }: ApiCall, repository: Repository): Image | undefined => {
  const { imageDigest, imageTag } = readDocument(input['imageId']);
  return repository.findImage(String(imageDigest ?? imageTag));
};
