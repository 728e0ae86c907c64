import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { HttpResponse } from './transport.js';

const MAX_ERROR_BYTES = 64 * 1024;

/** What a registry says is wrong (OCI distribution specification, "error codes"). */
export interface RegistryErrorDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** An answer that is no success, as an error that keeps the registry's own words. */
export class RegistryError extends DeliveryError {
  constructor(
    code: DeliveryErrorCode,
    message: string,
    readonly details: RegistryErrorDetails,
    /** Milliseconds the registry asks to wait. */
    readonly retryAfterMs: number | undefined,
  ) {
    super(code, message);
  }
}

const parseErrorDetails = (status: number, bytes: Buffer): RegistryErrorDetails => {
  const body = bytes.toString('utf8');
  try {
    const document: unknown = JSON.parse(body);
    const errors = isRecord(document) && Array.isArray(document['errors']) ? document['errors'] : [];
    const [first] = errors.filter(isRecord);
    const { code, message } = first ?? {};
    if (first !== undefined) return { status, code: String(code ?? ''), message: toSingleLine(String(message ?? '')) };
  } catch {
    // Proxies and gateways answer in HTML.
  }
  return { status, code: '', message: toSingleLine(body, 200) };
};

// ECR words an old token so (docs/aws-facts.md §5.3), ECR Public with status 400.
const EXPIRED_TOKEN = /token has expired|no basic auth credentials|reauthenticate/iu;

const getErrorCode = ({ status, code, message }: RegistryErrorDetails): DeliveryErrorCode => {
  if (status === 429 || code === 'TOOMANYREQUESTS' || /rate exceeded/iu.test(message)) return 'throttled';
  if (status === 401 || EXPIRED_TOKEN.test(message)) return 'expired';
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 408 || (status >= 500 && status !== 501)) return 'unavailable';
  return 'rejected';
};

const parseRetryAfter = ({ headers }: HttpResponse): number | undefined => {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

/** Reads what a registry has against `what`. */
export const createRegistryError = async (response: HttpResponse, label: string): Promise<RegistryError> => {
  const details = parseErrorDetails(
    response.status,
    await response.readBytes(MAX_ERROR_BYTES).catch(() => Buffer.alloc(0)),
  );
  const description = [details.code, details.message].filter((part) => part !== '').join(': ');
  const message = `${label}: the registry answered ${details.status}${description === '' ? '' : ` (${description})`}`;
  return new RegistryError(getErrorCode(details), message, details, parseRetryAfter(response));
};

/** Whether the error is the registry's, with this status or code. */
export const hasRegistryErrorCode = (error: unknown, ...codes: readonly (string | number)[]): error is RegistryError =>
  error instanceof RegistryError && codes.some((code) => code === error.details.code || code === error.details.status);
