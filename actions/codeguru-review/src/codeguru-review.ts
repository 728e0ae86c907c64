import type { Action } from '@aws-delivery/action-kit/run';
import type { definition } from '../action.js';
import { report } from './report.js';
import type { Recorded } from './result.js';
import { run } from './run.js';
import { createServices, type Services } from './services.js';

/** The action. */
export const codeguruReview = (): Action<typeof definition, Services, Recorded> => ({
  services: createServices,
  run,
  report,
});
