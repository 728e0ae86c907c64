import type { HealthInputs } from '../action.js';
import { decide } from './decision/verdict.js';
import { loadIgnoreEntries } from './inputs/ignore-entries.js';
import { parseRequest } from './inputs/parse-request.js';
import { warnAboutInputs } from './inputs/warnings.js';
import { writeDecisionRecord } from './report/decision-record.js';
import { renderSummary } from './report/summary.js';
import { type RecordedResult, type Result, readRunIdentity } from './result.js';
import { addDerivedServices, findAffectedServices } from './scope/affected-services.js';
import type { Services } from './services.js';
import { watchBlockers } from './wait/watch-blockers.js';

/** Checks for blockers, waits for their end with `on-event: wait`, decides, and writes the decision record. */
export const run = async (inputs: HealthInputs, services: Services): Promise<RecordedResult> => {
  const { clock, env, log } = services.host;
  const parsedRequest = parseRequest(inputs, env);
  const startedAt = clock.now();
  warnAboutInputs(parsedRequest, services.host);
  const ignore = await loadIgnoreEntries(parsedRequest, services);
  const deploymentScope = await findAffectedServices(parsedRequest, services);
  const request = addDerivedServices(
    { ...parsedRequest, criteria: { ...parsedRequest.criteria, ignore } },
    deploymentScope,
  );
  const { waitResult, intervals, unusedEntries } = await watchBlockers({
    request,
    deploymentScope,
    services,
    startedAt,
  });
  const decision = decide(waitResult, request);
  log.info(`Verdict: ${decision.verdict}, ${decision.reason}`);
  const result: Result = {
    request,
    deploymentScope,
    startedAt,
    endedAt: clock.now(),
    waitResult,
    decision,
    intervals,
    unusedEntries,
    run: readRunIdentity(env),
  };
  const isClear = decision.verdict === 'passed' && waitResult.lastObservation.blockers.length === 0;
  await services.updateComment(request, renderSummary(result), isClear);
  return { ...result, writtenEvidenceFile: await writeDecisionRecord(result, services) };
};
