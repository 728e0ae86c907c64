import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { createAction } from '../appconfig-rollout.js';

/** Rolls configuration out, or does what else the inputs ask for. */
export const main = (): Promise<void> => runAction(definition, createAction());
