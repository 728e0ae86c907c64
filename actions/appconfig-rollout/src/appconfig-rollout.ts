import type { Action } from '@aws-delivery/action-kit/run';
import { jobSubject, keepRunComment } from '@aws-delivery/action-kit/run-comment';
import type { Definition } from '../action.js';
import { report } from './report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services, type Tuning } from './services.js';
import { summaryOf } from './summary.js';
import { headlineOf, verdictOf } from './verdict.js';

const commentOn = async (result: Result, { host, comments }: Services): Promise<void> => {
  if (result.request.comment === 'none') return;
  const subject = jobSubject('appconfig-rollout', host.variables);
  await keepRunComment(comments, { subject, body: summaryOf(result, verdictOf(result)).markdown }, host);
};

/** The action. `tune` changes the settings of its AWS clients. */
export const appconfigRollout = (tune?: Tuning): Action<Definition, Services, Result> => ({
  services: (inputs, host) => createServices(inputs, host, tune),
  run: async (inputs, services) => {
    const result = await run(inputs, services);
    services.host.log.info(headlineOf(result));
    await commentOn(result, services);
    return result;
  },
  report,
});
