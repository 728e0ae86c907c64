import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { createAction } from '../ecr-push.js';

/** Pushes what is not there yet. */
export const main = (): Promise<void> => runAction(definition, createAction());
