import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { isMapping } from '@aws-delivery/action-kit/parse';
import type { Place } from './deployment.js';

/** A deployment that was about to begin, or has begun. */
export interface Flight extends Place {
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  /** The number it has if it has begun: the one after the latest, by the lock it was started with. */
  readonly number: number;
  /** Its description, unlike any other's. */
  readonly description: string;
}

/** What the post step does about them. */
export interface FlightTerms {
  readonly region: string;
  readonly policy: 'stop' | 'revert' | 'leave';
}

const TERMS = 'flights';
const slotName = (slot: number): string => `flight-${slot}`;

type State = Pick<Host, 'saveState'>;

/**
 * Tells the post step which deployments this run has begun, before it begins them. Each environment has a slot of its
 * own, so that a run of many environments does not write all of them anew each time.
 */
export class Flights {
  private slots = 0;

  constructor(
    private readonly host: State,
    private readonly terms: FlightTerms,
  ) {}

  /** A slot for one environment. */
  open(): FlightSlot {
    this.slots += 1;
    this.save();
    return new FlightSlot(this.host, slotName(this.slots - 1));
  }

  /** The run has come to its own end: there is nothing left to do. */
  settle(): void {
    this.host.saveState(TERMS, '');
  }

  private save(): void {
    this.host.saveState(TERMS, JSON.stringify({ ...this.terms, slots: this.slots }));
  }
}

/** The deployments of one environment in this run, oldest first. */
export class FlightSlot {
  private readonly begun: Flight[] = [];

  constructor(
    private readonly host: State,
    private readonly name: string,
  ) {}

  /** Saves that a deployment is about to begin; one that was refused under the same description gives way. */
  expect(flight: Flight): void {
    const last = this.begun.at(-1);
    if (last?.description === flight.description) this.begun.pop();
    this.begun.push(flight);
    this.host.saveState(this.name, JSON.stringify(this.begun));
  }
}

const isFlight = (value: unknown): value is Flight =>
  isMapping(value) &&
  ['applicationId', 'environmentId', 'name', 'description'].every((key) => typeof value[key] === 'string') &&
  typeof value['number'] === 'number';

const unreadable = (): DeliveryError =>
  new DeliveryError('unexpected', 'the state that the main step saved cannot be read');

const slotIn = (host: Pick<Host, 'readState'>, slot: number): readonly Flight[] => {
  const text = host.readState(slotName(slot));
  const value: unknown = text === undefined || text === '' ? [] : JSON.parse(text);
  if (Array.isArray(value) && value.every(isFlight)) return value;
  throw unreadable();
};

/** What the main step left behind; undefined when it came to its own end. */
export const flightsIn = (
  host: Pick<Host, 'readState'>,
): { readonly terms: FlightTerms; readonly flights: readonly Flight[] } | undefined => {
  const text = host.readState(TERMS);
  if (text === undefined || text === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (!isMapping(value)) throw unreadable();
  const { region, policy, slots } = value;
  const isPolicy = policy === 'stop' || policy === 'revert' || policy === 'leave';
  if (typeof region !== 'string' || !isPolicy || typeof slots !== 'number') throw unreadable();
  const flights = Array.from({ length: slots }, (_, slot) => slotIn(host, slot)).flat();
  return { terms: { region, policy }, flights };
};
