import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { isMapping } from '@aws-delivery/action-kit/parse';
import type { Interruption } from './request.js';

/** What the post step has to know of a run that was killed. */
export interface Unfinished {
  readonly region: string;
  /** Name or ARN. */
  readonly stack: string;
  /** Token of the operation that was about to start; absent while there is only a change set. */
  readonly token?: string;
  /** A change set to delete. */
  readonly changeSet?: string;
  /** Whether the stack exists only for that change set. */
  readonly isOnlyReviewed?: boolean;
  readonly policy: Interruption;
}

const STATE = 'unfinished';

/** Tells the post step what to clean up, before there is anything to clean up. */
export interface Interruptions {
  /** Saves what would be unfinished if this process were killed from now on. */
  expect(unfinished: Omit<Unfinished, 'region' | 'policy'>): void;
  /** Nothing is unfinished any more. */
  settle(): void;
}

export interface InterruptionOptions {
  readonly host: Pick<Host, 'saveState'>;
  readonly region: string;
  readonly policy: Interruption;
}

export const createInterruptions = ({ host, region, policy }: InterruptionOptions): Interruptions => ({
  expect: (unfinished) => host.saveState(STATE, JSON.stringify({ ...unfinished, region, policy })),
  settle: () => host.saveState(STATE, ''),
});

const isUnfinished = (value: unknown): value is Unfinished =>
  isMapping(value) &&
  typeof value['region'] === 'string' &&
  typeof value['stack'] === 'string' &&
  ['leave', 'cancel-update', 'rollback'].includes(String(value['policy']));

/** What the main step left unfinished; undefined when it came to its own end. */
export const unfinishedIn = (host: Pick<Host, 'readState'>): Unfinished | undefined => {
  const text = host.readState(STATE);
  if (text === undefined || text === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (isUnfinished(value)) return value;
  throw new DeliveryError('unexpected', 'the state that the main step saved cannot be read');
};
