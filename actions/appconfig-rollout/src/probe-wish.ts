import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Inputs } from '../action.js';

/** An address and the status it must answer. */
export interface AddressProbe {
  /** May hold `{tenant}` and `{environment}`. */
  readonly url: string;
  readonly status: number;
}

/** What must be well while a deployment grows and bakes. */
export interface ProbeWish {
  readonly addresses: readonly AddressProbe[];
  /** Names or ARNs. */
  readonly alarms: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** Failed looks in a row. */
  readonly failures: number;
}

const PROBE = /^(https?:\/\/\S+?)(?:\s+(\d{3}))?$/;

const addressIn = (line: string): AddressProbe => {
  const [, url, status = '200'] = PROBE.exec(line) ?? [];
  if (url !== undefined) return { url, status: Number(status) };
  throw new DeliveryError(
    'invalid-input',
    `input 'probe': '${line}' is not an address and a status: write https://example.com/health 200`,
  );
};

export const probeWishOf = (inputs: Inputs): ProbeWish => ({
  addresses: inputs.probe.map(addressIn),
  alarms: inputs['probe-alarms'],
  interval: inputs['probe-interval'] * 1000,
  failures: inputs['probe-failures'],
});
