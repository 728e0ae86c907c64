import type { Action, Report } from '@aws-delivery/action-kit/host/run-action';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { Definition } from '../action.js';
import { report } from './report/report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';
import type { StackSetResult } from './stack-set/result.js';
import type { StacksResult } from './stacks/stacks-result.js';

type AnyResult = Result | StacksResult | StackSetResult;

/** Reports of several stacks and of stack sets are loaded only when they are used. */
const reportResult = async (result: AnyResult): Promise<Report<Definition>> => {
  if (result.kind === 'stack-set') return (await import('./stack-set/report-stack-set.js')).reportStackSet(result);
  return result.kind === 'stacks' ? (await import('./stacks/report-stacks.js')).reportStacks(result) : report(result);
};

/** @param overrideConfig changes the settings of the AWS clients, for tests */
export const createAction = (overrideConfig?: ConfigOverride): Action<Definition, Services, AnyResult> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  getTimeLimit: (inputs) => inputs.timeout * 1000,
  run,
  report: reportResult,
});
