import type { Host } from '@aws-delivery/action-kit/host/host';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { ImageScanFinding } from '@aws-sdk/client-ecr';
import type { EcrScanApi, ScanStartResult } from './ecr-scan-api.js';
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

const NAME = 'Amazon ECR basic scanning';
const DAY_MS = 86_400_000;

const PENDING_STATUSES = ['IN_PROGRESS', 'PENDING'];
const ENHANCED_REASON = 'the registry uses enhanced scanning: set scan: enhanced or scan: auto';
const UNSUPPORTED_REASON =
  "basic scanning does not support the operating system or type of this image: set 'on-unavailable'";
const ARCHIVED_REASON = 'the image is archived: restore it first';

/** Statuses that end the wait without findings (ScanStatus, docs/aws-facts.md §5.1). */
const UNAVAILABLE_REASONS: Readonly<Record<string, string>> = {
  ACTIVE: ENHANCED_REASON,
  UNSUPPORTED_IMAGE: UNSUPPORTED_REASON,
  SCAN_ELIGIBILITY_EXPIRED: 'the image is too old to be scanned: push it again',
  FINDINGS_UNAVAILABLE: 'push the image again, or request a new scan in 24 hours',
  LIMIT_EXCEEDED: 'the scan quota of the account is exhausted: retry in 24 hours',
  IMAGE_ARCHIVED: ARCHIVED_REASON,
};

const START_FAILURES: Readonly<Partial<Record<ScanStartResult, string>>> = {
  enhanced: ENHANCED_REASON,
  unsupported: UNSUPPORTED_REASON,
  archived: ARCHIVED_REASON,
  'no-image': DELETED_REASON,
};

type ScanPollResult = PollResult<ScannerResult>;

const PENDING: ScanPollResult = { state: 'pending' };

const getAttribute = ({ attributes = [] }: ImageScanFinding, key: string): string =>
  attributes.find((attribute) => attribute.key === key)?.value ?? '';

const toVulnerability = (found: ImageScanFinding, artifact: string): Vulnerability => {
  const { name: id = 'unnamed', uri, description = '' } = found;
  const packages = [
    { name: getAttribute(found, 'package_name'), version: getAttribute(found, 'package_version'), fixedIn: undefined },
  ].filter(({ name }) => name !== '');
  return {
    packages,
    // Basic scanning does not report whether there is a fix (aws/containers-roadmap#1054).
    fixable: 'unknown',
    finding: {
      source: NAME,
      id: undefined,
      rule: { id, name: id, description, help: uri, tags: ['security'] },
      // An unknown severity is unranked; it fails unless `fail-on` is `none`.
      severity: parseSeverity(found.severity ?? '') ?? 'none',
      category: 'VulnerablePackages',
      message: packages.length === 0 ? id : `${id} in ${formatPackages(packages)}`,
      location: undefined,
      artifact,
      fingerprints: {},
      suppression: undefined,
    },
  };
};

/** Polls the scan of one image; starts one when there is none or the last one is older than a day. */
class BasicScan {
  /** Undefined until a scan has been requested. */
  private startResult: ScanStartResult | undefined;
  /** Completion time of the outdated scan, in milliseconds since the epoch. */
  private previousCompletedAt: number | undefined;

  constructor(
    private readonly scans: EcrScanApi,
    private readonly target: ScanTarget,
    private readonly host: Host,
  ) {}

  async pollOnce(): Promise<ScanPollResult> {
    const reading = await this.scans.describeScan(this.target);
    if (reading.kind === 'no-image') return createDone(createUnavailableResult(DELETED_REASON));
    if (reading.kind === 'no-scan') return this.startResult === undefined ? this.startScan() : PENDING;
    const { status, description } = reading;
    if (PENDING_STATUSES.includes(status)) return PENDING;
    if (status === 'COMPLETE') return this.readFindings(reading.completedAt);
    if (status === 'FAILED' && this.startResult === undefined) return this.startScan();
    const suffix = description === undefined ? '' : ` (${description})`;
    const hint =
      status === 'FAILED' ? 'ECR allows a new scan after 24 hours' : (UNAVAILABLE_REASONS[status] ?? 'unknown status');
    return createDone(createUnavailableResult(`scan status ${status}${suffix}: ${hint}`));
  }

  /**
   * Requests a scan. After `limit-exceeded` polling continues: there was a scan within the last day, which may not be
   * visible yet.
   */
  private async startScan(): Promise<ScanPollResult> {
    this.startResult = await this.scans.startScan(this.target);
    const failure = START_FAILURES[this.startResult];
    return failure === undefined ? PENDING : createDone(createUnavailableResult(failure));
  }

  /** Findings older than a day miss vulnerabilities published since, so a new scan is requested first. */
  private async readFindings(completedAt: number | undefined): Promise<ScanPollResult> {
    const now = this.host.clock.now();
    const isOutdated = completedAt !== undefined && now - completedAt > DAY_MS;
    if (isOutdated && this.startResult === undefined) {
      this.previousCompletedAt = completedAt;
      this.startResult = await this.scans.startScan(this.target);
    }
    const failure = this.startResult === undefined ? undefined : START_FAILURES[this.startResult];
    if (failure !== undefined) return createDone(createUnavailableResult(failure));
    if (this.startResult === 'started' && completedAt !== undefined && completedAt === this.previousCompletedAt)
      return PENDING;
    const found = await this.scans.listFindings(this.target);
    const { registry, repository } = this.target;
    const vulnerabilities = found.map((each) => toVulnerability(each, `${registry.login.host}/${repository}`));
    const notice = isOutdated
      ? `using the scan of ${new Date(completedAt).toISOString()}, because ECR allows a new scan only after 24 hours`
      : undefined;
    return createDone({ kind: 'complete', vulnerabilities, notice });
  }
}

/** ECR's basic scanning. */
export class BasicScanner implements Scanner {
  readonly name = NAME;

  constructor(
    private readonly scans: (region: string) => EcrScanApi,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {}

  waitForScan(target: ScanTarget, deadline: number): Promise<ScannerResult> {
    const scan = new BasicScan(this.scans(target.registry.login.region), target, this.host);
    const label = `ECR to scan ${target.repository}@${target.digest}`;
    return poll({
      label,
      clock: this.host.clock,
      signal: this.signal,
      deadline,
      backoff: POLL_INTERVALS,
      read: () => scan.pollOnce(),
    });
  }
}
