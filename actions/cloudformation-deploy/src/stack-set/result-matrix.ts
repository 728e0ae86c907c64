import type { Log } from '@aws-delivery/action-kit/host/log';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { StackSetOperationResultSummary } from '@aws-sdk/client-cloudformation';

/** Result of an operation in one account and Region. */
export interface CellResult {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  readonly reason: string;
  /** Result of the account gate function. */
  readonly gate: string;
}

const FINAL_STATUSES: readonly string[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

const toResult = (summary: StackSetOperationResultSummary): CellResult => ({
  account: summary.Account ?? '',
  region: summary.Region ?? '',
  status: summary.Status ?? 'PENDING',
  reason: summary.StatusReason ?? '',
  gate: summary.AccountGateResult?.Status === 'FAILED' ? 'FAILED' : '',
});

/** `3 SUCCEEDED, 1 FAILED`. */
const formatCounts = (results: readonly CellResult[]): string =>
  [...groupBy(results, ({ status }) => status)].map(([status, own]) => `${own.length} ${status}`).join(', ');

/** The results of an operation by account and Region. */
export class ResultMatrix {
  private readonly byCell = new Map<string, CellResult>();

  constructor(private readonly log: Log) {}

  get results(): readonly CellResult[] {
    return [...this.byCell.values()];
  }

  /** Whether every result is final. */
  get isComplete(): boolean {
    return this.results.every(({ status }) => FINAL_STATUSES.includes(status));
  }

  /** Logs changed states. Returns whether there are any. */
  update(summaries: readonly StackSetOperationResultSummary[]): boolean {
    let isChanged = false;
    for (const result of summaries.map(toResult)) {
      const key = `${result.account}/${result.region}`;
      const before = this.byCell.get(key)?.status;
      // A stale list does not replace a final result.
      if (before !== undefined && FINAL_STATUSES.includes(before) && before !== result.status) continue;
      this.byCell.set(key, result);
      if (before === result.status) continue;
      isChanged = true;
      if (before !== undefined || result.status !== 'PENDING') this.logResult(result);
    }
    if (isChanged) this.log.info(formatCounts(this.results));
    return isChanged;
  }

  private logResult({ account, region, status, reason }: CellResult): void {
    this.log.info(`${status.padEnd(9)} ${account} ${region}${reason === '' ? '' : `: ${reason}`}`);
  }
}
