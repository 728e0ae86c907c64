import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { createAction } from '../codeguru-review.js';

/** Fails a job on the findings that matter. */
export const main = (): Promise<void> => runAction(definition, createAction());
