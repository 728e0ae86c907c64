import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { createAction } from '../health-gate.js';

/** Holds the job while AWS is in trouble where it is about to deploy. */
export const main = (): Promise<void> => runAction(definition, createAction());
