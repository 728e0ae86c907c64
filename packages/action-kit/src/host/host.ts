import { existsSync } from 'node:fs';
import * as core from '@actions/core';
import { type Clock, systemClock } from '../util/clock.js';
import type { Env } from '../util/env.js';
import { toLogLines } from '../util/sanitize.js';
import { listenForCancel } from './cancellation.js';
import { createLog, type Log } from './log.js';
import { createRedactor, type Redactor } from './redactor.js';

/** The CI an action runs in, as far as an action may know it. */
export interface Host {
  readonly env: Env;
  readonly log: Log;
  readonly clock: Clock;
  /** Knows every masked value; for whatever leaves other than by log and summary. */
  readonly redactor: Redactor;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Hides a value in the log from now on, and makes the redactor know it. An empty value is ignored. */
  mask(secret: string): void;
  setOutput(name: string, value: string): void;
  /** Sets an environment variable for this process and for later steps. */
  exportVariable(name: string, value: string): void;
  /** Hands a text to the post step, which runs even when this process is killed right after the call. */
  saveState(name: string, value: string): void;
  /** What the main step saved; `undefined` when it saved nothing. */
  readState(name: string): string | undefined;
  /** Adds Markdown to the job summary; where the host has none, it goes to the log. */
  writeSummary(markdown: string): Promise<void>;
  /** Fails the step, with a text. */
  fail(message: string): void;
}

/** Parts of a host that a caller may replace. */
export interface HostOptions {
  readonly clock?: Clock;
}

/** GitHub's runner, and everything that speaks its contract (act, the node runner). */
export const createGitHubHost = ({ clock = systemClock }: HostOptions = {}): Host => {
  const redactor = createRedactor();
  const log = createLog(core);
  return {
    env: process.env,
    log,
    clock,
    redactor,
    signal: listenForCancel(process).signal,
    mask: (secret) => {
      if (secret.trim() === '') return;
      core.setSecret(secret);
      redactor.add(secret);
    },
    setOutput: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    saveState: (name, value) => core.saveState(name, value),
    readState: (name) => core.getState(name) || undefined,
    writeSummary: (markdown) => writeSummary(markdown, log),
    fail: (message) => core.setFailed(toLogLines(message).join('\n')),
  };
};

const writeSummary = async (markdown: string, log: Log): Promise<void> => {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file !== undefined && existsSync(file)) {
    await core.summary.addRaw(markdown, true).write();
    return;
  }
  await log.group('Summary', async () => log.info(markdown));
};
