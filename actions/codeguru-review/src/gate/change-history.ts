import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangedLines, mapToBaseLines } from '@aws-delivery/action-kit/git/diff';
import { FETCH_DEPTH_HINT, type Repository } from '@aws-delivery/action-kit/git/repository';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Change } from '@aws-delivery/findings/change/change';
import type { FileLocation } from '@aws-delivery/findings/ignore/ignore-entry';
import type { Checkout } from '../checkout.js';

/** Base and head commit of the change under review, as full hashes. */
export interface CommitRange {
  readonly base: string;
  readonly head: string;
}

const MISSING_COMMIT_HINT =
  "set 'baseline' or 'commit-range' (after a force push, the previous commit no longer exists)";

/** Resolves a revision, or throws `missing` with a hint. */
const requireCommit = async (revision: string, label: string, repository: Repository): Promise<string> => {
  const commit = await repository.resolveCommit(revision);
  if (commit !== undefined) return commit;
  const isShallow = await repository.isShallow();
  throw new DeliveryError(
    'missing',
    `${label} '${revision}' is not in this checkout: ${isShallow ? FETCH_DEPTH_HINT : MISSING_COMMIT_HINT}`,
  );
};

/**
 * Parses `HEAD^:HEAD`, the form of the AWS CodeGuru CLI. Undefined for `:HEAD`: variables for the previous commit are
 * empty on the first build of a branch.
 */
const parseRange = async (range: string, repository: Repository): Promise<CommitRange | undefined> => {
  const [base = '', head = ''] = range.split(':');
  const headCommit = await requireCommit(head, "the second commit of 'commit-range'", repository);
  if (base === '') return undefined;
  return {
    base: await requireCommit(base, "the first commit of 'commit-range'", repository),
    head: headCommit,
  };
};

/** A message if the checkout does not contain the pull request's head, so that it was not scanned. */
export const findWrongCheckout = async (head: string, repository: Repository): Promise<string | undefined> => {
  if ((await repository.includesCommit(head)) !== false) return undefined;
  return `the checkout does not contain the pull request's head commit ${head}: set 'ref: \${{ github.event.pull_request.head.sha }}' in actions/checkout, and do not run the pull request's code in a job with secrets`;
};

const resolvePullRequestRange = async (
  change: Change & { kind: 'pull-request' },
  repository: Repository,
): Promise<CommitRange> => {
  const base = await requireCommit(change.base, "the pull request's base commit", repository);
  const head = await requireCommit(change.head, "the pull request's head commit", repository);
  const wrongCheckout = await findWrongCheckout(head, repository);
  if (wrongCheckout !== undefined) throw new DeliveryError('rejected', wrongCheckout);
  const mergeBase = await repository.findMergeBase(base, 'HEAD');
  if (mergeBase !== undefined) return { base: mergeBase, head };
  throw new DeliveryError(
    'missing',
    `commits ${base} and ${head} have no common ancestor in this checkout: ${FETCH_DEPTH_HINT}`,
  );
};

const resolvePushRange = async (
  change: Change & { kind: 'push' },
  repository: Repository,
): Promise<CommitRange | undefined> => {
  const head = await requireCommit(change.after, 'the last commit of the push', repository);
  if (change.before === undefined) return undefined;
  const base = await repository.resolveCommit(change.before);
  if (base !== undefined) return { base, head };
  // After a force push no branch contains the previous commit, so no fetch depth can bring it.
  if (!(await repository.isShallow())) return undefined;
  return { base: await requireCommit(change.before, 'the commit before the push', repository), head };
};

/**
 * Resolves the commit range from the input, or else from the event. Undefined if everything is new: on the first push
 * of a branch, after a force push, and on events other than pull requests and pushes.
 * @throws DeliveryError `missing` if the clone is too shallow
 */
const resolveRange = async (
  requestedRange: string | undefined,
  change: Change,
  repository: Repository,
): Promise<CommitRange | undefined> => {
  if (requestedRange !== undefined) return parseRange(requestedRange, repository);
  if (change.kind === 'pull-request') return resolvePullRequestRange(change, repository);
  return change.kind === 'push' ? resolvePushRange(change, repository) : undefined;
};

/** Line ends for scanners but not for git, so that their line numbers differ after one of them. */
const NON_GIT_LINE_END = /\r(?!\n)|[\v\f\u0085\u2028\u2029]/u;

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Whether scanners and git number the lines of a file alike. */
const hasGitLineEnds = async (path: string): Promise<boolean> => {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() !== true || status.size > MAX_FILE_BYTES) return false;
  return !NON_GIT_LINE_END.test(await readFile(path, 'utf8'));
};

const listTrackedFiles = async (repository: Repository): Promise<ReadonlySet<string>> => {
  const tracked = await repository.listTracked('checkout');
  return new Set(tracked.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])));
};

/** Git history of the change under review; caches what is read more than once per run. */
export class ChangeHistory {
  private changedLines: Promise<ChangedLines | undefined> | undefined;
  private trackedFiles: Promise<ReadonlySet<string>> | undefined;
  private topDirectory: Promise<string | undefined> | undefined;
  private renames: Promise<ReadonlyMap<string, string>> | undefined;
  private readonly lineEndChecks = new Map<string, Promise<boolean>>();

  constructor(
    private readonly requestedRange: string | undefined,
    private readonly change: Change,
    private readonly checkout: Pick<Checkout, 'repository' | 'top'>,
  ) {}

  private get repository(): Repository {
    return this.checkout.repository;
  }

  getRange(): Promise<CommitRange | undefined> {
    return resolveRange(this.requestedRange, this.change, this.repository);
  }

  /** Lines changed since the base; undefined if everything is new. */
  getChanges(): Promise<ChangedLines | undefined> {
    this.changedLines ??= this.getRange().then((range) =>
      range === undefined ? undefined : this.repository.getChangesSince(range.base),
    );
    return this.changedLines;
  }

  /** Names at the base of the files that the change renames; empty if everything is new. */
  getRenames(): Promise<ReadonlyMap<string, string>> {
    this.renames ??= this.getRange().then((range) =>
      range === undefined ? new Map<string, string>() : this.repository.getRenamesSince(range.base),
    );
    return this.renames;
  }

  /** Whether a scanner's line numbers in a file can be compared with git's diff. */
  async hasReliableLines(file: string): Promise<boolean> {
    if (!(await this.isTracked(file))) return false;
    if ((await this.getChanges())?.has(file) !== true) return true;
    const hasSameLines = this.lineEndChecks.get(file) ?? hasGitLineEnds(join(this.checkout.top, file));
    this.lineEndChecks.set(file, hasSameLines);
    return hasSameLines;
  }

  /** Whether a file's content may be shown: an untracked file may hold credentials that an earlier step wrote. */
  async isVisible(file: string): Promise<boolean> {
    this.topDirectory ??= this.repository.getTopDirectory();
    return (await this.topDirectory) === undefined || this.isTracked(file);
  }

  /** Whether a file is the same in a commit and in HEAD: in a test merge commit its lines may have moved. */
  async matchesCommit(commit: string, file: string): Promise<boolean> {
    const [objectInCommit, objectInHead] = await Promise.all(
      [commit, 'HEAD'].map((each) => this.repository.getObjectId(each, file)),
    );
    return objectInCommit !== undefined && objectInCommit === objectInHead;
  }

  /** Maps a location to the base commit. The result has no lines if they are new or cannot be compared. */
  async toBaseLocation({ file, startLine, endLine = startLine }: FileLocation): Promise<FileLocation> {
    const changes = await this.getChanges();
    const baseFile = (await this.getRenames()).get(file) ?? file;
    if (startLine === undefined || changes === undefined || !(await this.hasReliableLines(file)))
      return { file: baseFile };
    const [first, last] = mapToBaseLines(changes, file, [startLine, endLine ?? startLine]) ?? [];
    return first === undefined || last === undefined
      ? { file: baseFile }
      : { file: baseFile, startLine: first, endLine: last };
  }

  /** Whether git tracks a regular file under this name; untracked files and links have no usable history. */
  async isTracked(file: string): Promise<boolean> {
    this.trackedFiles ??= listTrackedFiles(this.repository);
    return (await this.trackedFiles).has(file);
  }
}
