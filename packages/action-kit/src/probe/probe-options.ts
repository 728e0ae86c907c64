import { duration, integer, lines } from '../inputs/definition.js';
import { createInputError } from '../util/error.js';

/** A URL and the response that it must give. */
export interface UrlProbe {
  /** May contain `{tenant}` and `{environment}`. */
  readonly url: string;
  readonly status: number;
  /** Expected value of a field of the JSON body. */
  readonly field: { readonly path: string; readonly value: string } | undefined;
}

/** Probes of a running system. */
export interface ProbeOptions {
  readonly urlProbes: readonly UrlProbe[];
  /** Names or ARNs of CloudWatch alarms. */
  readonly alarms: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** Consecutive failures after which the system counts as failed. */
  readonly failureThreshold: number;
}

interface ProbeInputTexts {
  readonly group: string;
  /** When the URLs are requested, and which placeholders they may contain. */
  readonly help: string;
  /** The consequence of consecutive failures. */
  readonly failuresHelp: string;
}

/** The inputs `probe`, `probe-interval` and `probe-failures`. */
export const createProbeInputs = ({ group, help, failuresHelp }: ProbeInputTexts) => ({
  probe: lines({
    group,
    default: [],
    help: `${help} One URL per line, with the expected HTTP status (default 200) and optionally the expected value of a field of the JSON response, such as \`https://example.com/health 200 database.status=up\`.`,
  }),
  'probe-interval': duration({ group, default: 15, help: 'Time between two probes.' }),
  'probe-failures': integer({ min: 1, max: 100 })({
    group,
    default: 2,
    help: `${failuresHelp} A probe without a response is a failed probe.`,
  }),
});

const parseField = (condition: string): UrlProbe['field'] | undefined => {
  const separator = condition.indexOf('=');
  return separator > 0
    ? { path: condition.slice(0, separator).trim(), value: condition.slice(separator + 1).trim() }
    : undefined;
};

const parseUrlProbe = (line: string): UrlProbe => {
  const [url = '', ...conditions] = line.split(/\s+/);
  const hasStatus = /^\d{3}$/.test(conditions[0] ?? '');
  const rest = conditions.slice(hasStatus ? 1 : 0).join(' ');
  const field = parseField(rest);
  if (/^https?:\/\/./.test(url) && (rest === '' || field !== undefined))
    return { url, status: hasStatus ? Number(conditions[0]) : 200, field };
  throw createInputError(
    `input 'probe': '${line}' is not valid: expected a URL, an optional HTTP status and an optional field, for example https://example.com/health 200 status=ok`,
  );
};

export interface ProbeInputs {
  readonly probe: readonly string[];
  readonly 'probe-interval': number;
  readonly 'probe-failures': number;
}

/** Parses the inputs of `createProbeInputs`. Throws DeliveryError `invalid-input` for an invalid line. */
export const parseProbeOptions = (inputs: ProbeInputs, alarms: readonly string[]): ProbeOptions => ({
  urlProbes: inputs.probe.map(parseUrlProbe),
  alarms,
  interval: inputs['probe-interval'] * 1000,
  failureThreshold: inputs['probe-failures'],
});
