import { systemClock } from '@aws-delivery/action-kit/clock';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { createLog } from '@aws-delivery/action-kit/log';
import { createRedactor } from '@aws-delivery/action-kit/redact';
import type { Recipe } from './recipe.js';

/** Where a credential process writes lines for people; its standard output belongs to the SDK that called it. */
export type Print = (line: string) => void;

const nothing = (): void => {};

/**
 * A host for a credential process, which runs in the middle of some other step: it says what has to be said on standard
 * error, and has no step to set outputs of. The variables are the step's own, but for inputs, which the recipe has.
 */
export const processHost = (variables: Variables, recipe: Recipe, print: Print): Host => {
  const own = Object.entries(variables).filter(([name]) => !name.startsWith('INPUT_'));
  const log = createLog({
    info: nothing,
    debug: nothing,
    notice: print,
    warning: print,
    error: print,
    startGroup: nothing,
    endGroup: nothing,
  });
  return {
    variables: { ...Object.fromEntries(own), ...recipe },
    log,
    clock: systemClock,
    redactor: createRedactor(),
    signal: new AbortController().signal,
    mask: nothing,
    setOutput: nothing,
    exportVariable: nothing,
    saveState: nothing,
    readState: () => undefined,
    writeSummary: () => Promise.resolve(),
    fail: print,
  };
};
