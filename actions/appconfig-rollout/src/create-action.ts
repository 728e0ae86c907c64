import { formatJobSubject, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Action } from '@aws-delivery/action-kit/host/run-action';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { Definition, Inputs } from '../action.js';
import { buildReport } from './report/report.js';
import { renderSummary } from './report/summary.js';
import { formatHeadline, getVerdict, hasChanges } from './report/verdict.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';

/** What tells the reports of a job apart: the source of the configurations. */
const getReportParts = ({ tree, application, environment, profile }: Inputs): readonly string[] =>
  [tree, application, environment, profile].filter((part) => part !== undefined);

const updateComment = async (inputs: Inputs, result: Result, { host, comments }: Services): Promise<void> => {
  const { env } = host;
  const comment = {
    mode: inputs.comment,
    name: createReportName({ action: 'appconfig-rollout', inputs, env, subject: getReportParts(inputs) }),
    previousSubject: formatJobSubject('appconfig-rollout', env),
    body: renderSummary(result, getVerdict(result)).markdown,
    isEmpty: !hasChanges(result),
  };
  await publishComment(comments, comment, host);
};

/** Creates the action; `overrideConfig` changes the configuration of its AWS clients. */
export const createAction = (overrideConfig?: ConfigOverride): Action<Definition, Services, Result> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  getTimeLimit: ({ timeout }) => (timeout === undefined ? undefined : timeout * 1000),
  run: async (inputs, services) => {
    const result = await run(inputs, services);
    services.host.log.info(formatHeadline(result));
    await updateComment(inputs, result, services);
    return result;
  },
  report: buildReport,
});
