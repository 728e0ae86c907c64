import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangedLines, mapToBaseLines } from '@aws-delivery/action-kit/git/diff';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Change } from '@aws-delivery/findings/change/change';
import type { FileLocation } from '@aws-delivery/findings/ignore/ignore-entry';
import { FETCH_DEPTH_HINT } from '@aws-delivery/findings/ignore/policy-file';

/** Two commits between which code changed. */
export interface CommitRange {
  readonly base: string;
  readonly head: string;
}

const MISSING_COMMIT_HINT =
  "the commit is in no clone: after a force push compare with a 'baseline', or give a 'commit-range'";

/** The hash of a revision that must be there. */
const requireCommit = async (revision: string, label: string, repository: Repository): Promise<string> => {
  const commit = await repository.resolveCommit(revision);
  if (commit !== undefined) return commit;
  const isShallow = await repository.isShallow();
  throw new DeliveryError(
    'missing',
    `${label} '${revision}' is not in this checkout: ${isShallow ? FETCH_DEPTH_HINT : MISSING_COMMIT_HINT}`,
  );
};

/** `HEAD^:HEAD`, as the AWS CodeGuru CLI takes it. */
const parseRange = async (range: string, repository: Repository): Promise<CommitRange> => {
  const [base = '', head = ''] = range.split(':');
  return {
    base: await requireCommit(base, "the first commit of 'commit-range'", repository),
    head: await requireCommit(head, "the second commit of 'commit-range'", repository),
  };
};

/** Of a checkout that is not the pull request's: what it says is said of other code. */
export const formatWrongCheckout = (head: string): string =>
  `the checkout does not have the pull request's head ${head}: give actions/checkout 'ref: \${{ github.event.pull_request.head.sha }}', and run none of its code where there are secrets`;

const resolvePullRequestRange = async (
  change: Change & { kind: 'pull-request' },
  repository: Repository,
): Promise<CommitRange> => {
  const base = await requireCommit(change.base, "the pull request's base commit", repository);
  const head = await requireCommit(change.head, "the pull request's head commit", repository);
  if ((await repository.includesCommit(head)) === false) throw new DeliveryError('rejected', formatWrongCheckout(head));
  const mergeBase = await repository.findMergeBase(base, 'HEAD');
  if (mergeBase !== undefined) return { base: mergeBase, head };
  throw new DeliveryError('missing', `commits ${base} and ${head} have no history in common here: ${FETCH_DEPTH_HINT}`);
};

const resolvePushRange = async (
  change: Change & { kind: 'push' },
  repository: Repository,
): Promise<CommitRange | undefined> => {
  const head = await requireCommit(change.after, "the push's last commit", repository);
  if (change.before === undefined) return undefined;
  const base = await repository.resolveCommit(change.before);
  if (base !== undefined) return { base, head };
  // After a force push nothing leads to the commit before any more, and no depth fetches it.
  if (!(await repository.isShallow())) return undefined;
  return { base: await requireCommit(change.before, "the push's commit before", repository), head };
};

/**
 * What changed, of which commits: as asked for, or as the event says. Undefined where everything is new: at the first
 * push of a branch, after a force push, and on events that are about no change.
 * @throws DeliveryError `missing` where the clone is too shallow to tell
 */
export const resolveRange = async (
  requestedRange: string | undefined,
  change: Change,
  repository: Repository,
): Promise<CommitRange | undefined> => {
  if (requestedRange !== undefined) return parseRange(requestedRange, repository);
  if (change.kind === 'pull-request') return resolvePullRequestRange(change, repository);
  return change.kind === 'push' ? resolvePushRange(change, repository) : undefined;
};

/** Scanners end lines at these, git does not: behind one of them the two count differently. */
const NON_GIT_LINE_END = /\r(?!\n)|[\v\f\u0085\u2028\u2029]/u;

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Whether a scanner's lines of a file are git's. */
const hasGitLineEnds = async (path: string): Promise<boolean> => {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || status.size > MAX_FILE_BYTES) return false;
  return !NON_GIT_LINE_END.test(await readFile(path, 'utf8'));
};

const listTrackedFiles = async (repository: Repository): Promise<ReadonlySet<string>> => {
  const tracked = await repository.listTracked('directory');
  return new Set(tracked.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])));
};

/** What is asked about the history more than once in a run. */
export class ChangeHistory {
  private changedLines: Promise<ChangedLines | undefined> | undefined;
  private trackedFiles: Promise<ReadonlySet<string>> | undefined;
  private topDirectory: Promise<string | undefined> | undefined;
  private readonly lineEndChecks = new Map<string, Promise<boolean>>();

  constructor(
    private readonly requestedRange: string | undefined,
    private readonly change: Change,
    private readonly repository: Repository,
    private readonly root: string,
  ) {}

  getRange(): Promise<CommitRange | undefined> {
    return resolveRange(this.requestedRange, this.change, this.repository);
  }

  /** Undefined where everything is new. */
  getChanges(): Promise<ChangedLines | undefined> {
    this.changedLines ??= this.getRange().then((range) =>
      range === undefined ? undefined : this.repository.getChangesSince(range.base),
    );
    return this.changedLines;
  }

  /** Whether git tells by their numbers which lines of a file have changed. */
  async hasReliableLines(file: string): Promise<boolean> {
    if (!(await this.isTracked(file))) return false;
    if ((await this.getChanges())?.has(file) !== true) return true;
    const isAlike = this.lineEndChecks.get(file) ?? hasGitLineEnds(join(this.root, file));
    this.lineEndChecks.set(file, isAlike);
    return isAlike;
  }

  /** Whether people may see a file: one that no commit has may hold what an earlier step left, credentials too. */
  async isVisible(file: string): Promise<boolean> {
    this.topDirectory ??= this.repository.getTopDirectory();
    return (await this.topDirectory) === undefined || this.isTracked(file);
  }

  /** Whether a commit has a file as the checkout has it: of a merge that was tried, lines may have moved. */
  async matchesCommit(commit: string, file: string): Promise<boolean> {
    const [objectInCommit, objectInHead] = await Promise.all(
      [commit, 'HEAD'].map((each) => this.repository.getObjectId(each, `./${file}`)),
    );
    return objectInCommit !== undefined && objectInCommit === objectInHead;
  }

  /** Where the base has what is at a place now; without lines where they are new, or git cannot tell. */
  async toBaseLocation({ file, startLine, endLine = startLine }: FileLocation): Promise<FileLocation> {
    const changes = await this.getChanges();
    if (startLine === undefined || changes === undefined || !(await this.hasReliableLines(file))) return { file };
    const [first, last] = mapToBaseLines(changes, file, [startLine, endLine ?? startLine]) ?? [];
    return first === undefined || last === undefined ? { file } : { file, startLine: first, endLine: last };
  }

  /** Whether git knows a file by its name; what is not tracked, or a link, has a history that tells nothing. */
  async isTracked(file: string): Promise<boolean> {
    this.trackedFiles ??= listTrackedFiles(this.repository);
    return (await this.trackedFiles).has(file);
  }
}
