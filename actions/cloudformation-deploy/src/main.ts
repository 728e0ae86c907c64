import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';

/** Entry of the main step. */
export const main = (): Promise<void> => runAction(definition, createAction());
