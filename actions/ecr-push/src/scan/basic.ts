import type { Host } from '@aws-delivery/action-kit/host';
import { type Outcome, poll } from '@aws-delivery/action-kit/poll';
import { severityOf } from '@aws-delivery/findings/severity';
import type { ImageScanFinding } from '@aws-sdk/client-ecr';
import { type Answer, DELETED, packagesText, type Scanner, silent, type Target, type Vulnerability } from './answer.js';
import type { EcrScans, ScanStart } from './ecr-scans.js';

const NAME = 'Amazon ECR basic scanning';
const DAY = 86_400_000;

/** ECR gives nobody an event here: fast at first, since most scans take well under a minute (aws-facts §5.4). */
export const PACE = { first: 5000, ceiling: 30_000 } as const;

const UNDER_WAY = ['IN_PROGRESS', 'PENDING'];
const ELSEWHERE = 'the registry has enhanced scanning: write scan: enhanced (or auto)';
const UNSUPPORTED = 'basic scanning does not support its operating system or type: except it by on-unavailable';
const ARCHIVED = 'the image is archived: restore it first';

/** What ends a wait without an answer (ScanStatus, aws-facts §5.1). */
const SILENCES: Readonly<Record<string, string>> = {
  ACTIVE: ELSEWHERE,
  UNSUPPORTED_IMAGE: UNSUPPORTED,
  SCAN_ELIGIBILITY_EXPIRED: 'it is too old to be scanned: push it anew',
  FINDINGS_UNAVAILABLE: 'its findings are not to be had: push it anew, or have it scanned again tomorrow',
  LIMIT_EXCEEDED: 'the account’s limit of scans is reached: wait for a day',
  IMAGE_ARCHIVED: ARCHIVED,
};

const REFUSED: Readonly<Partial<Record<ScanStart, string>>> = {
  elsewhere: ELSEWHERE,
  unsupported: UNSUPPORTED,
  archived: ARCHIVED,
  'no-image': DELETED,
};

type Pending = Outcome<Answer>;

const pending: Pending = { state: 'pending' };
const done = (value: Answer): Pending => ({ state: 'done', value });

const attributeOf = ({ attributes = [] }: ImageScanFinding, key: string): string =>
  attributes.find((attribute) => attribute.key === key)?.value ?? '';

const vulnerabilityOf = (found: ImageScanFinding, artifact: string): Vulnerability => {
  const { name: id = 'unnamed', uri, description = '' } = found;
  const packages = [
    { name: attributeOf(found, 'package_name'), version: attributeOf(found, 'package_version'), fixedIn: undefined },
  ].filter(({ name }) => name !== '');
  return {
    packages,
    // containers-roadmap#1054: basic scanning does not say whether there is a fix.
    fixable: 'unknown',
    finding: {
      source: NAME,
      id: undefined,
      rule: { id, name: id, description, help: uri, tags: ['security'] },
      // A word that nobody knows is unranked, and fails unless nothing does.
      severity: severityOf(found.severity ?? '') ?? 'none',
      category: 'VulnerablePackages',
      message: packages.length === 0 ? id : `${id} in ${packagesText(packages)}`,
      location: undefined,
      artifact,
      fingerprints: {},
      suppression: undefined,
    },
  };
};

/** One image on its way through a scan: found, started, renewed, awaited. */
class BasicLook {
  /** Undefined until a scan was asked for. */
  #start: ScanStart | undefined;
  /** When the scan was done that was there before. */
  #before: number | undefined;

  constructor(
    private readonly scans: EcrScans,
    private readonly target: Target,
    private readonly host: Host,
  ) {}

  async read(): Promise<Pending> {
    const reading = await this.scans.read(this.target);
    if (reading.kind === 'no-image') return done(silent(DELETED));
    if (reading.kind === 'no-scan') return this.#start === undefined ? this.#begin() : pending;
    const { status, description } = reading;
    if (UNDER_WAY.includes(status)) return pending;
    if (status === 'COMPLETE') return this.#complete(reading.completedAt);
    if (status === 'FAILED' && this.#start === undefined) return this.#begin();
    const said = description === undefined ? '' : ` (${description})`;
    const remedy = status === 'FAILED' ? 'ECR tries again a day later' : (SILENCES[status] ?? 'nobody here knows it');
    return done(silent(`the scan is ${status}${said}: ${remedy}`));
  }

  /** Asks for a scan; `limit` means that one was made within the last day, though it may not show yet. */
  async #begin(): Promise<Pending> {
    this.#start = await this.scans.start(this.target);
    const refusal = REFUSED[this.#start];
    return refusal === undefined ? pending : done(silent(refusal));
  }

  /** An answer of days ago knows nothing of what was found since. */
  async #complete(completedAt: number | undefined): Promise<Pending> {
    const now = this.host.clock.now();
    const isOld = completedAt !== undefined && now - completedAt > DAY;
    if (isOld && this.#start === undefined) {
      this.#before = completedAt;
      this.#start = await this.scans.start(this.target);
    }
    const refusal = this.#start === undefined ? undefined : REFUSED[this.#start];
    if (refusal !== undefined) return done(silent(refusal));
    if (this.#start === 'started' && completedAt !== undefined && completedAt === this.#before) return pending;
    const found = await this.scans.findings(this.target);
    const { registry, repository } = this.target;
    const vulnerabilities = found.map((each) => vulnerabilityOf(each, `${registry.login.host}/${repository}`));
    const remark = isOld
      ? `its last scan is of ${new Date(completedAt).toISOString()}, and ECR makes no new one yet`
      : undefined;
    return done({ kind: 'answered', vulnerabilities, remark });
  }
}

/** Scans that ECR itself makes. */
export class BasicScanner implements Scanner {
  readonly name = NAME;

  constructor(
    private readonly scans: (region: string) => EcrScans,
    private readonly host: Host,
    private readonly signal: AbortSignal,
  ) {}

  look(target: Target, deadline: number): Promise<Answer> {
    const look = new BasicLook(this.scans(target.registry.login.region), target, this.host);
    const what = `ECR to scan ${target.repository}@${target.digest}`;
    return poll({ what, clock: this.host.clock, signal: this.signal, deadline, pace: PACE, read: () => look.read() });
  }
}
