import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { DeploymentRef } from '../appconfig/deployments.js';

/**
 * A deployment that started or was about to. Its number is known before: StartDeployment is locked on the latest
 * deployment of the environment, so that it can only be the next one.
 */
export interface PendingDeployment extends DeploymentRef {
  /** Unique: tells whether the deployment of this number is the one of this run. */
  readonly description: string;
}

/** Region of the deployments, and `on-cancel`. */
export interface PostStepOptions {
  readonly region: string;
  readonly policy: 'stop' | 'revert' | 'leave';
}

const OPTIONS_KEY = 'pending-deployments';
const formatStateKey = (index: number): string => `pending-deployments-${index}`;

type StateStore = Pick<Host, 'saveState'>;

/**
 * Saves the deployments of a run for the post step before they start. Each environment has its own key of the state, so
 * that a start does not rewrite the deployments of all others.
 */
export class PendingDeployments {
  private entryCount = 0;

  constructor(
    private readonly host: StateStore,
    private readonly options: PostStepOptions,
  ) {}

  createEntry(): StateEntry {
    this.entryCount += 1;
    this.save();
    return new StateEntry(this.host, formatStateKey(this.entryCount - 1));
  }

  /** Marks the run as ended: the post step has nothing to do. */
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

  /** Saves a deployment; it replaces an earlier attempt to start it, which has the same description. */
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
  new DeliveryError('unexpected', 'cannot read the state that the main step saved');

const readEntry = (host: Pick<Host, 'readState'>, index: number): readonly PendingDeployment[] => {
  const json = host.readState(formatStateKey(index));
  const value: unknown = json === undefined || json === '' ? [] : JSON.parse(json);
  if (Array.isArray(value) && value.every(isPendingDeployment)) return value;
  throw createUnreadableStateError();
};

/** Reads what an interrupted main step saved; undefined if the main step ended. Throws `unexpected` for other state. */
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
