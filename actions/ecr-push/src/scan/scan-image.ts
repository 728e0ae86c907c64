import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError } from '@aws-delivery/aws/error';
import { type ImageRef, listScanTargets } from './scan-target.js';
import {
  createUnavailableResult,
  type Scanner,
  type ScannerResult,
  type ScanTarget,
  type Vulnerability,
} from './scanner.js';

/** A finding in an image, with all platforms that have it. */
export interface ImageFinding extends Vulnerability {
  readonly platforms: readonly string[];
}

/** The scan results of one image, merged over its platforms. */
export interface ScanObservation {
  /** The image in logs: `app:1.0`. */
  readonly name: string;
  readonly imageRef: ImageRef;
  readonly scanner: string;
  readonly targets: readonly ScanTarget[];
  readonly findings: readonly ImageFinding[];
  /** Why the results are incomplete; empty when they are complete. */
  readonly errors: readonly string[];
}

export interface ScanImageOptions {
  readonly name: string;
  readonly imageRef: ImageRef;
  readonly findScanner: (imageRef: ImageRef) => Promise<Scanner>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly log: Log;
}

const HINTS: Readonly<Record<string, string>> = {
  denied: ': add the permissions of the scan-* statements in iam-policy.json to the role',
  expired: ': the credentials expired, request a longer session',
};

const formatScanError = (error: unknown): string => `${errorMessage(error)}${HINTS[classifyError(error)] ?? ''}`;

const buildFindingKey = ({ finding: { rule, severity }, packages, fixable }: Vulnerability): string =>
  JSON.stringify([rule.id, severity, fixable, packages.map(({ name, version }) => [name, version])]);

interface TargetResult {
  readonly target: ScanTarget;
  readonly result: ScannerResult;
}

const mergePlatforms = (results: readonly TargetResult[]): readonly ImageFinding[] => {
  const merged = new Map<string, ImageFinding>();
  for (const { target, result } of results) {
    for (const each of result.kind === 'complete' ? result.vulnerabilities : []) {
      const key = buildFindingKey(each);
      const known = merged.get(key);
      const platforms = [...new Set([...(known?.platforms ?? []), target.platform])];
      merged.set(key, { ...(known ?? each), platforms });
    }
  }
  return [...merged.values()];
};

const withPlatform = ({ platform }: ScanTarget, message: string): string =>
  platform === '' ? message : `${platform}: ${message}`;

const scanTarget = async (
  target: ScanTarget,
  { findScanner, imageRef, deadline }: ScanImageOptions,
): Promise<TargetResult> => {
  try {
    return { target, result: await (await findScanner(imageRef)).waitForScan(target, deadline) };
  } catch (error) {
    return { target, result: createUnavailableResult(formatScanError(error)) };
  }
};

const scanTargets = async (targets: readonly ScanTarget[], options: ScanImageOptions): Promise<ScanObservation> => {
  const { name, imageRef, findScanner, log } = options;
  const results = await Promise.all(targets.map((target) => scanTarget(target, options)));
  const { name: scanner } = await findScanner(imageRef);
  for (const { target, result } of results) {
    if (result.kind === 'complete' && result.notice !== undefined) {
      log.warning(`${name}: ${withPlatform(target, result.notice)}`);
    }
  }
  const errors = results.flatMap(({ target, result }) =>
    result.kind === 'unavailable' ? [withPlatform(target, result.reason)] : [],
  );
  const emptyIndexErrors = targets.length === 0 ? ['the image index contains no image'] : [];
  return {
    name,
    imageRef,
    scanner,
    targets,
    findings: mergePlatforms(results),
    errors: [...errors, ...emptyIndexErrors],
  };
};

/** Waits for the scans of an image, one per platform. Does not throw: errors are part of the observation. */
export const scanImage = async (options: ScanImageOptions): Promise<ScanObservation> => {
  const { name, imageRef } = options;
  try {
    return await scanTargets(await listScanTargets(imageRef), options);
  } catch (error) {
    return { name, imageRef, scanner: '', targets: [], findings: [], errors: [formatScanError(error)] };
  }
};
