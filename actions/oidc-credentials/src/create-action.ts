import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { definition } from '../action.js';
import type { ProcessFiles } from './export/process-command.js';
import { buildReport } from './report/report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';

/** The action; `processFiles` locates its credential process. */
export const createAction = (processFiles: ProcessFiles): Action<typeof definition, Services, Result> => ({
  createServices: (inputs, host) => ({ ...createServices(inputs, host), processFiles }),
  getTimeLimit: (inputs) => (inputs.timeout === 0 ? undefined : inputs.timeout * 1000),
  run,
  report: buildReport,
});
