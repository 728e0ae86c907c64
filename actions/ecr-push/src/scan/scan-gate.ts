import { GitRepository } from '@aws-delivery/action-kit/git/repository';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { ExceptionUsage, type UnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { getReviewedCommit } from '@aws-delivery/findings/change/change';
import { readChange } from '@aws-delivery/findings/change/read-change';
import { type Decision, decide, formatSeverityCounts, type Verdict } from '@aws-delivery/findings/gate-decision';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { readIgnoreEntries } from '@aws-delivery/findings/ignore/policy-file';
import { countSeverities } from '@aws-delivery/findings/severity';
import type { Registry } from '../login/registry.js';
import type { PushResult } from '../push/push-result.js';
import { formatImageName } from '../push/push-spec.js';
import { writeReportFiles } from '../report/scan-report-files.js';
import { renderScanSummary } from '../report/scan-summary.js';
import { BasicScanner } from './basic-scanner.js';
import { EcrScanApi } from './ecr-scan-api.js';
import { EnhancedScanner } from './enhanced-scanner.js';
import { appliesToImages, type EvaluatedFinding, evaluateFindings } from './evaluate-findings.js';
import { InspectorApi } from './inspector-api.js';
import { type ScanObservation, scanImage } from './scan-image.js';
import type { ScanOptions } from './scan-options.js';
import type { ScannedImage, ScanResult } from './scan-result.js';
import type { ImageRef } from './scan-target.js';
import type { Scanner } from './scanner.js';

export interface ScanGateServices {
  readonly host: Host;
  readonly configuration: AwsClientConfig;
  /** Directory that relative paths start from. */
  readonly workspace: string;
  /** Aborts when the job is cancelled or the action's timeout has passed. */
  readonly signal: AbortSignal;
}

const IGNORE_FILE = '.ecr-ignore.yml';

/** How long the log may be without a line, in milliseconds. */
const HEARTBEAT_INTERVAL_MS = 30_000;

/** Memoizes a function by Region. */
const cachePerRegion = <T>(make: (region: string) => T): ((region: string) => T) => {
  const cached = new Map<string, T>();
  return (region) => {
    const value = cached.get(region) ?? make(region);
    cached.set(region, value);
    return value;
  };
};

/** Returns a function that selects the scanner for an image's registry; `auto` reads the registry's scan type. */
const createScannerSelector = (
  kind: ScanOptions['kind'],
  { host, configuration, signal }: ScanGateServices,
): ((imageRef: ImageRef) => Promise<Scanner>) => {
  const getScanApi = cachePerRegion((region) => new EcrScanApi(configuration, region));
  const getInspectorApi = cachePerRegion((region) => new InspectorApi(configuration, region));
  const getRegistryScanType = cachePerRegion((region) => getScanApi(region).getScanType());
  const basic = new BasicScanner(getScanApi, host, signal);
  const enhanced = new EnhancedScanner(getInspectorApi, host, signal);
  return async ({ registry: { login } }) => {
    if (kind !== 'auto') return kind === 'basic' ? basic : enhanced;
    const { account, type } = await getRegistryScanType(login.region);
    if (login.account !== undefined && account !== login.account) {
      const message = `scan: auto can read the scan type of the caller's own registry only, not of registry ${login.account}`;
      throw new DeliveryError('missing', `${message}: set scan: basic or scan: enhanced`);
    }
    if (type === 'BASIC') return basic;
    if (type === 'ENHANCED') return enhanced;
    throw new DeliveryError('unexpected', `unknown scan type of the registry: '${type}'`);
  };
};

/** Waits for the scans of images and evaluates their findings. */
export class ScanGate {
  constructor(
    private readonly options: ScanOptions,
    private readonly ignoreEntries: readonly IgnoreEntry[],
    private readonly commit: string | undefined,
    /** The ignore file of a pull request is that of its base. */
    private readonly isPullRequest: boolean,
    private readonly services: ScanGateServices,
  ) {}

  /** Evaluates every image that is in a registry after the run, pushed or not; undefined when there are none. */
  async evaluate(pushes: readonly PushResult[], registries: readonly Registry[]): Promise<ScanResult | undefined> {
    const imageRefs = collectImageRefs(pushes, registries);
    if (imageRefs.size === 0) return undefined;
    const { host } = this.services;
    const observations = await this.scanImages(imageRefs);
    const ignoreUsage = new ExceptionUsage(this.ignoreEntries);
    const evaluated = evaluateFindings(observations, {
      ignoreUsage,
      scanOptions: this.options,
      ignoreEntries: this.ignoreEntries,
      now: host.clock.now(),
    });
    const decision = this.decide(evaluated, observations, pushes);
    host.log.info(`Scan gate: ${decision.verdict}, ${decision.reason}`);
    const report = { observations, evaluated, decision, commit: this.commit };
    return {
      decision,
      counts: countFindings(evaluated),
      images: mapScannedImages(imageRefs, observations, evaluated),
      files: await writeReportFiles(report, this.options.reportDirectory, host),
      summary: renderScanSummary(decision, observations, evaluated),
      unusedExceptions: this.findUnusedExceptions(ignoreUsage, observations, pushes),
    };
  }

  /** Entries that match nothing, if all images were scanned. */
  private findUnusedExceptions(
    usage: ExceptionUsage<IgnoreEntry>,
    observations: readonly ScanObservation[],
    pushes: readonly PushResult[],
  ): UnusedExceptions {
    const isComplete =
      observations.every(({ errors }) => errors.length === 0) &&
      pushes.every(({ outcome }) => outcome.kind !== 'failed');
    const unused = isComplete ? usage.listUnused((entry) => appliesToImages(entry, observations)) : [];
    return { names: unused.map(({ name }) => name), isWarningOnly: this.isPullRequest };
  }

  private scanImages(imageRefs: ImageRefs): Promise<readonly ScanObservation[]> {
    const { host } = this.services;
    const deadline = host.clock.now() + this.options.timeout;
    const findScanner = createScannerSelector(this.options.kind, this.services);
    const pendingNames = new Set<string>();
    const formatHeartbeat = (elapsed: number): string =>
      `Waiting for scans of ${[...pendingNames].join(', ')} (${formatDuration(elapsed)})`;
    return withHeartbeat(
      { log: host.log, clock: host.clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
      (log) =>
        Promise.all(
          [...imageRefs.values()].map(async ({ name, imageRef }) => {
            pendingNames.add(name);
            const observation = await scanImage({ name, imageRef, findScanner, deadline, log });
            pendingNames.delete(name);
            log.info(`${name}: ${formatFindings(observation)} (${observation.scanner})`);
            for (const message of observation.errors) log.warning(`${name}: incomplete scan result: ${message}`);
            return observation;
          }),
        ),
    );
  }

  private decide(
    evaluated: readonly EvaluatedFinding[],
    observations: readonly ScanObservation[],
    pushes: readonly PushResult[],
  ): Decision {
    const errors = observations.flatMap(({ name, errors: messages }) =>
      messages.map((message) => ({ source: name, kind: 'unavailable' as const, message })),
    );
    const failed = pushes.filter(({ outcome }) => outcome.kind === 'failed');
    const missing = failed.map(({ spec }) => ({
      source: spec.repository,
      kind: 'not-there' as const,
      message: 'not scanned, because the push failed',
    }));
    // When the action's timeout has passed, `on-unavailable` does not apply.
    const unavailable = this.services.signal.aborted ? 'fail' : this.options.onUnavailable;
    const policies = { unavailable, 'not-there': 'fail' } as const;
    return decide(evaluated, [...errors, ...missing], { maxFindings: 0, policies });
  }
}

type ImageRefs = ReadonlyMap<
  string,
  { readonly name: string; readonly imageRef: ImageRef; readonly pushes: readonly PushResult[] }
>;

/** Groups pushes by image: several pushes may have the same digest. */
const collectImageRefs = (pushes: readonly PushResult[], registries: readonly Registry[]): ImageRefs => {
  const imageRefs = new Map<string, { name: string; imageRef: ImageRef; pushes: readonly PushResult[] }>();
  for (const push of pushes) {
    const { outcome, login, spec } = push;
    const registry = registries.find((each) => each.login === login);
    if (registry === undefined || !('digest' in outcome)) continue;
    const { repository } = spec;
    const key = `${login.host}/${repository}@${outcome.digest}`;
    const name = formatImageName(spec, login, registries.length);
    const imageRef = { registry, repository, digest: outcome.digest };
    const known = imageRefs.get(key) ?? { name, imageRef, pushes: [] };
    imageRefs.set(key, { ...known, pushes: [...known.pushes, push] });
  }
  return imageRefs;
};

const countFindings = (all: readonly { readonly finding: EvaluatedFinding['finding'] }[]) =>
  countSeverities(all.map(({ finding }) => finding.severity));

const formatFindings = ({ findings, errors }: ScanObservation): string => {
  const counts = formatSeverityCounts(findings.map(({ finding }) => finding.severity));
  if (counts !== '') return errors.length === 0 ? counts : `${counts}, incomplete`;
  return errors.length === 0 ? 'no findings' : 'no result';
};

const getVerdict = (observation: ScanObservation, evaluated: readonly EvaluatedFinding[]): Verdict => {
  const isBlocked = evaluated.some(({ image, status }) => image === observation && status.kind === 'fails');
  if (isBlocked) return 'blocked';
  return observation.errors.length === 0 ? 'passed' : 'unknown';
};

const mapScannedImages = (
  imageRefs: ImageRefs,
  observations: readonly ScanObservation[],
  evaluated: readonly EvaluatedFinding[],
) =>
  new Map<PushResult, ScannedImage>(
    observations.flatMap((observation) => {
      const image = {
        verdict: getVerdict(observation, evaluated),
        counts: countFindings(observation.findings),
        text: formatFindings(observation),
      };
      const imageRef = [...imageRefs.values()].find((each) => each.imageRef === observation.imageRef);
      return (imageRef?.pushes ?? []).map((push) => [push, image] as const);
    }),
  );

/**
 * Opens the gate: reads the ignore file, before anything is pushed. Throws DeliveryError for a file that cannot be read
 * or parsed, or that has expired entries.
 */
export const openGate = async (options: ScanOptions, services: ScanGateServices): Promise<ScanGate> => {
  const { host, workspace, signal } = services;
  const { env, clock, log } = host;
  const change = await readChange(env);
  const repository = new GitRepository({ directory: workspace, env, signal });
  const { ignoreFile } = options;
  const file = { path: ignoreFile ?? IGNORE_FILE, isRequired: ignoreFile !== undefined };
  const ignoreFileContext = { workspace, change, repository, log };
  const ignoreEntries = await readIgnoreEntries(file, ignoreFileContext, clock.now());
  const isPullRequest = change.kind === 'pull-request';
  return new ScanGate(options, ignoreEntries, getReviewedCommit(change, env), isPullRequest, services);
};
