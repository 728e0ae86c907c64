import type { Host } from '../host/host.js';
import { createRedactor } from '../host/redactor.js';
import type { Clock } from '../util/clock.js';
import type { Env } from '../util/env.js';
import { createFakeLog, type FakeLog } from './fake-log.js';
import { VirtualClock } from './virtual-clock.js';

export interface FakeHostOptions {
  readonly env?: Env;
  /** Inputs by their declared names, turned into `INPUT_*` variables. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** State saved by a main step, for tests of a post step. */
  readonly state?: Readonly<Record<string, string>>;
}

/** A host for tests that records all calls. */
export interface FakeHost extends Host {
  readonly recorded: {
    readonly log: FakeLog;
    readonly masked: readonly string[];
    readonly outputs: Readonly<Record<string, string>>;
    readonly exported: Readonly<Record<string, string>>;
    readonly state: Readonly<Record<string, string>>;
    readonly summary: () => string;
    /** Messages of `fail`; empty when the step passed. */
    readonly failures: readonly string[];
  };
}

export const createFakeHost = (options: FakeHostOptions = {}): FakeHost => {
  const [log, redactor] = [createFakeLog(), createRedactor()];
  const [masked, failures, summaries]: [string[], string[], string[]] = [[], [], []];
  const [outputs, exported]: [Record<string, string>, Record<string, string>] = [{}, {}];
  const state: Record<string, string> = { ...options.state };
  const inputs = Object.entries(options.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return {
    env: { ...options.env, ...Object.fromEntries(inputs) },
    log: log.log,
    clock: options.clock ?? new VirtualClock(),
    redactor,
    signal: options.signal ?? new AbortController().signal,
    mask: (secret) => {
      masked.push(secret);
      redactor.add(secret);
    },
    setOutput: (name, value) => {
      outputs[name] = value;
    },
    exportVariable: (name, value) => {
      exported[name] = value;
    },
    saveState: (name, value) => {
      state[name] = value;
    },
    readState: (name) => state[name],
    writeSummary: async (markdown) => {
      summaries.push(markdown);
    },
    fail: (message) => {
      failures.push(message);
    },
    recorded: { log, masked, outputs, exported, state, summary: () => summaries.join('\n'), failures },
  };
};
