import { existsSync } from 'node:fs';
import * as core from '@actions/core';
import { type Clock, systemClock } from '../util/clock.js';
import type { Env } from '../util/env.js';
import { sanitizeLog } from '../util/sanitize.js';
import { listenForCancel } from './cancellation.js';
import { assertWritable, listMaskedValues } from './command-value.js';
import { createLog, type Log } from './log.js';
import { createRedactor, type Redactor } from './redactor.js';

/** The CI host that an action runs on. */
export interface Host {
  readonly env: Env;
  readonly log: Log;
  readonly clock: Clock;
  /** Redacts masked values from output other than the log, such as comments and files. */
  readonly redactor: Redactor;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Masks a value and each of its lines in the log, and adds it to the redactor. Blank values are ignored. */
  mask(secret: string): void;
  /** @throws DeliveryError `rejected` for an invalid name */
  setOutput(name: string, value: string): void;
  /**
   * Sets an environment variable for this process and for later steps.
   * @throws DeliveryError `rejected` for an invalid name or value
   */
  exportVariable(name: string, value: string): void;
  /** Saves a value for the post step; synchronous, so that it survives a kill right after the call. */
  saveState(name: string, value: string): void;
  /** A value saved by the main step; undefined when absent or empty. */
  readState(name: string): string | undefined;
  /** Appends Markdown to the job summary, or to the log on hosts without a summary. */
  writeSummary(markdown: string): Promise<void>;
  /** Fails the step with a message. */
  fail(message: string): void;
}

export interface HostOptions {
  readonly clock?: Clock;
}

/** GitHub's runner and compatible ones (act, the node runner). */
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
      for (const value of listMaskedValues(secret)) core.setSecret(value);
      if (secret.trim() !== '') redactor.add(secret);
    },
    setOutput: (name, value) => {
      assertWritable('output', name, value);
      core.setOutput(name, value);
    },
    exportVariable: (name, value) => {
      assertWritable('environment variable', name, value);
      core.exportVariable(name, value);
    },
    saveState: (name, value) => {
      assertWritable('state', name, value);
      core.saveState(name, value);
    },
    readState: (name) => core.getState(name) || undefined,
    writeSummary: (markdown) => writeSummary(markdown, log),
    fail: (message) => core.setFailed(sanitizeLog(message)),
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
