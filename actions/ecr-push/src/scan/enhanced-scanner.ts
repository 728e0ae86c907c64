import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { tryParseArn } from '@aws-delivery/aws/arn';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { CoveredResource, Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import type { InspectedImage, InspectorApi } from './inspector-api.js';
import {
  createDone,
  createUnavailableResult,
  DELETED_REASON,
  formatPackages,
  POLL_INTERVALS,
  type Scanner,
  type ScannerResult,
  type ScanTarget,
  type Vulnerability,
} from './scanner.js';

const NAME = 'Amazon Inspector';

/**
 * Reasons after which Inspector continues by itself (API_ScanStatus). Its scans do not complete: an image is scanned
 * again for every newly published vulnerability.
 */
const PENDING_REASONS = ['PENDING_INITIAL_SCAN', 'PENDING_REVIVAL_SCAN', 'SCAN_IN_PROGRESS', 'INTERNAL_ERROR'];

/** Hints for the other reasons (API_ScanStatus). */
const HINTS: Readonly<Record<string, string>> = {
  UNSUPPORTED_OS: "Inspector does not support the operating system of this image: set 'on-unavailable'",
  UNSUPPORTED_MEDIA_TYPE: "Inspector does not support the type of this image: set 'on-unavailable'",
  IMAGE_SIZE_EXCEEDED: 'the image is too large for Inspector: reduce its size',
  SCAN_ELIGIBILITY_EXPIRED:
    'the re-scan duration has passed and the findings are outdated: push the image again, or increase the duration',
  SCAN_FREQUENCY_MANUAL: 'the scanning rules of the registry do not include the repository: add a rule for it',
  ACCESS_DENIED: 'a policy denies Inspector access to the repository: allow it',
  ACCESS_DENIED_TO_ENCRYPTION_KEY: 'the key policy denies Inspector access: allow kms:Decrypt',
  IMAGE_ARCHIVED: 'the image is archived: restore it first',
  RESOURCE_TERMINATED: DELETED_REASON,
};

const NOT_COVERED_REASON = 'Inspector does not cover the image: enable enhanced scanning for its repository';

/** After a scan on push the reason remains SCAN_FREQUENCY_SCAN_ON_PUSH, so `lastScannedAt` shows that it has run. */
const isScanned = ({ scanStatus, lastScannedAt }: CoveredResource): boolean =>
  (scanStatus?.statusCode === 'ACTIVE' && scanStatus.reason === 'SUCCESSFUL') ||
  (scanStatus?.reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH' && lastScannedAt !== undefined);

const isPending = ({ scanStatus }: CoveredResource): boolean =>
  PENDING_REASONS.includes(scanStatus?.reason ?? '') || scanStatus?.reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH';

const FIX_AVAILABILITY: Readonly<Record<string, Vulnerability['fixable']>> = { YES: 'yes', PARTIAL: 'yes', NO: 'no' };

const toVulnerability = (found: InspectorFinding, artifact: string): Vulnerability => {
  const { packageVulnerabilityDetails: details, title, remediation } = found;
  const id = details?.vulnerabilityId ?? title ?? found.type ?? 'unnamed';
  const packages = (details?.vulnerablePackages ?? []).map(({ name = '', version = '', fixedInVersion }) => ({
    name,
    version,
    // Inspector writes NotAvailable for an unknown version.
    fixedIn: fixedInVersion === 'NotAvailable' ? undefined : fixedInVersion || undefined,
  }));
  return {
    packages,
    fixable: FIX_AVAILABILITY[found.fixAvailable ?? ''] ?? 'unknown',
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
      severity: parseSeverity(found.severity ?? '') ?? 'none',
      category: 'VulnerablePackages',
      message: packages.length === 0 ? (title ?? id) : `${id} in ${formatPackages(packages)}`,
      location: undefined,
      artifact,
      fingerprints: {},
      suppression: undefined,
    },
  };
};

/** Enhanced scanning by Amazon Inspector. */
export class EnhancedScanner implements Scanner {
  readonly name = NAME;

  constructor(
    private readonly inspector: (region: string) => InspectorApi,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {}

  async waitForScan(target: ScanTarget, deadline: number): Promise<ScannerResult> {
    const inspector = this.inspector(target.registry.login.region);
    const image = await resolveImage(target);
    let lastStatus = NOT_COVERED_REASON;
    const pollOnce = async (): Promise<PollResult<ScannerResult>> => {
      const coverage = await inspector.findCoverage(image);
      if (coverage === undefined)
        return (await hasImage(target)) ? { state: 'pending' } : createDone(createUnavailableResult(DELETED_REASON));
      const reason = coverage.scanStatus?.reason ?? 'unknown';
      lastStatus = `Inspector coverage status ${reason}`;
      if (isScanned(coverage)) return createDone(await this.readFindings(inspector, image, target));
      if (isPending(coverage)) return { state: 'pending' };
      return createDone(
        createUnavailableResult(`${lastStatus}: ${HINTS[reason] ?? 'see the coverage in the Inspector console'}`),
      );
    };
    const label = `Inspector to scan ${target.repository}@${target.digest}`;
    try {
      return await poll({
        label,
        clock: this.host.clock,
        signal: this.signal,
        deadline,
        backoff: POLL_INTERVALS,
        read: pollOnce,
      });
    } catch (error) {
      const isTimeout = error instanceof DeliveryError && error.code === 'timeout' && !this.signal.aborted;
      throw isTimeout ? new DeliveryError('timeout', `${error.message}; ${lastStatus}`, { cause: error }) : error;
    }
  }

  private async readFindings(
    inspector: InspectorApi,
    image: InspectedImage,
    { registry, repository }: ScanTarget,
  ): Promise<ScannerResult> {
    const artifact = `${registry.login.host}/${repository}`;
    const vulnerabilities = (await inspector.listFindings(image)).map((found) => toVulnerability(found, artifact));
    return { kind: 'complete', vulnerabilities, notice: undefined };
  }
}

const hasImage = async ({ registry, repository, digest }: ScanTarget): Promise<boolean> =>
  (await registry.client.findManifest(repository, digest)).kind === 'found';

/**
 * The account and partition come from the repository's ARN, since the registry may be reached through another endpoint.
 */
const resolveImage = async ({ registry, repository, digest }: ScanTarget): Promise<InspectedImage> => {
  const found = await registry.ecr?.describeRepository({
    repositoryName: repository,
    registryId: registry.login.account,
  });
  const arn = tryParseArn(found?.repositoryArn ?? '');
  if (arn !== undefined) return { arn: `${found?.repositoryArn}/${digest}`, account: arn.account, repository, digest };
  throw new DeliveryError('not-found', `repository '${repository}' not found in ECR: its ARN is required for the scan`);
};
