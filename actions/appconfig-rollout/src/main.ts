import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';

/** Rolls configuration out, or does what else the inputs ask for. */
export const main = (): Promise<void> => runAction(definition, createAction());
