import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { Definition } from '../action.js';
import { report } from './report/report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';
import type { StacksResult } from './stacks/stacks-result.js';

/** @param overrideConfig changes the settings of the AWS clients, for tests */
export const createAction = (overrideConfig?: ConfigOverride): Action<Definition, Services, Result | StacksResult> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  getTimeLimit: (inputs) => inputs.timeout * 1000,
  run,
  report: async (result) =>
    result.kind === 'stacks' ? (await import('./stacks/report-stacks.js')).reportStacks(result) : report(result),
});
