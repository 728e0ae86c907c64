import { stat } from 'node:fs/promises';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { readChange } from '@aws-delivery/findings/change/read-change';
import { decide } from '@aws-delivery/findings/gate-decision';
import type { ReviewInputs } from '../action.js';
import { openCheckout } from './checkout.js';
import { ChangeHistory } from './gate/change-history.js';
import { evaluateFindings } from './gate/evaluate-findings.js';
import { readPolicy } from './gate/policy.js';
import { findUnusedExceptions } from './gate/unused-exceptions.js';
import { parseRequest } from './inputs/parse-request.js';
import { getCodeHost } from './report/code-link.js';
import type { Result, ResultWithFiles } from './result.js';
import type { Services } from './services.js';
import { findCheckoutErrors, querySources } from './sources/query-sources.js';

const assertRootDirectory = async (root: string): Promise<void> => {
  const status = await stat(root).catch(() => undefined);
  if (status?.isDirectory() === true) return;
  const hint = 'add a checkout step before this one, or correct the path';
  throw new DeliveryError('not-found', `input 'root-directory': directory '${root}' not found: ${hint}`);
};

const FIRST_BUILD_NOTICE =
  "'commit-range' has no first commit, as on the first build of a branch: all code is reviewed";

/** Queries the sources, evaluates their findings under the policy, decides on the verdict, and publishes the report. */
export const run = async (inputs: ReviewInputs, services: Services): Promise<ResultWithFiles> => {
  const { host } = services;
  const { clock, log, env } = host;
  const startedAt = clock.now();
  const request = parseRequest(inputs, env);
  await assertRootDirectory(request.root);
  const change = await readChange(env);
  const checkout = await openCheckout(request, services.openRepository);
  const history = new ChangeHistory(request.range, change, checkout);
  if (request.range?.startsWith(':') === true) log.notice(FIRST_BUILD_NOTICE);
  const policy = await readPolicy(request, change, { checkout, log, now: clock.now() });
  const context = { request, change, checkout, history };
  const sourceResults = await querySources(context, services);
  const findings = sourceResults.flatMap((source) => source.findings);
  const { evaluatedFindings, newCount, ignoreUsage } = await evaluateFindings(findings, { ...context, policy, host });
  const errors = [...sourceResults.flatMap((source) => source.errors), ...(await findCheckoutErrors(context, log))];
  const decision = decide(evaluatedFindings, errors, request);
  log.info(`Verdict: ${decision.verdict}, ${decision.reason}`);
  const result: Result = {
    request,
    change,
    sourceResults,
    evaluatedFindings,
    decision,
    isComplete: errors.length === 0,
    newCount,
    unusedExceptions: findUnusedExceptions(ignoreUsage, { ...context, errors }),
    codeHost: getCodeHost(change, env, checkout.prefix),
    repository: env['GITHUB_REPOSITORY'],
    startedAt,
    endedAt: clock.now(),
  };
  await services.publish(result, history);
  return { ...result, files: await services.writeReportFiles(result) };
};
