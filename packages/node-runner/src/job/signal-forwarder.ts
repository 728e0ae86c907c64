import type { Job } from './job.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** 128 plus the number of the signal, as in shells. */
const EXIT_CODES: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}

/**
 * Forwards signals to a job. The first signal cancels the job as GitHub does: posts still run, without interruption.
 * Each further signal kills a running main at once. A running post is killed only by the second signal that arrives
 * while posts run: hosts send SIGTERM some seconds after SIGINT, when a post may already be working.
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

  /** The exit code for an interrupted process; undefined without a signal. */
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
