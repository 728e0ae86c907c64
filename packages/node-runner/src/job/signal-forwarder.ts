import type { Job } from './job.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** The exit codes by which a shell knows these signals. */
const EXIT_CODES: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** What sends signals: `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}

/**
 * Passes signals on to a job. The first cancels it, as GitHub cancels: posts still run, and they are not disturbed.
 * Every further one ends main at once; a post from the second on that comes while posts run, since hosts send SIGTERM
 * some seconds after SIGINT, when main may be gone and a post may be in the middle of its work.
 */
export class SignalForwarder implements Disposable {
  private readonly job: Job;
  private readonly source: SignalSource;
  private readonly listeners: readonly (readonly [Signal, () => void])[];
  private firstSignal: Signal | undefined;
  private wasSignalledDuringPost = false;

  constructor(job: Job, source: SignalSource) {
    this.job = job;
    this.source = source;
    this.listeners = SIGNALS.map((signal) => [signal, () => this.handleSignal(signal)]);
    for (const [signal, listener] of this.listeners) source.on(signal, listener);
  }

  /** What the process has to exit with because it was interrupted. */
  get exitCode(): number | undefined {
    return this.firstSignal && EXIT_CODES[this.firstSignal];
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.listeners) this.source.off(signal, listener);
  }

  private handleSignal(signal: Signal): void {
    const isPost = this.job.stage === 'post';
    if (this.firstSignal === undefined) this.job.cancel();
    else if (!isPost || this.wasSignalledDuringPost) this.job.kill();
    this.firstSignal ??= signal;
    this.wasSignalledDuringPost ||= isPost;
  }
}
