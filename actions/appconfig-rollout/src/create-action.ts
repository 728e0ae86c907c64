import { formatJobSubject, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { Definition } from '../action.js';
import { buildReport } from './report/report.js';
import { renderSummary } from './report/summary.js';
import { formatHeadline, getVerdict } from './report/verdict.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';

const updateComment = async (result: Result, { host, comments }: Services): Promise<void> => {
  if (result.request.comment === 'none') return;
  const subject = formatJobSubject('appconfig-rollout', host.env);
  await publishComment(comments, { subject, body: renderSummary(result, getVerdict(result)).markdown }, host);
};

/** Creates the action; `overrideConfig` changes the configuration of its AWS clients. */
export const createAction = (overrideConfig?: ConfigOverride): Action<Definition, Services, Result> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  getTimeLimit: ({ timeout }) => (timeout === undefined ? undefined : timeout * 1000),
  run: async (inputs, services) => {
    const result = await run(inputs, services);
    services.host.log.info(formatHeadline(result));
    await updateComment(result, services);
    return result;
  },
  report: buildReport,
});
