import type { Action } from '@aws-delivery/action-kit/run';
import type { definition } from '../action.js';
import { report } from './report.js';
import type { Recorded } from './result.js';
import { run } from './run.js';
import { createServices, type Services, type Tuning } from './services.js';

/** The action. `tune` changes the settings of its AWS clients. */
export const codeguruReview = (tune?: Tuning): Action<typeof definition, Services, Recorded> => ({
  services: (inputs, host) => createServices(inputs, host, tune),
  run,
  report,
});
