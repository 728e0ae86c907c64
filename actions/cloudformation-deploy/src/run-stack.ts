import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Request } from './inputs/request.js';
import { handleAbort } from './recovery/abort.js';
import { RecoveryHistory } from './recovery/recovery-history.js';
import { formatRepeatedStep } from './recovery/rejection-messages.js';
import { readStackSnapshot } from './recovery/stack-snapshot.js';
import { runStep } from './recovery/steps.js';
import type { Outcome, Result } from './result.js';
import { createContext, type RunContext } from './run-context.js';
import { RunRecord } from './run-record.js';
import type { Services } from './services.js';
import { maskOutputs } from './stack/stack-outputs.js';

const CONFLICT_RETRY_DELAY_MS = 2000;

/** Reads the stack and runs the next step of the recovery table until the run has an outcome. */
const reconcileStack = async (context: RunContext): Promise<Outcome> => {
  const { record, request, waitContext, log } = context;
  const history = new RecoveryHistory();
  for (;;) {
    const snapshot = await readStackSnapshot(context);
    record.stack = snapshot.stack;
    if (history.wasTried(snapshot))
      return { kind: 'rejected', reason: formatRepeatedStep(snapshot.step, snapshot.stack, request.stackName) };
    const result = await runStep(context, snapshot, { rollbackRequired: history.rollbackRequired });
    if (result.kind === 'continue') {
      history.recordStep(snapshot, record);
    } else if (result.kind === 'conflict') {
      history.recordConflict(result);
      log.info(`Stack changed concurrently, reading it again: ${errorMessage(result.error)}`);
      await waitContext.clock.sleep(CONFLICT_RETRY_DELAY_MS, waitContext.signal);
    } else {
      return result;
    }
  }
};

/** The state for the post step is cleared only here: before, a preserved failure may still be retried or rolled back. */
const reconcileOrAbort = async (context: RunContext): Promise<Outcome> => {
  try {
    const outcome = await reconcileStack(context);
    context.postState.clear();
    return outcome;
  } catch (error) {
    return handleAbort(context, error);
  }
};

/** Brings one stack to the state that the request describes. Errors become the outcome `unknown`. */
export const runStack = async (request: Request, services: Services): Promise<Result> => {
  const record = new RunRecord();
  const outcome = await createContext(request, services, record)
    .then(reconcileOrAbort)
    .catch((error: unknown): Outcome => ({ kind: 'unknown', error }));
  maskOutputs(record.stack, request.reportOptions, services.host.mask);
  return { kind: 'stack', request, record, outcome };
};
