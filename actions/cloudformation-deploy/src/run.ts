import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../action.js';
import { parseRequest } from './inputs/parse-request.js';
import { handleAbort } from './recovery/abort.js';
import { RecoveryHistory } from './recovery/recovery-history.js';
import { formatRepeatedStep } from './recovery/rejection-messages.js';
import { readStackSnapshot } from './recovery/stack-snapshot.js';
import { runStep } from './recovery/steps.js';
import { updateComment } from './report/pr-comment.js';
import { formatHeadline } from './report/verdict.js';
import type { Outcome, Result } from './result.js';
import { createContext, type RunContext } from './run-context.js';
import { RunRecord } from './run-record.js';
import type { Services } from './services.js';
import { formatAmbiguousNames, maskOutputs } from './stack/stack-outputs.js';

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

/** Brings the stack to the state that the inputs request, and reports the result in the log and a comment. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const { host, comments, workspace } = services;
  const request = parseRequest(inputs, workspace);
  const record = new RunRecord();
  const outcome = await createContext(request, services, record)
    .then(reconcileOrAbort)
    .catch((error: unknown): Outcome => ({ kind: 'unknown', error }));
  const result = { request, record, outcome };
  maskOutputs(record.stack, request.reportOptions, host.mask);
  const warning = formatAmbiguousNames(record.stack);
  if (warning !== undefined) host.log.warning(warning);
  host.log.info(formatHeadline(result));
  await updateComment(result, { host, comments, region: await services.getRegion() });
  return result;
};
