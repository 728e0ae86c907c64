import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { ecrPush } from '../ecr-push.js';

/** Pushes what is not there yet. */
export const main = (): Promise<void> => runAction(definition, ecrPush());
