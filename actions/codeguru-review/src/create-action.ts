import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { definition } from '../action.js';
import { getReportParts } from './inputs/parse-request.js';
import { report } from './report/report.js';
import type { ResultWithFiles } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';

/** Creates the action; `overrideConfig` changes the configuration of its AWS clients. */
export const createAction = (
  overrideConfig?: ConfigOverride,
): Action<typeof definition, Services, ResultWithFiles> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  getTimeLimit: ({ timeout }) => timeout * 1000,
  run,
  report,
  getReportParts,
});
