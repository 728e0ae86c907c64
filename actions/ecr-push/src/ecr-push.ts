import type { Action } from '@aws-delivery/action-kit/run';
import type { Definition } from '../action.js';
import { report } from './report.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { createServices, type Services, type Tuning } from './services.js';

/** The action. `tune` changes the settings of its AWS clients. */
export const ecrPush = (tune?: Tuning): Action<Definition, Services, Result> => ({
  services: (inputs, host) => createServices(inputs, host, tune),
  run,
  report,
});
