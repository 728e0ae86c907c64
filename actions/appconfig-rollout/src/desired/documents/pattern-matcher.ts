import { Worker } from 'node:worker_threads';

/** Whether a text matches a pattern; `unknown` if that takes too long. Throws SyntaxError for an invalid pattern. */
export type PatternResult = 'match' | 'no-match' | 'unknown';

const TIME_LIMIT_MS = 1000;
const START_LIMIT_MS = 15_000;

const [IDLE, MATCH, NO_MATCH] = [0, 1, 2];

// The worker is plain text, so that it needs no file of its own in the bundle.
const WORKER_SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const state = new Int32Array(workerData);
const finish = (result) => { Atomics.store(state, 0, result); Atomics.notify(state, 0); };
parentPort.on('message', ({ pattern, flags, text }) => {
  finish(new RegExp(pattern, flags).test(text) ? ${MATCH} : ${NO_MATCH});
});
finish(${MATCH});
`;

// At most one repetition, option or alternative, and none of a group: matching takes at most quadratic time. Twenty
// options (`a?a?…`) or alternatives (`(a|a)(a|a)…`) in a row would already take very long.
const isSafe = (pattern: string): boolean => {
  const choices = pattern.replace(/\\./g, '').match(/[*+?{|]/g) ?? [];
  return choices.length <= 1 && !/\)[*+{?]/.test(pattern) && !/\\[1-9k]/.test(pattern);
};

const SAFE_TEXT_LENGTH = 4096;

/**
 * Matches patterns of users in a worker thread with a time limit. The calling thread waits, because JSON Schema
 * validators are synchronous.
 */
export class PatternMatcher {
  private worker: Worker | undefined;
  private state = new Int32Array(new SharedArrayBuffer(4));
  private readonly slowPatterns = new Set<string>();

  constructor(private readonly timeLimitMs = TIME_LIMIT_MS) {}

  /** Patterns that were too slow to match. */
  get unknownPatterns(): readonly string[] {
    return [...this.slowPatterns];
  }

  match(pattern: string, text: string, flags = ''): PatternResult {
    if (this.slowPatterns.has(pattern)) return 'unknown';
    if (isSafe(pattern) && text.length <= SAFE_TEXT_LENGTH)
      return new RegExp(pattern, flags).test(text) ? 'match' : 'no-match';
    const worker = this.worker ?? this.start();
    Atomics.store(this.state, 0, IDLE);
    worker.postMessage({ pattern, flags, text });
    if (Atomics.wait(this.state, 0, IDLE, this.timeLimitMs) === 'timed-out') {
      this.slowPatterns.add(pattern);
      this.close();
      return 'unknown';
    }
    return Atomics.load(this.state, 0) === MATCH ? 'match' : 'no-match';
  }

  /** Ends the worker; a later match starts another one. */
  close(): void {
    void this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): Worker {
    this.state = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(WORKER_SOURCE, { eval: true, workerData: this.state.buffer });
    worker.unref();
    Atomics.wait(this.state, 0, IDLE, START_LIMIT_MS);
    this.worker = worker;
    return worker;
  }
}
