import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { definition } from '../action.js';
import { buildReport } from './report/report.js';
import type { RecordedResult } from './result.js';
import { run } from './run.js';
import { createServices, type ServiceOverrides, type Services } from './services.js';

/** The action; tests override the configuration of its AWS clients and the DNS lookup. */
export const createAction = (overrides?: ServiceOverrides): Action<typeof definition, Services, RecordedResult> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrides),
  getTimeLimit: (inputs) => inputs.timeout * 1000,
  run,
  report: buildReport,
});
