import type { Host } from '@aws-delivery/action-kit/host/host';
import { createLog } from '@aws-delivery/action-kit/host/log';
import { createRedactor } from '@aws-delivery/action-kit/host/redactor';
import { systemClock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import type { RenewalState } from './renewal-state.js';

/** Where a credential process writes lines for people; its standard output belongs to the SDK that called it. */
export type Print = (line: string) => void;

const discard = (): void => {};

/**
 * A host for a credential process, which runs in the middle of some other step: it says what has to be said on standard
 * error, and has no step to set outputs of. The variables are the step's own, but for inputs, which the recipe has.
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
