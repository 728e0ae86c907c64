import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';

/** Holds the job while AWS is in trouble where it is about to deploy. */
export const main = (): Promise<void> => runAction(definition, createAction());
