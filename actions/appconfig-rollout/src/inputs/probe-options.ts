import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';

/** A URL and its expected HTTP status. */
export interface UrlProbe {
  /** May contain `{tenant}` and `{environment}`. */
  readonly url: string;
  readonly status: number;
}

/** Probes that run while a deployment is in progress. */
export interface ProbeOptions {
  readonly urlProbes: readonly UrlProbe[];
  /** Names or ARNs. */
  readonly alarms: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** Consecutive failures after which a deployment is stopped. */
  readonly failureThreshold: number;
}

const PROBE_PATTERN = /^(https?:\/\/\S+?)(?:\s+(\d{3}))?$/;

const parseUrlProbe = (line: string): UrlProbe => {
  const [, url, status = '200'] = PROBE_PATTERN.exec(line) ?? [];
  if (url !== undefined) return { url, status: Number(status) };
  throw new DeliveryError(
    'invalid-input',
    `input 'probe': '${line}' is not valid: expected a URL and an optional HTTP status, for example https://example.com/health 200`,
  );
};

export const parseProbeOptions = (inputs: Inputs): ProbeOptions => ({
  urlProbes: inputs.probe.map(parseUrlProbe),
  alarms: inputs['probe-alarms'],
  interval: inputs['probe-interval'] * 1000,
  failureThreshold: inputs['probe-failures'],
});
