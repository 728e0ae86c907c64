import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { assertRegularFile, readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { resolveCheckoutPath } from '@aws-delivery/action-kit/git/repository';
import { findTrackedEntry } from '@aws-delivery/action-kit/git/tracked-entry';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toPosixPath } from '@aws-delivery/action-kit/util/path';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import { matchesPath } from '@aws-delivery/findings/ignore/pattern';
import type { SarifContent } from '@aws-delivery/findings/sarif/read-sarif';
import type { Checkout } from '../checkout.js';
import type { SourceError, SourceResult } from './source-result.js';

export interface SarifSourceOptions {
  /** Directory that patterns are relative to. */
  readonly workspace: string;
  readonly checkout: Checkout;
  readonly change: Change;
  readonly log: Log;
  /** `GITHUB_SHA`; undefined if the host does not set it. */
  readonly commit: string | undefined;
}

/** Far above usual sizes; the longest string of Node is twice this size. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Marks reports of this action, so that they are not read as a scanner's output. */
export const ACTION_NAME = 'codeguru-review';

const SKIPPED_DIRECTORIES: readonly string[] = ['.git', 'node_modules'];

/** The directory before the first wildcard, where the search starts. */
const getBaseDirectory = (pattern: string): string => {
  const segments = pattern.split('/');
  const wildcardIndex = segments.findIndex((part) => /[*?]/u.test(part));
  return segments.slice(0, wildcardIndex).join('/') || (pattern.startsWith('/') ? '/' : '.');
};

const listFiles = async (directory: string, found: string[] = []): Promise<readonly string[]> => {
  const children = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const child of children) {
    const path = join(directory, child.name);
    if (child.isDirectory() && !SKIPPED_DIRECTORIES.includes(child.name)) await listFiles(path, found);
    else if (child.isFile()) found.push(path);
  }
  return found;
};

const expandPattern = async (pattern: string, workspace: string): Promise<readonly string[]> => {
  const normalized = (sep === '\\' ? pattern.replaceAll(sep, '/') : pattern).replace(/^\.\//u, '');
  if (!/[*?]/u.test(normalized)) return [resolve(workspace, normalized)];
  const isAbsolutePattern = isAbsolute(normalized);
  const files = await listFiles(resolve(workspace, getBaseDirectory(normalized)));
  const toPatternPath = (path: string): string => toPosixPath(isAbsolutePattern ? path : relative(workspace, path));
  const found = files.filter((path) => matchesPath(normalized, toPatternPath(path))).sort();
  if (found.length > 0) return found;
  throw new DeliveryError(
    'not-found',
    `input 'sarif-files': no file matches '${pattern}' in '${workspace}': run the scanner before this step, and let the job continue when it reports findings`,
  );
};

/** A tracked file may be committed by the pull request itself, and is still there if the scanner writes nothing. */
const rejectCommittedFile = async (
  path: string,
  name: string,
  { workspace, checkout: { repository }, change }: SarifSourceOptions,
) => {
  if (change.kind !== 'pull-request') return;
  const checkoutPath = await resolveCheckoutPath(path, workspace, repository);
  if (
    checkoutPath === undefined ||
    findTrackedEntry(await repository.listTracked('checkout'), checkoutPath) === undefined
  )
    return;
  const rule = `input 'sarif-files': '${name}' is tracked by git, so the pull request could have changed it`;
  throw new DeliveryError('rejected', `${rule}: write the scanner's output to a file that is not committed`);
};

const readSarifFile = async (path: string, options: SarifSourceOptions): Promise<SarifContent> => {
  const { workspace, checkout } = options;
  const name = relative(workspace, path) || path;
  try {
    const status = await stat(path);
    assertRegularFile(`input 'sarif-files': '${name}'`, status);
    if (status.size > MAX_FILE_BYTES) {
      throw new DeliveryError(
        'rejected',
        `input 'sarif-files': '${name}' has ${status.size} bytes, more than the limit of ${MAX_FILE_BYTES} bytes`,
      );
    }
    await rejectCommittedFile(path, name, options);
    const [{ readSarif }, { decodeSarif }] = await Promise.all([
      import('@aws-delivery/findings/sarif/read-sarif'),
      import('@aws-delivery/findings/sarif/decode-sarif'),
    ]);
    return readSarif(decodeSarif(await readRegularFile(path), MAX_FILE_BYTES), { ...checkout, name });
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    if (hasErrorCode(error, 'ERR_BUFFER_TOO_LARGE')) {
      const rule = `'${name}' has more than the limit of ${MAX_FILE_BYTES} bytes when it is decompressed`;
      throw new DeliveryError('rejected', `input 'sarif-files': ${rule}: write several smaller files`, {
        cause: error,
      });
    }
    throw new DeliveryError('not-found', `input 'sarif-files': cannot read '${name}': ${errorMessage(error)}`, {
      cause: error,
    });
  }
};

/** Scanners may abbreviate commit hashes. */
const isSameCommit = (left: string, right: string): boolean => left.startsWith(right) || right.startsWith(left);

/** If a scanner states the scanned commits, the commit under review must be among them. */
const findRevisionMismatch = async (
  revisions: readonly string[],
  options: SarifSourceOptions,
): Promise<readonly string[]> => {
  const { change, commit, checkout } = options;
  if (revisions.length === 0) return [];
  const ownCommits = [commit, getReviewedCommit(change, {}), await checkout.repository.resolveCommit('HEAD')].filter(
    (each) => each !== undefined,
  );
  if (ownCommits.length === 0 || revisions.some((revision) => ownCommits.some((each) => isSameCommit(revision, each))))
    return [];
  return [`the SARIF file is for commit ${revisions.join(', ')}, expected ${ownCommits.join(' or ')}`];
};

/** Reads the files of scanners. Reports of this action are skipped: a pattern may match those of an earlier run. */
const readScannerFiles = async (
  paths: readonly string[],
  options: SarifSourceOptions,
): Promise<readonly SarifContent[]> => {
  const contents: SarifContent[] = [];
  const reports: string[] = [];
  for (const path of paths) {
    const content = await readSarifFile(path, options);
    if (content.writtenBy === ACTION_NAME) reports.push(`'${relative(options.workspace, path) || path}'`);
    else contents.push(content);
  }
  if (reports.length === 0) return contents;
  const list = reports.join(', ');
  if (contents.length > 0) options.log.info(`Skipped reports of this action among 'sarif-files': ${list}`);
  else {
    const message = `input 'sarif-files': only reports of this action found (${list})`;
    throw new DeliveryError('not-found', `${message}: run the scanner before this step, or correct the pattern`);
  }
  return contents;
};

/**
 * Reads the SARIF files of scanners. Scanners that report failure, or another commit, are errors in the result.
 * @throws DeliveryError for files that are missing, tracked by git or not SARIF
 */
export const readSarifFiles = async (
  patterns: readonly string[],
  options: SarifSourceOptions,
): Promise<SourceResult> => {
  const lists = await Promise.all(patterns.map((pattern) => expandPattern(pattern, options.workspace)));
  const contents = await readScannerFiles([...new Set(lists.flat())], options);
  const findings = contents.flatMap((reading) => reading.findings);
  const mismatches = await Promise.all(contents.map(({ revisions }) => findRevisionMismatch(revisions, options)));
  const gaps = new Set([...contents.flatMap((reading) => reading.gaps), ...mismatches.flat()]);
  return {
    source: 'sarif',
    scanners: [...new Set(contents.flatMap((reading) => reading.scanners))],
    findings,
    reviewArn: undefined,
    warnings: contents.flatMap((reading) => reading.warnings),
    notices: contents.flatMap((reading) => reading.notices),
    errors: [...gaps].map((message): SourceError => ({ source: 'sarif', kind: 'unavailable', message })),
  };
};
