import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { isMapping } from '@aws-delivery/action-kit/parse';
import type { Interruption } from './request.js';

/** A change set of this run. */
export interface Leftover {
  /** Name or ARN. */
  readonly stack: string;
  readonly changeSet: string;
  /** Whether the stack exists only for this change set. */
  readonly isOnlyReviewed: boolean;
}

/** What is unfinished when a run is killed. */
export type Unfinished =
  | {
      readonly kind: 'operation';
      /** ARN. */
      readonly stack: string;
      /** Of the operation that was about to start, or under way. */
      readonly token: string;
      /** What is left over if it did not start. */
      readonly leftover: Leftover | undefined;
    }
  | { readonly kind: 'change-set'; readonly leftover: Leftover };

/** What the post step gets to know. */
export interface Saved {
  readonly unfinished: Unfinished;
  readonly region: string;
  readonly policy: Interruption;
  readonly roleArn: string | undefined;
}

const STATE = 'unfinished';

export interface InterruptionOptions {
  readonly host: Pick<Host, 'saveState'>;
  readonly region: string;
  readonly policy: Interruption;
  readonly roleArn: string | undefined;
}

/** Tells the post step what there is to clean up, before there is anything to clean up. */
export class Interruptions {
  private expected: Unfinished | undefined;

  constructor(private readonly options: InterruptionOptions) {}

  /** What would be unfinished if the run ended now. */
  get unfinished(): Unfinished | undefined {
    return this.expected;
  }

  /** Saves what would be unfinished if this process were killed from now on. */
  expect(unfinished: Unfinished): void {
    const { host, region, policy, roleArn } = this.options;
    this.expected = unfinished;
    host.saveState(STATE, JSON.stringify({ unfinished, region, policy, roleArn } satisfies Saved));
  }

  /** Nothing is unfinished any more. */
  settle(): void {
    this.expected = undefined;
    this.options.host.saveState(STATE, '');
  }
}

const isLeftover = (value: unknown): value is Leftover =>
  isMapping(value) &&
  typeof value['stack'] === 'string' &&
  typeof value['changeSet'] === 'string' &&
  typeof value['isOnlyReviewed'] === 'boolean';

const isUnfinished = (value: unknown): value is Unfinished => {
  if (!isMapping(value)) return false;
  const { kind, stack, token, leftover } = value;
  if (kind === 'change-set') return isLeftover(leftover);
  const isNamed = typeof stack === 'string' && typeof token === 'string';
  return kind === 'operation' && isNamed && (leftover === undefined || isLeftover(leftover));
};

const isSaved = (value: unknown): value is Saved =>
  isMapping(value) &&
  isUnfinished(value['unfinished']) &&
  typeof value['region'] === 'string' &&
  ['leave', 'cancel-update', 'rollback'].includes(String(value['policy']));

/** What the main step left unfinished; undefined when it came to its own end. */
export const savedIn = (host: Pick<Host, 'readState'>): Saved | undefined => {
  const text = host.readState(STATE);
  if (text === undefined || text === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (isSaved(value)) return value;
  throw new DeliveryError('unexpected', 'the state that the main step saved cannot be read');
};
