import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';

/** Main step: fails on findings at or above the threshold. */
export const main = (): Promise<void> => runAction(definition, createAction());
