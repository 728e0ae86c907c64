import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';

/** An address and the status it must answer. */
export interface UrlProbe {
  /** May hold `{tenant}` and `{environment}`. */
  readonly url: string;
  readonly status: number;
}

/** What must be well while a deployment grows and bakes. */
export interface ProbeOptions {
  readonly urlProbes: readonly UrlProbe[];
  /** Names or ARNs. */
  readonly alarms: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** Failed looks in a row. */
  readonly failureThreshold: number;
}

const PROBE_PATTERN = /^(https?:\/\/\S+?)(?:\s+(\d{3}))?$/;

const parseUrlProbe = (line: string): UrlProbe => {
  const [, url, status = '200'] = PROBE_PATTERN.exec(line) ?? [];
  if (url !== undefined) return { url, status: Number(status) };
  throw new DeliveryError(
    'invalid-input',
    `input 'probe': '${line}' is not an address and a status: write https://example.com/health 200`,
  );
};

export const parseProbeOptions = (inputs: Inputs): ProbeOptions => ({
  urlProbes: inputs.probe.map(parseUrlProbe),
  alarms: inputs['probe-alarms'],
  interval: inputs['probe-interval'] * 1000,
  failureThreshold: inputs['probe-failures'],
});
