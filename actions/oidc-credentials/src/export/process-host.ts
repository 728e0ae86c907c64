import type { Host } from '@aws-delivery/action-kit/host/host';
import { createLog } from '@aws-delivery/action-kit/host/log';
import { createRedactor } from '@aws-delivery/action-kit/host/redactor';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import type { RenewalState } from './renewal-state.js';

/** Prints messages of the credential process to standard error; the SDK reads its standard output. */
export type Print = (line: string) => void;

const discard = (): void => {};

/**
 * Host of a credential process, which an SDK starts within another step: it prints warnings and errors and discards
 * outputs. Its environment is that of the step, with the inputs of the renewal state in place of the step's own.
 */
export const createProcessHost = (env: Env, renewalState: RenewalState, print: Print): Host => {
  const stepEnv = Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'));
  const log = createLog({
    info: discard,
    debug: discard,
    notice: print,
    warning: print,
    error: print,
    startGroup: discard,
    endGroup: discard,
  });
  return {
    env: { ...Object.fromEntries(stepEnv), ...renewalState },
    log,
    clock: systemClock,
    redactor: createRedactor(),
    signal: new AbortController().signal,
    mask: discard,
    setOutput: discard,
    exportVariable: discard,
    saveState: discard,
    readState: () => undefined,
    writeSummary: () => Promise.resolve(),
    fail: print,
  };
};
