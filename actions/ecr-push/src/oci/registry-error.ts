import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import type { Incoming } from './exchange.js';

const MOST_ERROR_BYTES = 64 * 1024;

/** What a registry says is wrong (OCI distribution specification, "error codes"). */
export interface RegistryFault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** An answer that is no success, as an error that keeps the registry's own words. */
export class RegistryError extends DeliveryError {
  constructor(
    code: DeliveryErrorCode,
    message: string,
    readonly fault: RegistryFault,
    /** Milliseconds the registry asks to wait. */
    readonly pause: number | undefined,
  ) {
    super(code, message);
  }
}

const faultIn = (status: number, bytes: Buffer): RegistryFault => {
  const text = bytes.toString('utf8');
  try {
    const document: unknown = JSON.parse(text);
    const errors = isMapping(document) && Array.isArray(document['errors']) ? document['errors'] : [];
    const [first] = errors.filter(isMapping);
    const { code, message } = first ?? {};
    if (first !== undefined) return { status, code: String(code ?? ''), message: singleLine(String(message ?? '')) };
  } catch {
    // Proxies and gateways answer in HTML.
  }
  return { status, code: '', message: singleLine(text, 200) };
};

// ECR words an old token so (aws-facts §5.3), ECR Public with status 400.
const EXPIRED = /token has expired|no basic auth credentials|reauthenticate/iu;

const codeOf = ({ status, code, message }: RegistryFault): DeliveryErrorCode => {
  if (status === 429 || code === 'TOOMANYREQUESTS' || /rate exceeded/iu.test(message)) return 'throttled';
  if (status === 401 || EXPIRED.test(message)) return 'expired';
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 408 || (status >= 500 && status !== 501)) return 'unavailable';
  return 'refused';
};

const pauseIn = ({ headers }: Incoming): number | undefined => {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

/** Reads what a registry has against `what`. */
export const registryError = async (incoming: Incoming, what: string): Promise<RegistryError> => {
  const fault = faultIn(incoming.status, await incoming.bytes(MOST_ERROR_BYTES).catch(() => Buffer.alloc(0)));
  const said = [fault.code, fault.message].filter((part) => part !== '').join(': ');
  const text = `${what}: the registry answered ${fault.status}${said === '' ? '' : ` (${said})`}`;
  return new RegistryError(codeOf(fault), text, fault, pauseIn(incoming));
};

/** Whether the error is the registry's, with this status or code. */
export const isFault = (error: unknown, ...signs: readonly (string | number)[]): error is RegistryError =>
  error instanceof RegistryError && signs.some((sign) => sign === error.fault.code || sign === error.fault.status);
