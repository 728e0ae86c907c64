import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { createAction } from '../cloudformation-deploy.js';

/** Does to a stack what the inputs ask for. */
export const main = (): Promise<void> => runAction(definition, createAction());
