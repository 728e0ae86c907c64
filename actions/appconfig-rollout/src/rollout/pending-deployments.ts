import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { EnvironmentRef } from '../appconfig/deployments.js';

/** A deployment that was about to begin, or has begun. */
export interface PendingDeployment extends EnvironmentRef {
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  /** The number it has if it has begun: the one after the latest, by the lock it was started with. */
  readonly number: number;
  /** Its description, unlike any other's. */
  readonly description: string;
}

/** What the post step does about them. */
export interface PostStepOptions {
  readonly region: string;
  readonly policy: 'stop' | 'revert' | 'leave';
}

const OPTIONS_KEY = 'pending-deployments';
const formatStateKey = (index: number): string => `pending-deployments-${index}`;

type StateStore = Pick<Host, 'saveState'>;

/**
 * Tells the post step which deployments this run has begun, before it begins them. Each environment has a slot of its
 * own, so that a run of many environments does not write all of them anew each time.
 */
export class PendingDeployments {
  private entryCount = 0;

  constructor(
    private readonly host: StateStore,
    private readonly options: PostStepOptions,
  ) {}

  /** A slot for one environment. */
  createEntry(): StateEntry {
    this.entryCount += 1;
    this.save();
    return new StateEntry(this.host, formatStateKey(this.entryCount - 1));
  }

  /** The run has come to its own end: there is nothing left to do. */
  clear(): void {
    this.host.saveState(OPTIONS_KEY, '');
  }

  private save(): void {
    this.host.saveState(OPTIONS_KEY, JSON.stringify({ ...this.options, entryCount: this.entryCount }));
  }
}

/** The deployments of one environment in this run, oldest first. */
export class StateEntry {
  private readonly deployments: PendingDeployment[] = [];

  constructor(
    private readonly host: StateStore,
    private readonly name: string,
  ) {}

  /** Saves that a deployment is about to begin; one that was refused under the same description gives way. */
  savePending(deployment: PendingDeployment): void {
    const last = this.deployments.at(-1);
    if (last?.description === deployment.description) this.deployments.pop();
    this.deployments.push(deployment);
    this.host.saveState(this.name, JSON.stringify(this.deployments));
  }
}

const isPendingDeployment = (value: unknown): value is PendingDeployment =>
  isRecord(value) &&
  ['applicationId', 'environmentId', 'name', 'description'].every((key) => typeof value[key] === 'string') &&
  typeof value['number'] === 'number';

const createUnreadableStateError = (): DeliveryError =>
  new DeliveryError('unexpected', 'the state that the main step saved cannot be read');

const readEntry = (host: Pick<Host, 'readState'>, index: number): readonly PendingDeployment[] => {
  const json = host.readState(formatStateKey(index));
  const value: unknown = json === undefined || json === '' ? [] : JSON.parse(json);
  if (Array.isArray(value) && value.every(isPendingDeployment)) return value;
  throw createUnreadableStateError();
};

/** What the main step left behind; undefined when it came to its own end. */
export const readPendingDeployments = (
  host: Pick<Host, 'readState'>,
): { readonly options: PostStepOptions; readonly deployments: readonly PendingDeployment[] } | undefined => {
  const json = host.readState(OPTIONS_KEY);
  if (json === undefined || json === '') return undefined;
  const value: unknown = JSON.parse(json);
  if (!isRecord(value)) throw createUnreadableStateError();
  const { region, policy, entryCount } = value;
  const isPolicy = policy === 'stop' || policy === 'revert' || policy === 'leave';
  if (typeof region !== 'string' || !isPolicy || typeof entryCount !== 'number') throw createUnreadableStateError();
  const deployments = Array.from({ length: entryCount }, (_, index) => readEntry(host, index)).flat();
  return { options: { region, policy }, deployments };
};
