import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import type { Image, Registry, Repository } from './repository.js';
import type { EcrScenario } from './scenario.js';

type Scanning = EcrScenario['scanning'];
type Finding = Scanning['findings'][number];

interface Asked {
  readonly call: Call;
  readonly repository: Repository;
}

const DAY = 86_400_000;
const MOST_FINDINGS = 1000;

/** An index itself is never scanned (aws-facts §5.4). */
export const isIndex = ({ mediaType }: Image): boolean => /image\.index|manifest\.list/.test(mediaType);

/** What a scan finds in an image. */
export const findingsIn = ({ findings }: Scanning, { digest }: Image): readonly Finding[] =>
  findings.filter(({ image }) => image === undefined || image === digest);

const countOf = (findings: readonly Finding[]): Document =>
  Object.fromEntries(
    findings.map(({ severity }) => [severity, findings.filter((each) => each.severity === severity).length]),
  );

const basic = ({ id, severity, package: name, version }: Finding): Document => ({
  name: id,
  severity,
  uri: `https://cve.example/${id}`,
  description: `A fault in ${name}`,
  attributes: [
    { key: 'package_name', value: name },
    { key: 'package_version', value: version },
  ],
});

/** Basic scanning: a scan starts on push or by StartImageScan, once a day, and takes its time. */
export class Scanner {
  constructor(private readonly scanning: Scanning) {}

  registryConfiguration({ account }: Registry): Reply {
    const { type: scanType } = this.scanning;
    const scanFrequency = scanType === 'ENHANCED' ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH';
    const rules = [{ scanFrequency, repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }];
    return output({ registryId: account, scanningConfiguration: { scanType, rules } });
  }

  start({ call, repository }: Asked): Reply {
    if (this.scanning.type === 'ENHANCED') {
      return apiError('ValidationException', 'This feature is disabled');
    }
    const image = imageIn(call, repository);
    if (image === undefined) return missingImage(repository);
    if (isIndex(image)) return apiError('UnsupportedImageTypeException', 'The image is of a type that is not scanned');
    const startedAt = this.startedAt(repository, image);
    if (startedAt !== undefined && call.at < startedAt + DAY) {
      const text = 'The scan quota per image has been exceeded. Wait and try again.';
      return apiError('LimitExceededException', text);
    }
    repository.scans.set(image.digest, call.at);
    return output({ imageScanStatus: { status: 'IN_PROGRESS' } });
  }

  describe({ call, repository }: Asked): Reply {
    const image = imageIn(call, repository);
    if (image === undefined) return missingImage(repository);
    const startedAt = this.startedAt(repository, image);
    const status = isIndex(image) ? 'UNSUPPORTED_IMAGE' : this.statusAt(startedAt, call.at);
    if (status === undefined) {
      return apiError('ScanNotFoundException', `Image scan does not exist for the image with '${image.digest}'`);
    }
    const imageScanStatus = { status, description: `The scan is ${status}.` };
    if (status !== 'COMPLETE') return output({ imageScanStatus });
    const found = findingsIn(this.scanning, image);
    const start = Number(call.input['nextToken'] ?? 0);
    const end = start + Number(call.input['maxResults'] ?? MOST_FINDINGS);
    return output({
      imageScanStatus,
      imageScanFindings: {
        findings: found.slice(start, end).map(basic),
        findingSeverityCounts: countOf(found),
        imageScanCompletedAt: new Date((startedAt ?? 0) + this.scanning.duration),
      },
      nextToken: end < found.length ? String(end) : undefined,
    });
  }

  private startedAt(repository: Repository, image: Image): number | undefined {
    return repository.scans.get(image.digest) ?? (repository.settings.scanOnPush ? image.pushedAt : undefined);
  }

  private statusAt(startedAt: number | undefined, at: number): string | undefined {
    if (this.scanning.type === 'ENHANCED') return 'ACTIVE';
    if (startedAt === undefined) return undefined;
    return at < startedAt + this.scanning.duration ? 'IN_PROGRESS' : (this.scanning.ends ?? 'COMPLETE');
  }
}

const missingImage = ({ name, registryId }: Repository): Reply =>
  apiError(
    'ImageNotFoundException',
    `The image does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  );

const imageIn = ({ input }: Call, repository: Repository): Image | undefined => {
  const id = input['imageId'];
  const given = typeof id === 'object' && id !== null ? { ...id } : {};
  const text = 'imageDigest' in given ? given.imageDigest : 'imageTag' in given ? given.imageTag : undefined;
  return repository.image(String(text));
};
