import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import type { Image, Registry, Repository } from './repository.js';
import type { EcrScenario } from './scenario.js';

type Scanning = EcrScenario['scanning'];

interface Asked {
  readonly call: Call;
  readonly repository: Repository;
}

/** An index itself is never scanned (aws-facts §5.4). */
const isIndex = ({ mediaType }: Image): boolean => /image\.index|manifest\.list/.test(mediaType);

const countOf = (findings: Scanning['findings']): Document =>
  Object.fromEntries(
    findings.map(({ severity }) => [severity, findings.filter((each) => each.severity === severity).length]),
  );

const basic = ({ id, severity, package: name, version }: Scanning['findings'][number]): Document => ({
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

  configuration({ input }: Call, registry: Registry): Reply {
    const names = Array.isArray(input['repositoryNames']) ? input['repositoryNames'].map(String) : [];
    const enhanced = this.scanning.type === 'ENHANCED';
    const scanningConfigurations = names.flatMap((name) => {
      const repository = registry.repositories.get(name);
      if (repository === undefined) return [];
      const { scanOnPush } = repository.settings;
      const scanFrequency = enhanced ? 'CONTINUOUS_SCAN' : scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL';
      return [{ repositoryArn: repository.arn, repositoryName: name, scanOnPush, scanFrequency }];
    });
    return output({ scanningConfigurations, failures: [] });
  }

  start({ call, repository }: Asked): Reply {
    if (this.scanning.type === 'ENHANCED') {
      return apiError('ValidationException', 'This feature is disabled');
    }
    const image = imageIn(call, repository);
    if (image === undefined) return apiError('ImageNotFoundException', 'The image does not exist');
    if (this.startedAt(repository, image) !== undefined) {
      const text = 'The scan quota per image has been exceeded. Wait and try again.';
      return apiError('LimitExceededException', text);
    }
    repository.scans.set(image.digest, call.at);
    return output({ imageScanStatus: { status: 'IN_PROGRESS' } });
  }

  describe({ call, repository }: Asked): Reply {
    const image = imageIn(call, repository);
    if (image === undefined) return apiError('ImageNotFoundException', 'The image does not exist');
    const startedAt = this.startedAt(repository, image);
    const status = isIndex(image) ? 'UNSUPPORTED_IMAGE' : this.statusAt(startedAt, call.at);
    if (status === undefined) {
      return apiError('ScanNotFoundException', `Image scan does not exist for the image with '${image.digest}'`);
    }
    const { findings } = this.scanning;
    const done = status === 'COMPLETE';
    return output({
      imageScanStatus: { status, description: `The scan is ${status}.` },
      ...(done && { imageScanFindings: { findings: findings.map(basic), findingSeverityCounts: countOf(findings) } }),
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

const imageIn = ({ input }: Call, repository: Repository): Image | undefined => {
  const id = input['imageId'];
  const given = typeof id === 'object' && id !== null ? { ...id } : {};
  const text = 'imageDigest' in given ? given.imageDigest : 'imageTag' in given ? given.imageTag : undefined;
  return repository.image(String(text));
};
