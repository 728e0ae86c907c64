import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Change } from '@aws-delivery/findings/change';
import { type ChangedLines, linesBefore } from '@aws-delivery/findings/diff';
import type { Repository } from '@aws-delivery/findings/git';
import type { Location } from '@aws-delivery/findings/ignore';
import { DEEP } from '@aws-delivery/findings/policy-file';

/** Two commits between which code changed. */
export interface CommitRange {
  readonly base: string;
  readonly head: string;
}

const GONE = "the commit is in no clone: after a force push compare with a 'baseline', or give a 'commit-range'";

/** The hash of a revision that must be there. */
const known = async (revision: string, what: string, repository: Repository): Promise<string> => {
  const commit = await repository.commit(revision);
  if (commit !== undefined) return commit;
  const shallow = await repository.isShallow();
  throw new DeliveryError('missing', `${what} '${revision}' is not in this checkout: ${shallow ? DEEP : GONE}`);
};

/** `HEAD^:HEAD`, as the AWS CodeGuru CLI takes it. */
const givenRange = async (text: string, repository: Repository): Promise<CommitRange> => {
  const [base = '', head = ''] = text.split(':');
  return {
    base: await known(base, "the first commit of 'commit-range'", repository),
    head: await known(head, "the second commit of 'commit-range'", repository),
  };
};

/** Of a checkout that is not the pull request's: what it says is said of other code. */
export const foreignText = (head: string): string =>
  `the checkout does not have the pull request's head ${head}: give actions/checkout 'ref: \${{ github.event.pull_request.head.sha }}', and run none of its code where there are secrets`;

const pullRequestRange = async (
  change: Change & { kind: 'pull-request' },
  repository: Repository,
): Promise<CommitRange> => {
  const base = await known(change.base, "the pull request's base commit", repository);
  const head = await known(change.head, "the pull request's head commit", repository);
  if ((await repository.includes(head)) === false) throw new DeliveryError('refused', foreignText(head));
  const parting = await repository.mergeBase(base, 'HEAD');
  if (parting !== undefined) return { base: parting, head };
  throw new DeliveryError('missing', `commits ${base} and ${head} have no history in common here: ${DEEP}`);
};

const pushRange = async (
  change: Change & { kind: 'push' },
  repository: Repository,
): Promise<CommitRange | undefined> => {
  const head = await known(change.after, "the push's last commit", repository);
  if (change.before === undefined) return undefined;
  const base = await repository.commit(change.before);
  if (base !== undefined) return { base, head };
  // After a force push nothing leads to the commit before any more, and no depth fetches it.
  if (!(await repository.isShallow())) return undefined;
  return { base: await known(change.before, "the push's commit before", repository), head };
};

/**
 * What changed, of which commits: as asked for, or as the event says. Undefined where everything is new: at the first
 * push of a branch, after a force push, and on events that are about no change.
 * @throws DeliveryError `missing` where the clone is too shallow to tell
 */
export const rangeOf = async (
  given: string | undefined,
  change: Change,
  repository: Repository,
): Promise<CommitRange | undefined> => {
  if (given !== undefined) return givenRange(given, repository);
  if (change.kind === 'pull-request') return pullRequestRange(change, repository);
  return change.kind === 'push' ? pushRange(change, repository) : undefined;
};

/** Scanners end lines at these, git does not: behind one of them the two count differently. */
const ODD_LINE_END = /\r(?!\n)|[\v\f\u0085\u2028\u2029]/u;

const LARGEST_FILE = 16 * 1024 * 1024;

/** Whether a scanner's lines of a file are git's. */
const countsAlike = async (path: string): Promise<boolean> => {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || status.size > LARGEST_FILE) return false;
  return !ODD_LINE_END.test(await readFile(path, 'utf8'));
};

const filesIn = async (repository: Repository): Promise<ReadonlySet<string>> => {
  const tracked = await repository.tracked('folder');
  return new Set(tracked.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])));
};

/** What is asked about the history more than once in a run. */
export class History {
  private asked: Promise<ChangedLines | undefined> | undefined;
  private tracked: Promise<ReadonlySet<string>> | undefined;
  private top: Promise<string | undefined> | undefined;
  private readonly alike = new Map<string, Promise<boolean>>();

  constructor(
    private readonly given: string | undefined,
    private readonly change: Change,
    private readonly repository: Repository,
    private readonly root: string,
  ) {}

  range(): Promise<CommitRange | undefined> {
    return rangeOf(this.given, this.change, this.repository);
  }

  /** Undefined where everything is new. */
  changes(): Promise<ChangedLines | undefined> {
    this.asked ??= this.range().then((range) =>
      range === undefined ? undefined : this.repository.changedSince(range.base),
    );
    return this.asked;
  }

  /** Whether git tells by their numbers which lines of a file have changed. */
  async hasLines(file: string): Promise<boolean> {
    if (!(await this.isTracked(file))) return false;
    if ((await this.changes())?.has(file) !== true) return true;
    const known = this.alike.get(file) ?? countsAlike(join(this.root, file));
    this.alike.set(file, known);
    return known;
  }

  /** Whether people may see a file: one that no commit has may hold what an earlier step left, credentials too. */
  async isShown(file: string): Promise<boolean> {
    this.top ??= this.repository.top();
    return (await this.top) === undefined || this.isTracked(file);
  }

  /** Whether a commit has a file as the checkout has it: of a merge that was tried, lines may have moved. */
  async isAsIn(commit: string, file: string): Promise<boolean> {
    const [there, here] = await Promise.all(
      [commit, 'HEAD'].map((each) => this.repository.objectAt(each, `./${file}`)),
    );
    return there !== undefined && there === here;
  }

  /** Where the base has what is at a place now; without lines where they are new, or git cannot tell. */
  async placeBefore({ file, startLine, endLine = startLine }: Location): Promise<Location> {
    const changes = await this.changes();
    if (startLine === undefined || changes === undefined || !(await this.hasLines(file))) return { file };
    const [first, last] = linesBefore(changes, file, [startLine, endLine ?? startLine]) ?? [];
    return first === undefined || last === undefined ? { file } : { file, startLine: first, endLine: last };
  }

  /** Whether git knows a file by its name; what is not tracked, or a link, has a history that tells nothing. */
  async isTracked(file: string): Promise<boolean> {
    this.tracked ??= filesIn(this.repository);
    return (await this.tracked).has(file);
  }
}
