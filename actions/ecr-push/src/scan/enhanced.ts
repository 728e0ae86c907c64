import { arnIn } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { type Outcome, poll } from '@aws-delivery/action-kit/poll';
import { severityOf } from '@aws-delivery/findings/severity';
import type { CoveredResource, Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import { type Answer, DELETED, packagesText, type Scanner, silent, type Target, type Vulnerability } from './answer.js';
import { PACE } from './basic.js';
import type { InspectedImage, Inspector } from './inspector.js';

const NAME = 'Amazon Inspector';

/**
 * Inspector goes on by itself after these (API_ScanStatus); its status has no end, an image is looked at again with
 * every new vulnerability that becomes known.
 */
const UNDER_WAY = ['PENDING_INITIAL_SCAN', 'PENDING_REVIVAL_SCAN', 'SCAN_IN_PROGRESS', 'INTERNAL_ERROR'];

/** What else a reason calls for (API_ScanStatus). */
const REMEDIES: Readonly<Record<string, string>> = {
  UNSUPPORTED_OS: 'Inspector does not support its operating system: except it by on-unavailable',
  UNSUPPORTED_MEDIA_TYPE: 'Inspector does not support its type: except it by on-unavailable',
  IMAGE_SIZE_EXCEEDED: 'Inspector scans no image of this size',
  SCAN_ELIGIBILITY_EXPIRED: 'the re-scan duration is over and its findings are old: push it anew, or set a longer one',
  SCAN_FREQUENCY_MANUAL: 'the registry’s scanning rules leave its repository out: add a rule for it',
  ACCESS_DENIED: 'a policy keeps Inspector out of the repository',
  ACCESS_DENIED_TO_ENCRYPTION_KEY: 'the key’s policy keeps Inspector out: allow it to decrypt',
  IMAGE_ARCHIVED: 'restore it first',
  RESOURCE_TERMINATED: DELETED,
};

const NOT_COVERED = 'Inspector does not cover it: is enhanced scanning on for its repository?';

/** A scan on push looks once: then its reason is the frequency, and only the time says that it has looked. */
const isAnswer = ({ scanStatus, lastScannedAt }: CoveredResource): boolean =>
  (scanStatus?.statusCode === 'ACTIVE' && scanStatus.reason === 'SUCCESSFUL') ||
  (scanStatus?.reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH' && lastScannedAt !== undefined);

const isUnderWay = ({ scanStatus }: CoveredResource): boolean =>
  UNDER_WAY.includes(scanStatus?.reason ?? '') || scanStatus?.reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH';

const FIXABLE: Readonly<Record<string, Vulnerability['fixable']>> = { YES: 'yes', PARTIAL: 'yes', NO: 'no' };

const vulnerabilityOf = (found: InspectorFinding, artifact: string): Vulnerability => {
  const { packageVulnerabilityDetails: details, title, remediation } = found;
  const id = details?.vulnerabilityId ?? title ?? found.type ?? 'unnamed';
  const packages = (details?.vulnerablePackages ?? []).map(({ name = '', version = '', fixedInVersion }) => ({
    name,
    version,
    // Inspector writes NotAvailable where there is no version to name.
    fixedIn: fixedInVersion === 'NotAvailable' ? undefined : fixedInVersion || undefined,
  }));
  return {
    packages,
    fixable: FIXABLE[found.fixAvailable ?? ''] ?? 'unknown',
    finding: {
      source: NAME,
      id: found.findingArn,
      rule: {
        id,
        name: id,
        description: found.description ?? '',
        help: details?.sourceUrl ?? remediation?.recommendation?.Url,
        tags: ['security'],
      },
      severity: severityOf(found.severity ?? '') ?? 'none',
      category: 'VulnerablePackages',
      message: packages.length === 0 ? (title ?? id) : `${id} in ${packagesText(packages)}`,
      location: undefined,
      artifact,
      fingerprints: {},
      suppression: undefined,
    },
  };
};

/** Continuous scans, which Amazon Inspector makes. */
export class EnhancedScanner implements Scanner {
  readonly name = NAME;

  constructor(
    private readonly inspector: (region: string) => Inspector,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {}

  async look(target: Target, deadline: number): Promise<Answer> {
    const inspector = this.inspector(target.registry.login.region);
    const image = await imageOf(target);
    let last = NOT_COVERED;
    const read = async (): Promise<Outcome<Answer>> => {
      const covered = await inspector.coverage(image);
      if (covered === undefined) return (await isThere(target)) ? { state: 'pending' } : ended(silent(DELETED));
      const reason = covered.scanStatus?.reason ?? 'without a status';
      last = `Inspector’s coverage of it is ${reason}`;
      if (isAnswer(covered)) return ended(await this.#answer(inspector, image, target));
      if (isUnderWay(covered)) return { state: 'pending' };
      return ended(silent(`${last}: ${REMEDIES[reason] ?? 'see its coverage in Inspector’s console'}`));
    };
    const what = `Inspector to scan ${target.repository}@${target.digest}`;
    try {
      return await poll({ what, clock: this.host.clock, signal: this.signal, deadline, pace: PACE, read });
    } catch (error) {
      const isLate = error instanceof DeliveryError && error.code === 'timeout' && !this.signal.aborted;
      throw isLate ? new DeliveryError('timeout', `${error.message}; ${last}`, { cause: error }) : error;
    }
  }

  async #answer(inspector: Inspector, image: InspectedImage, { registry, repository }: Target): Promise<Answer> {
    const artifact = `${registry.login.host}/${repository}`;
    const vulnerabilities = (await inspector.findings(image)).map((found) => vulnerabilityOf(found, artifact));
    return { kind: 'answered', vulnerabilities, remark: undefined };
  }
}

const ended = (value: Answer): Outcome<Answer> => ({ state: 'done', value });

const isThere = async ({ registry, repository, digest }: Target): Promise<boolean> =>
  (await registry.client.find(repository, digest)).kind === 'found';

/** A repository's own ARN knows account and partition, wherever the registry is reached. */
const imageOf = async ({ registry, repository, digest }: Target): Promise<InspectedImage> => {
  const found = await registry.ecr?.describe({ repositoryName: repository, registryId: registry.login.account });
  const arn = arnIn(found?.repositoryArn ?? '');
  if (arn !== undefined) return { arn: `${found?.repositoryArn}/${digest}`, account: arn.account, repository, digest };
  throw new DeliveryError('not-found', `ECR does not tell the ARN of repository ${repository}`);
};
