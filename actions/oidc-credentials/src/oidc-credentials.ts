import type { Action } from '@aws-delivery/action-kit/run';
import type { definition } from '../action.js';
import type { ProcessFiles } from './credential-process.js';
import { report } from './report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { connect, type Services } from './services.js';

/** The action, given where its credential process lies. */
export const oidcCredentials = (files: ProcessFiles): Action<typeof definition, Services, Result> => ({
  services: (inputs, host) => ({ ...connect(inputs, host), files }),
  run,
  report,
});
