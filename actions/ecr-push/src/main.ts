import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';

/** The main step. */
export const main = (): Promise<void> => runAction(definition, createAction());
